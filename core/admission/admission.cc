#include "core/admission/admission.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/admission/closing.h"
#include "core/admission/corrections.h"
#include "core/admission/decision_builder.h"
#include "core/admission/erasure.h"
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
  Decider(const v1::Entry& entry, Needed& needed, const Facts& facts,
          bool recorded)
      : decision_(entry, needed, facts, recorded),
        needed_(needed),
        event_(entry.event()),
        subject_(needed.subject),
        subject_fact_(decision_.subject_fact()) {}

  absl::StatusOr<Decision> Decide() {
    if (!IsVouchedFor()) {
      CheckRegistered();
      CheckProjects();
    }
    CheckFigures();
    const bool is_late = DecidePeriod(decision_);
    DecidePayload();
    DecideReplacement(decision_);
    if (!decision_.refused()) RETURN_IF_ERROR(MakePosting(is_late));
    return decision_.Finish();
  }

 private:
  // See Needed::VisitVouchedKeys.
  bool IsVouchedFor() const {
    return !needed_.bucket_keys.empty() &&
           std::all_of(needed_.bucket_keys.begin(), needed_.bucket_keys.end(),
                       [this](const std::string& key) {
                         return decision_.Find<internal::BucketFact>(key) !=
                                nullptr;
                       });
  }

  void CheckRegistered() {
    // A ledger is there from its genesis on.
    if (event_.has_department_registered() || event_.has_key_rotated()) return;
    const auto* const fact = decision_.Find<internal::SubjectFact>(
        SubjectKey(subject_.DepartmentString()));
    if (fact == nullptr || !fact->registered()) {
      return decision_.Refuse(
          {.code = absl::StatusCode::kNotFound,
           .field = "subject",
           .value = event_.subject(),
           .message =
               absl::StrCat(subject_.DepartmentString(), " is not registered"),
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
    if (needed_.projects.empty()) return;
    std::set<std::string> seen;
    for (const NamedProject& project : NamedProjects(event_)) {
      if (!seen.insert(project.key).second) continue;
      if (decision_.Find<internal::ProjectFact>(ProjectKey(
              subject_.DepartmentString(), project.key)) != nullptr) {
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
    if (needed_.figures.empty()) return;
    const auto* const opened =
        decision_.Find<internal::OpenedFact>(needed_.opened_key);
    const Form* const form =
        opened == nullptr ? nullptr : Form::Find(opened->form());
    if (form == nullptr) return;
    for (const NamedFigure& figure : needed_.figures) {
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
      case v1::Event::kPersonalDataErased:
        return DecideErasure(decision_);
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
    for (const MoneyFact& fact : needed_.money) {
      decision_.AddAbsolute(fact.fen);
    }
  }

  void DecideOpened() {
    const v1::ReportOpened& opened = event_.report_opened();
    const auto* const before =
        decision_.Find<internal::OpenedFact>(needed_.opened_key);
    if (before != nullptr && before->book_source() != opened.book_source()) {
      return decision_.Refuse(
          {.code = absl::StatusCode::kFailedPrecondition,
           .field = "report_opened.book_source",
           .value = opened.book_source(),
           .message = absl::StrCat("the report's book source is ",
                                   before->book_source()),
           .remedy = "keep the book source; it can not change within "
                     "a report"});
    }
    if (!subject_fact_.registered()) {
      subject_fact_.set_opened_position(decision_.position().value());
    }
    subject_fact_.set_registered(true);
    internal::OpenedFact fact;
    fact.set_book_source(opened.book_source());
    fact.set_form(opened.form());
    decision_.Update(needed_.opened_key, std::move(fact));
  }

  absl::Status MakePosting(bool is_late) {
    if (event_.has_reversal()) return MakeReversal(is_late);
    const size_t moved = needed_.money.size();
    ASSIGN_OR_RETURN(Posting posting,
                     PostingOf(decision_.entry(), nullptr,
                               std::move(needed_.money), is_late));
    for (size_t i = 0; i < moved; ++i) FindBucket(needed_.bucket_keys[i]);
    if (is_late) FindLateBucket();
    if (posting.stated.has_value()) AddStatement();
    decision_.decision().posting = std::move(posting);
    return absl::OkStatus();
  }

  absl::Status MakeReversal(bool is_late) {
    ASSIGN_OR_RETURN(
        Posting posting,
        PostingOf(decision_.entry(), decision_.facts().target, is_late));
    const size_t moved = posting.money.size() - (is_late ? 1 : 0);
    for (size_t i = 0; i < moved; ++i) {
      FindBucket(BucketFactKey(event_.subject(), posting.money[i].bucket_key));
    }
    if (is_late) FindLateBucket();
    if (posting.stated.has_value()) AddStatement();
    decision_.decision().posting = std::move(posting);
    return absl::OkStatus();
  }

  // What takes back, closes or publishes: each at most once for something that
  // was taken within the limits, or by hand.
  bool IsAlwaysTaken() const {
    return event_.has_reversal() || event_.has_period_closed() ||
           event_.has_period_reopened() || event_.has_report_published() ||
           event_.has_key_rotated();
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

  // Puts the bucket with this fact among those of the decision.
  void FindBucket(const std::string& fact_key) {
    if (PlaceKnown(fact_key)) return;
    if (subject_fact_.buckets() < buckets_max || decision_.recorded()) {
      return PlaceNew(fact_key);
    }
    const v1::Line* const line = LineOfEvent(event_);
    decision_.Refuse(
        {.code = absl::StatusCode::kResourceExhausted,
         .field = decision_.payload() + ".line",
         .value = line == nullptr ? "" : line->ShortDebugString(),
         .message = absl::StrCat("the report has ", buckets_max,
                                 " different lines, as many as it may"),
         .remedy = "leave parts of the line out that no report asks for"});
  }

  // Nothing may keep a full report from being corrected.
  void FindLateBucket() {
    if (!PlaceKnown(needed_.late_key)) PlaceNew(needed_.late_key);
  }

  bool PlaceKnown(const std::string& fact_key) {
    const auto* const known = decision_.Find<internal::BucketFact>(fact_key);
    if (known == nullptr) return false;
    decision_.decision().buckets.push_back({known->number(), false});
    return true;
  }

  void PlaceNew(const std::string& fact_key) {
    internal::BucketFact fact;
    fact.set_number(subject_fact_.buckets());
    subject_fact_.set_buckets(fact.number() + 1);
    decision_.decision().buckets.push_back({fact.number(), true});
    decision_.Update(fact_key, std::move(fact));
  }

  DecisionBuilder decision_;
  Needed& needed_;
  const v1::Event& event_;
  const ResourceName& subject_;
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
  if (!target.personal_data_commitment().empty()) {
    keys.push_back(ErasedKey(Position(target.position())));
  }
  if (event.has_indicator_set()) {
    keys.push_back(IndicatorKey(event.subject(), IndicatorOf(event)));
  }
  for (const MoneyFact& fact : MoneyFactsOf(event, target.source())) {
    keys.push_back(BucketFactKey(event.subject(), fact.bucket_key));
  }
  return keys;
}

Needed Needs(const v1::Event& event, absl::string_view source) {
  Needed needed;
  needed.subject = SubjectOf(event);
  needed.subject_key = SubjectKey(event.subject());
  needed.figures = NamedFigures(event);
  VisitProjects(event, needed.figures, [&](const std::string& project) {
    needed.projects.push_back(project);
  });
  const std::string indicator = IndicatorOf(event);
  if (!indicator.empty()) {
    needed.indicator_key = IndicatorKey(event.subject(), indicator);
  }
  needed.money = MoneyFactsOf(event, source);
  for (const MoneyFact& fact : needed.money) {
    needed.bucket_keys.push_back(
        BucketFactKey(event.subject(), fact.bucket_key));
  }
  if (event.has_report_opened() || !needed.figures.empty()) {
    needed.opened_key = OpenedKey(event.subject());
  }
  if (event.has_correction()) {
    needed.late_key = BucketFactKey(event.subject(), LateBucketKey());
  }
  needed.target = TargetOf(event, source);
  if (event.has_replaces()) {
    needed.replaced = event.replaces();
    if (needed.replaced->source().empty()) {
      needed.replaced->set_source(std::string(source));
    }
  }
  return needed;
}

void Needed::VisitVouchedKeys(
    absl::FunctionRef<void(const std::string& key)> visit) const {
  if (subject.kind() == ResourceName::Kind::kLedger) return;
  const std::string department = subject.DepartmentString();
  // A department's own events have its fact already.
  if (subject.kind() == ResourceName::Kind::kReport) {
    visit(SubjectKey(department));
  }
  for (const std::string& project : projects) {
    visit(ProjectKey(department, project));
  }
}

absl::StatusOr<Decision> Decide(const v1::Entry& entry, Needed& needed,
                                const Facts& facts) {
  return Decider(entry, needed, facts, false).Decide();
}

absl::StatusOr<Decision> Derive(const v1::Entry& entry, Needed& needed,
                                const Facts& facts) {
  return Decider(entry, needed, facts, true).Decide();
}

std::optional<v1::Problem> CheckPrecondition(const v1::Event& event,
                                             LogSize expected,
                                             const Fact* subject) {
  const auto* const fact = subject == nullptr
                               ? nullptr
                               : std::get_if<internal::SubjectFact>(subject);
  if (fact == nullptr || fact->last_position() < expected.value()) {
    return std::nullopt;
  }
  return MakeProblem(
      {.code = absl::StatusCode::kAborted,
       .field = "expected_size",
       .value = absl::StrCat(expected.value()),
       .message = absl::StrCat(event.subject(), " has an entry at position ",
                               fact->last_position()),
       .remedy = "read the report again, decide again, and retry with its size",
       .retryable = true});
}

}  // namespace daybook
