#include "core/admission/admission.h"

#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/admission/closing.h"
#include "core/admission/corrections.h"
#include "core/admission/decision_builder.h"
#include "core/admission/fact_keys.h"
#include "core/admission/indicators.h"
#include "core/admission/problem.h"
#include "core/admission/references.h"
#include "core/base/status_macros.h"
#include "core/budget/figure_path.h"
#include "core/budget/form.h"
#include "core/budget/resource_name.h"
#include "daybook/internal/fact.pb.h"

namespace daybook {
namespace {

// One decision about an entry, by the rules of its payload.
class Decider {
 public:
  Decider(const v1::Entry& entry, const Facts& facts, bool recorded)
      : decision_(entry, facts, recorded),
        event_(entry.event()),
        subject_(decision_.subject()),
        payload_(decision_.payload()),
        subject_fact_(decision_.subject_fact()) {}

  absl::StatusOr<Decision> Decide() {
    CheckRegistered();
    CheckProjects();
    CheckFigures();
    const bool is_late = DecidePeriod(decision_);
    DecidePayload();
    DecideReplacement(decision_);
    if (!decision_.refused()) RETURN_IF_ERROR(MakePosting(is_late));
    return decision_.Finish();
  }

 private:
  void CheckRegistered() {
    if (event_.has_department_registered()) return;
    const std::string department = subject_.DepartmentString();
    const auto fact =
        decision_.Find<internal::SubjectFact>(SubjectKey(department));
    if (!fact.has_value() || !fact->registered()) {
      return decision_.Refuse(
          {.code = absl::StatusCode::kNotFound,
           .field = "subject",
           .value = event_.subject(),
           .message = absl::StrCat(department, " is not registered"),
           .remedy = "record its department_registered first",
           .retryable = true});
    }
    if (subject_.kind() != ResourceName::Kind::kReport ||
        event_.has_report_opened() || subject_fact_.registered()) {
      return;
    }
    decision_.Refuse({.code = absl::StatusCode::kNotFound,
                      .field = "subject",
                      .value = event_.subject(),
                      .message = "the report is not opened",
                      .remedy = "record its report_opened first",
                      .retryable = true});
  }

  void CheckProjects() {
    std::set<std::string> seen;
    for (const NamedProject& project : NamedProjects(event_)) {
      if (!seen.insert(project.key).second) continue;
      if (decision_.Find<internal::ProjectFact>(
              ProjectKey(subject_.DepartmentString(), project.key))) {
        continue;
      }
      decision_.Refuse(
          {.code = absl::StatusCode::kNotFound,
           .field = project.field,
           .value = project.key,
           .message = "the department has no such project",
           .remedy = "record its project_registered first, or use the key of "
                     "a registered one",
           .retryable = true});
    }
  }

  // Rows of the form must be rows of this report's form.
  void CheckFigures() {
    const Form* form = Form::Find(subject_fact_.form());
    if (form == nullptr) return;
    for (const NamedFigure& figure : NamedFigures(event_)) {
      if (figure.path.family != FigurePath::Family::kTopic ||
          form->FindTopicFigure(figure.path.name).has_value()) {
        continue;
      }
      decision_.Refuse(
          {.field = figure.field,
           .value = figure.path.ToString(),
           .message = absl::StrCat("the form ", form->id(), " has no such row"),
           .remedy = "use a fund's figure or a row of the form"});
    }
  }

  void DecidePayload() {
    switch (event_.payload_case()) {
      case v1::Event::kDepartmentRegistered:
        subject_fact_.set_registered(true);
        return;
      case v1::Event::kProjectRegistered:
        return decision_.Update(
            ProjectKey(event_.subject(), event_.project_registered().key()),
            internal::ProjectFact());
      case v1::Event::kReportOpened:
        return DecideOpened();
      case v1::Event::kReversal:
        return DecideReversal(decision_);
      case v1::Event::kIndicatorSet:
        return DecideIndicatorSet(decision_);
      case v1::Event::kIndicatorRevised:
        return DecideIndicatorRevised(decision_);
      case v1::Event::kIndicatorResultRecorded:
        return DecideIndicatorResult(decision_);
      case v1::Event::kIndicatorAssessed:
        return DecideIndicatorAssessed(decision_);
      case v1::Event::kPeriodClosed:
        return DecidePeriodClosed(decision_);
      case v1::Event::kPeriodReopened:
        return DecidePeriodReopened(decision_);
      case v1::Event::kReportPublished:
        return DecidePublished(decision_);
      case v1::Event::kRefundReceived:
      case v1::Event::kAdvanceCleared:
        DecideTaking(decision_);
        break;
      default:
        break;
    }
    for (const MoneyFact& fact :
         MoneyFactsOf(event_, decision_.entry().source())) {
      decision_.AddAbsolute(fact.fen, payload_ + ".amount_fen");
    }
  }

  void DecideOpened() {
    const v1::ReportOpened& opened = event_.report_opened();
    if (subject_fact_.registered() &&
        subject_fact_.book_source() != opened.book_source()) {
      return decision_.Refuse(
          {.code = absl::StatusCode::kFailedPrecondition,
           .field = "report_opened.book_source",
           .value = opened.book_source(),
           .message = absl::StrCat("the report's book source is ",
                                   subject_fact_.book_source()),
           .remedy = "keep the book source; it can not change within "
                     "a report"});
    }
    if (!subject_fact_.registered()) {
      subject_fact_.set_opened_position(decision_.position().value());
    }
    subject_fact_.set_registered(true);
    subject_fact_.set_book_source(opened.book_source());
    subject_fact_.set_form(opened.form());
  }

