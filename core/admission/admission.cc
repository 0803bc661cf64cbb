#include "core/admission/admission.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"
#include "core/admission/problem.h"
#include "core/admission/references.h"
#include "core/base/check.h"
#include "core/base/decimal.h"
#include "core/budget/figure_path.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/form.h"
#include "core/budget/money.h"
#include "core/budget/resource_name.h"
#include "daybook/internal/fact.pb.h"

namespace daybook {
namespace {

ResourceName SubjectOf(const v1::Event& event) {
  const absl::StatusOr<ResourceName> subject =
      ResourceName::Parse(event.subject());
  DAYBOOK_CHECK(subject.ok());
  return *subject;
}

bool HasUnit(const v1::MeasuredValue& value, absl::string_view unit) {
  return value.has_quantity() && value.quantity().unit() == unit;
}

// |value| rounded up to a whole number; at most 2^63.
Int128 Magnitude(const v1::Decimal& decimal) {
  const Int128 unit = PowerOfTen(decimal.scale());
  Int128 unscaled = decimal.unscaled();
  if (unscaled < 0) unscaled = -unscaled;
  return (unscaled + unit - 1) / unit;
}

// One decision: collects problems and updates.
class Decider {
 public:
  Decider(const v1::Entry& entry, const Facts& facts)
      : entry_(entry),
        event_(entry.event()),
        facts_(facts),
        position_(entry.position()),
        subject_(SubjectOf(event_)),
        payload_(
            v1::Event::descriptor()
                ->FindFieldByNumber(static_cast<int>(event_.payload_case()))
                ->name()) {}

  Decision Decide() {
    CheckRegistered();
    CheckProjects();
    CheckFigures();
    DecidePayload();
    if (decision_.problems.empty()) MakePosting();
    if (!decision_.problems.empty()) {
      decision_.updates.clear();
      decision_.posting.reset();
      return std::move(decision_);
    }
    subject_fact_.set_last_position(position_.value());
    Update(SubjectKey(event_.subject()), subject_fact_);
    return std::move(decision_);
  }

 private:
  template <typename Fact>
  std::optional<Fact> Find(const std::string& key) const {
    const auto found = facts_.values.find(key);
    if (found == facts_.values.end()) return std::nullopt;
    Fact fact;
    DAYBOOK_CHECK(fact.ParseFromString(found->second));
    return fact;
  }

  template <typename Fact>
  void Update(std::string key, const Fact& fact) {
    decision_.updates.push_back({std::move(key), fact.SerializeAsString()});
  }

  void Refuse(ProblemText text) {
    text.field = "event." + text.field;
    decision_.problems.push_back(MakeProblem(text));
  }