  absl::Status MakePosting(bool is_late) {
    const auto& target = decision_.facts().target;
    ASSIGN_OR_RETURN(
        Posting posting,
        PostingOf(decision_.entry(), target.has_value() ? &*target : nullptr,
                  is_late));
    for (const MoneyPosting& money : posting.money) FindBucket(money.bucket);
    if (posting.stated.has_value()) AddStatement();
    decision_.decision().posting = std::move(posting);
    return absl::OkStatus();
  }

  // What takes back, closes or publishes: each at most once for something that
  // was taken within the limits, or by hand.
  bool IsAlwaysTaken() const {
    return event_.has_reversal() || event_.has_period_closed() ||
           event_.has_period_reopened() || event_.has_report_published();
  }

  void AddStatement() {
    const uint64_t bytes =
        subject_fact_.statement_bytes() + event_.ByteSizeLong();
    if (!IsAlwaysTaken() && (subject_fact_.statements() >= statements_max ||
                             bytes > statement_bytes_max)) {
      return decision_.Refuse(
          {.code = absl::StatusCode::kResourceExhausted,
           .field = "subject",
           .value = event_.subject(),
           .message = absl::StrCat(
               "its entries that are not about money would be more "
               "than ",
               statements_max, " or ", statement_bytes_max, " bytes"),
           .remedy = "state values less often, and text once"});
    }
    subject_fact_.set_statements(subject_fact_.statements() + 1);
    subject_fact_.set_statement_bytes(bytes);
  }

  void FindBucket(const Bucket& bucket) {
    std::vector<PlacedBucket>& buckets = decision_.decision().buckets;
    const std::string key = BucketFactKey(event_.subject(), bucket);
    if (const auto known = decision_.Find<internal::BucketFact>(key)) {
      buckets.push_back({known->number(), false});
      return;
    }
    // Nothing may keep a full report from being corrected.
    if (subject_fact_.buckets() >= buckets_max &&
        bucket.kind != MoneyKind::kLate && !decision_.recorded()) {
      return decision_.Refuse(
          {.code = absl::StatusCode::kResourceExhausted,
           .field = payload_ + ".line",
           .value = bucket.line.ShortDebugString(),
           .message = absl::StrCat("the report has ", buckets_max,
                                   " different lines, as many as it may"),
           .remedy = "leave parts of the line out that no report asks for"});
    }
    buckets.push_back({subject_fact_.buckets(), true});
    subject_fact_.set_buckets(buckets.back().number + 1);
    internal::BucketFact fact;
    fact.set_number(buckets.back().number);
    decision_.Update(key, fact);
  }

  DecisionBuilder decision_;
  const v1::Event& event_;
  const ResourceName& subject_;
  const std::string& payload_;
  internal::SubjectFact& subject_fact_;
};

}  // namespace

std::vector<std::string> TargetKeys(const v1::Entry& target) {
  const v1::Event& event = target.event();
  std::vector<std::string> keys = {ReversedKey(Position(target.position())),
                                   TakenKey(IdentityOf(target))};
  if (const auto payment = PaymentOf(event, target.source())) {
    keys.push_back(TakenKey(*payment));
  }
  if (event.has_indicator_set()) {
    keys.push_back(IndicatorKey(event.subject(), IndicatorOf(event)));
  }
  for (const MoneyFact& fact : MoneyFactsOf(event, target.source())) {
    keys.push_back(BucketFactKey(event.subject(), fact.bucket));
  }
  return keys;
}

Needed Needs(const v1::Event& event, absl::string_view source) {
  const ResourceName subject = SubjectOf(event);
  std::set<std::string> keys = {SubjectKey(event.subject())};
  if (subject.kind() != ResourceName::Kind::kLedger) {
    keys.insert(SubjectKey(subject.DepartmentString()));
  }
  for (const NamedProject& project : NamedProjects(event)) {
    keys.insert(ProjectKey(subject.DepartmentString(), project.key));
  }
  const std::string indicator = IndicatorOf(event);
  if (!indicator.empty()) keys.insert(IndicatorKey(event.subject(), indicator));
  for (const MoneyFact& fact : MoneyFactsOf(event, source)) {
    keys.insert(BucketFactKey(event.subject(), fact.bucket));
  }
  if (event.has_correction()) {
    keys.insert(BucketFactKey(event.subject(), LateBucket()));
  }
  Needed needed;
  needed.fact_keys.assign(keys.begin(), keys.end());
  needed.target = TargetOf(event, source);
  if (event.has_replaces()) {
    needed.replaced = event.replaces();
    if (needed.replaced->source().empty()) {
      needed.replaced->set_source(std::string(source));
    }
  }
  return needed;
}

absl::StatusOr<Decision> Decide(const v1::Entry& entry, const Facts& facts) {
  return Decider(entry, facts, false).Decide();
}

absl::StatusOr<Decision> Derive(const v1::Entry& entry, const Facts& facts) {
  return Decider(entry, facts, true).Decide();
}

std::optional<v1::Problem> CheckPrecondition(const v1::Event& event,
                                             LogSize expected,
                                             const Facts& facts) {
  const auto found = facts.values.find(SubjectKey(event.subject()));
  if (found == facts.values.end()) return std::nullopt;
  internal::SubjectFact fact;
  // A fact that can not be read fails the decision that comes next.
  if (!fact.ParseFromString(found->second)) return std::nullopt;
  if (fact.last_position() < expected.value()) return std::nullopt;
  return MakeProblem(
      {.code = absl::StatusCode::kAborted,
       .field = "expected_size",
       .value = absl::StrCat(expected.value()),
       .message = absl::StrCat(event.subject(), " has an entry at position ",
                               fact.last_position()),
       .remedy = "read the report again, decide again, and retry with its size",
       .retryable = true});
}

}  // namespace daybook