  void CheckRegistered() {
    subject_fact_ = Find<internal::SubjectFact>(SubjectKey(event_.subject()))
                        .value_or(internal::SubjectFact());
    if (event_.has_department_registered()) return;
    const std::string department = subject_.DepartmentString();
    const auto fact = Find<internal::SubjectFact>(SubjectKey(department));
    if (!fact.has_value() || !fact->registered()) {
      return Refuse({.code = absl::StatusCode::kNotFound,
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
    Refuse({.code = absl::StatusCode::kNotFound,
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
      if (Find<internal::ProjectFact>(
              ProjectKey(subject_.DepartmentString(), project.key))) {
        continue;
      }
      Refuse({.code = absl::StatusCode::kNotFound,
              .field = project.field,
              .value = project.key,
              .message = "the department has no such project",
              .remedy =
                  "record its project_registered first, or use the key of "
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
      Refuse(
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
        return Update(
            ProjectKey(event_.subject(), event_.project_registered().key()),
            internal::ProjectFact());
      case v1::Event::kReportOpened:
        return DecideOpened();
      case v1::Event::kReversal:
        return DecideReversal();
      case v1::Event::kIndicatorSet:
        return DecideIndicator();
      case v1::Event::kIndicatorResultRecorded:
        return DecideResult();
      case v1::Event::kIndicatorAssessed:
        if (!IndicatorOf(event_).empty()) FindIndicator("row");
        return;
      default:
        break;
    }
    const MoneyOf money = MoneyOfEvent(event_);
    if (money.line != nullptr) AddAbsolute(money.fen, payload_ + ".amount_fen");
  }

  void DecideOpened() {
    const v1::ReportOpened& opened = event_.report_opened();
    if (subject_fact_.registered() &&
        subject_fact_.book_source() != opened.book_source()) {
      return Refuse({.code = absl::StatusCode::kFailedPrecondition,
                     .field = "report_opened.book_source",
                     .value = opened.book_source(),
                     .message = absl::StrCat("the report's book source is ",
                                             subject_fact_.book_source()),
                     .remedy = "keep the book source; it can not change within "
                               "a report"});
    }
    subject_fact_.set_registered(true);
    subject_fact_.set_book_source(opened.book_source());
    subject_fact_.set_form(opened.form());
  }

  // Keeps the sum of absolute amounts below the limit, so that no fold
  // overflows in any order.
  void AddAbsolute(int64_t fen, const std::string& field) {
    const int64_t absolute = fen < 0 ? -fen : fen;
    const absl::StatusOr<Money> sum =
        Money(subject_fact_.absolute_fen()).Plus(Money(absolute));
    if (!sum.ok() || sum->fen() >= Money::report_fen_limit) {
      return Refuse({.code = absl::StatusCode::kOutOfRange,
                     .field = field,
                     .value = absl::StrCat(fen),
                     .message =
                         "the report's amounts together would reach 2^62 "
                         "fen",
                     .remedy = "check the unit of the amounts: whole fen"});
    }
    subject_fact_.set_absolute_fen(sum->fen());
  }

  void DecideReversal() {
    const v1::Reversal& reversal = event_.reversal();
    const auto refuse = [&](std::string message, std::string remedy) {
      Refuse({.code = absl::StatusCode::kFailedPrecondition,
              .field = "reversal.target_event_id",
              .value = reversal.target_event_id(),
              .message = std::move(message),
              .remedy = std::move(remedy)});
    };
    if (!facts_.target.has_value()) {
      return Refuse({.code = absl::StatusCode::kNotFound,
                     .field = "reversal.target_event_id",
                     .value = reversal.target_event_id(),
                     .message = "no such event is recorded",
                     .remedy = "record the event first, or name its source in "
                               "target_source",
                     .retryable = true});
    }
    const v1::Entry& target = *facts_.target;
    if (target.event().subject() != event_.subject()) {
      return refuse(absl::StrCat("it belongs to ", target.event().subject()),
                    "reverse it under its own subject");
    }
    if (target.event().has_reversal()) {
      return refuse("it is a reversal itself",
                    "record the cancelled fact again under a new event id");
    }
    if (!target.event().has_effective_date()) {
      return refuse("it has no effective date",
                    "registrations, openings and policies are not reversed; "
                    "record the right one, the latest counts");
    }
    const absl::CivilDay day = *ToCivilDay(event_.effective_date());
    const absl::CivilDay of = *ToCivilDay(target.event().effective_date());
    if (day < of) {
      refuse(
          absl::StrCat("it is dated ", FormatDay(of), ", after this reversal"),
          "date the reversal on the target's day or later");
    }
    const auto reversed =
        Find<internal::ReversedFact>(ReversedKey(Position(target.position())));
    if (reversed.has_value()) {
      return refuse(absl::StrCat("it is reversed already, by position ",
                                 reversed->reversed_by()),
                    "leave the second reversal out");
    }
    const MoneyOf money = MoneyOfEvent(target.event());
    if (money.line != nullptr) {
      AddAbsolute(money.fen, "reversal.target_event_id");
    }
    internal::ReversedFact fact;
    fact.set_reversed_by(position_.value());
    Update(ReversedKey(Position(target.position())), fact);
  }

  void MakePosting() {
    const absl::StatusOr<Posting> posting = PostingOf(
        entry_, facts_.target.has_value() ? &*facts_.target : nullptr);
    // All that it needs was checked before.
    DAYBOOK_CHECK(posting.ok());
    decision_.posting = *posting;
    if (const auto* money = std::get_if<MoneyPosting>(&*posting)) {
      return FindBucket(money->bucket);
    }
    const uint64_t bytes =
        subject_fact_.statement_bytes() + event_.ByteSizeLong();
    if (subject_fact_.statements() >= statements_max ||
        bytes > statement_bytes_max) {
      return Refuse({.code = absl::StatusCode::kResourceExhausted,
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
    const std::string key = BucketFactKey(event_.subject(), bucket);
    if (const auto known = Find<internal::BucketFact>(key)) {
      decision_.bucket = known->number();
      return;
    }
    if (subject_fact_.buckets() >= buckets_max) {
      return Refuse({.code = absl::StatusCode::kResourceExhausted,
                     .field = payload_ + ".line",
                     .value = bucket.line.ShortDebugString(),
                     .message = absl::StrCat("the report has ", buckets_max,
                                             " different lines, as many as it "
                                             "may"),
                     .remedy = "leave parts of the line out that no report "
                               "asks for"});
    }
    decision_.bucket = subject_fact_.buckets();
    decision_.is_new_bucket = true;
    subject_fact_.set_buckets(decision_.bucket + 1);
    internal::BucketFact fact;
    fact.set_number(decision_.bucket);
    Update(key, fact);
  }

  void DecideIndicator() {
    const v1::IndicatorSet& set = event_.indicator_set();
    const std::string key = IndicatorKey(event_.subject(), set.indicator());
    auto fact =
        Find<internal::IndicatorFact>(key).value_or(internal::IndicatorFact());
    fact.set_not_applicable(set.operator_() ==
                            v1::IndicatorSet::OPERATOR_NOT_APPLICABLE);
    fact.set_qualitative(set.operator_() ==
                         v1::IndicatorSet::OPERATOR_QUALITATIVE);
    fact.set_unit(set.target().quantity().unit());
    Update(key, fact);
  }

  std::optional<internal::IndicatorFact> FindIndicator(const char* field) {
    const std::string indicator = IndicatorOf(event_);
    auto fact = Find<internal::IndicatorFact>(
        IndicatorKey(event_.subject(), indicator));
    if (!fact.has_value()) {
      Refuse({.code = absl::StatusCode::kNotFound,
              .field = absl::StrCat(payload_, ".", field),
              .value = indicator,
              .message = "the report has no such indicator",
              .remedy = "record its indicator_set first, or use the key of one "
                        "that is set",
              .retryable = true});
    } else if (fact->not_applicable()) {
      Refuse({.code = absl::StatusCode::kFailedPrecondition,
              .field = absl::StrCat(payload_, ".", field),
              .value = indicator,
              .message = "the indicator is set as not applicable",
              .remedy = "set it again with a target first"});
      fact.reset();
    }
    return fact;
  }

  void DecideResult() {
    std::optional<internal::IndicatorFact> fact = FindIndicator("indicator");
    if (!fact.has_value()) return;
    const v1::IndicatorResultRecorded& result =
        event_.indicator_result_recorded();
    if (fact->qualitative() != result.value().has_word()) {
      return Refuse(
          {.code = absl::StatusCode::kFailedPrecondition,
           .field = "indicator_result_recorded.value",
           .value = IndicatorOf(event_),
           .message = fact->qualitative() ? "the indicator is qualitative"
                                          : "the indicator is not qualitative",
           .remedy = fact->qualitative() ? "state a word and its attainment"
                                         : "state a quantity, date or figure"});
    }
    if (!result.value().has_quantity()) return;
    const bool increment =
        result.mode() == v1::IndicatorResultRecorded::MODE_INCREMENT;
    if (increment && !HasUnit(result.value(), fact->unit())) {
      return Refuse(
          {.code = absl::StatusCode::kFailedPrecondition,
           .field = "indicator_result_recorded.value.quantity.unit",
           .value = result.value().quantity().unit(),
           .message = absl::StrCat("the target is in '", fact->unit(), "'"),
           .remedy = "an increment has the target's unit"});
    }
    AddMagnitude(result.value().quantity().value(), increment, *fact);
  }

  // Keeps every sum of a cumulative result and increments within a Decimal.
  void AddMagnitude(const v1::Decimal& value, bool increment,
                    internal::IndicatorFact& fact) {
    Int128 increments = fact.increments_magnitude();
    Int128 cumulative = fact.cumulative_magnitude();
    if (increment) {
      increments += Magnitude(value);
    } else {
      cumulative = std::max(cumulative, Magnitude(value));
    }
    const uint32_t scale = std::max(fact.scale_max(), value.scale());
    constexpr Int128 limit = Int128{1} << 63;
    const bool adds_up = increments > 0;
    if (increments >= limit || cumulative > limit ||
        (adds_up && (increments + cumulative) * PowerOfTen(scale) >= limit)) {
      return Refuse(
          {.code = absl::StatusCode::kOutOfRange,
           .field = "indicator_result_recorded.value.quantity.value",
           .value = Decimal(value.unscaled(), value.scale()).ToString(),
           .message = "the indicator's results together would not fit "
                      "into 63 bits",
           .remedy = "use fewer decimals, or one cumulative result"});
    }
    fact.set_increments_magnitude(static_cast<int64_t>(increments));
    // 2^63 itself, of the smallest integer, counts as the next smaller number:
    // with increments it is refused anyway.
    fact.set_cumulative_magnitude(
        static_cast<int64_t>(std::min(cumulative, limit - 1)));
    fact.set_scale_max(scale);
    Update(IndicatorKey(event_.subject(), IndicatorOf(event_)), fact);
  }

  const v1::Entry& entry_;
  const v1::Event& event_;
  const Facts& facts_;
  const Position position_;
  const ResourceName subject_;
  const std::string payload_;
  internal::SubjectFact subject_fact_;
  Decision decision_;
};

}  // namespace

std::vector<std::string> TargetKeys(const v1::Entry& target) {
  std::vector<std::string> keys = {ReversedKey(Position(target.position()))};
  if (const auto money = MoneyFactOf(target.event(), target.source())) {
    keys.push_back(BucketFactKey(target.event().subject(), money->bucket));
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
  if (const auto money = MoneyFactOf(event, source)) {
    keys.insert(BucketFactKey(event.subject(), money->bucket));
  }
  Needed needed;
  needed.fact_keys.assign(keys.begin(), keys.end());
  if (event.has_reversal()) {
    const v1::Reversal& reversal = event.reversal();
    v1::EventIdentity& target = needed.target.emplace();
    target.set_source(reversal.target_source().empty()
                          ? std::string(source)
                          : reversal.target_source());
    target.set_event_id(reversal.target_event_id());
  }
  return needed;
}

Decision Decide(const v1::Entry& entry, const Facts& facts) {
  return Decider(entry, facts).Decide();
}

std::optional<v1::Problem> CheckPrecondition(const v1::Event& event,
                                             LogSize expected,
                                             const Facts& facts) {
  const auto found = facts.values.find(SubjectKey(event.subject()));
  if (found == facts.values.end()) return std::nullopt;
  internal::SubjectFact fact;
  DAYBOOK_CHECK(fact.ParseFromString(found->second));
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
