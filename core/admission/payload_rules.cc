#include "core/admission/payload_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/admission/type_rules.h"
#include "core/base/check.h"
#include "core/base/decimal.h"
#include "core/budget/figure_path.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/form.h"
#include "core/budget/money.h"
#include "core/budget/quotation.h"

namespace daybook {
namespace {

constexpr int aliases_max = 32;
constexpr int headcount_max = 10'000'000;
constexpr uint32_t points_scale_max = 2;
constexpr int points_max = 1'000;
constexpr size_t public_key_bytes = 32;

void CheckDottedKey(const std::string& key, const std::string& field,
                    ProblemList& problems) {
  if (IsDottedKey(key)) return;
  problems.Add({.field = field,
                .value = key,
                .message = "it is no key",
                .remedy = "use words of [a-z0-9_] joined by dots, such as "
                          "output.quantity.employment"});
}

void CheckDate(const v1::Date* date, const std::string& field,
               ProblemList& problems) {
  if (date != nullptr && ToCivilDay(*date).ok()) return;
  problems.Add(
      {.field = field,
       .value = date == nullptr ? "" : date->ShortDebugString(),
       .message = date == nullptr ? "it is missing" : "there is no such day",
       .remedy = "give a day of the fiscal year"});
}

void CheckReopened(const v1::PeriodReopened& reopened, ProblemList& problems) {
  CheckDate(reopened.has_from() ? &reopened.from() : nullptr,
            "period_reopened.from", problems);
  if (reopened.has_correction()) return;
  problems.Add({.field = "period_reopened.correction",
                .message = "it is missing",
                .remedy = "say why, and who approved it"});
}

void CheckKeyRotated(const v1::KeyRotated& rotated, ProblemList& problems) {
  if (rotated.public_key().size() == public_key_bytes) return;
  problems.Add(
      {.field = "key_rotated.public_key",
       .value = absl::StrCat(rotated.public_key().size(), " bytes"),
       .message = "it is no Ed25519 key",
       .remedy = "give the 32 bytes of the key that signs from now on"});
}

void CheckErased(const v1::PersonalDataErased& erased, ProblemList& problems) {
  if (!erased.has_target()) {
    problems.Add({.field = "personal_data_erased.target",
                  .message = "it is missing",
                  .remedy = "name the event whose personal data is erased"});
  }
  if (!erased.has_correction()) {
    problems.Add({.field = "personal_data_erased.correction",
                  .message = "it is missing",
                  .remedy = "say why, and who approved it"});
  }
}

// A figure that a fact may name: score paths would ask for themselves.
void CheckFigure(const std::string& figure, const std::string& field,
                 ProblemList& problems) {
  const absl::StatusOr<FigurePath> path = FigurePath::Parse(figure);
  if (!path.ok()) {
    problems.Add({.field = field,
                  .value = figure,
                  .message = std::string(path.status().message()),
                  .remedy = "name a figure of the report, such as "
                            "all.executed"});
  } else if (path->family == FigurePath::Family::kScore) {
    problems.Add({.field = field,
                  .value = figure,
                  .message = "a score can not be named here",
                  .remedy = "name a money figure, an activity or a row of the "
                            "form"});
  }
}

void CheckMeasured(const v1::MeasuredValue& value, const std::string& field,
                   ProblemList& problems) {
  switch (value.value_case()) {
    case v1::MeasuredValue::kQuantity:
      if (!value.quantity().has_value()) {
        problems.Add({.field = field + ".quantity.value",
                      .message = "it is missing",
                      .remedy = "give the number"});
      }
      CheckDecimal(value.quantity().value(), field + ".quantity.value",
                   problems);
      return;
    case v1::MeasuredValue::kDate:
      if (!ToCivilDay(value.date()).ok()) {
        problems.Add({.field = field + ".date",
                      .value = value.date().ShortDebugString(),
                      .message = "there is no such day",
                      .remedy = "give a day of the calendar"});
      }
      return;
    case v1::MeasuredValue::kWord:
      if (IsBlank(value.word())) {
        problems.Add({.field = field + ".word",
                      .message = "it is empty",
                      .remedy = "give the word"});
      }
      return;
    case v1::MeasuredValue::kFigure:
      return CheckFigure(value.figure(), field + ".figure", problems);
    case v1::MeasuredValue::VALUE_NOT_SET:
      problems.Add({.field = field,
                    .message = "it is missing",
                    .remedy = "give a quantity, date, word or figure"});
  }
}

void CheckIndicator(const v1::IndicatorSet& set, ProblemList& problems) {
  const std::string name = "indicator_set";
  CheckDottedKey(set.indicator(), name + ".indicator", problems);
  if (set.indicator() == "execution" || set.indicator() == "total") {
    problems.Add({.field = name + ".indicator",
                  .value = set.indicator(),
                  .message = "the score sheet has a row of that name",
                  .remedy = "use another key"});
  }
  CheckKey(set.level(), name + ".level", problems);
  CheckSet(set.operator_(), name + ".operator", problems);
  CheckOptionalKey(set.project(), name + ".project", problems);
  if (set.has_weight()) CheckPoints(&set.weight(), name + ".weight", problems);
  const v1::IndicatorSet::Operator op = set.operator_();
  if (op == v1::IndicatorSet::OPERATOR_NOT_APPLICABLE) {
    if (set.has_target() || set.has_weight()) {
      problems.Add({.field = name + ".operator",
                    .value = "OPERATOR_NOT_APPLICABLE",
                    .message = "an indicator that does not apply has neither "
                               "target nor weight",
                    .remedy = "leave both out, or use another operator"});
    }
    return;
  }
  CheckMeasured(set.target(), name + ".target", problems);
  const bool is_word = set.target().has_word();
  const bool wants_word = op == v1::IndicatorSet::OPERATOR_QUALITATIVE;
  if (set.has_target() && op != v1::IndicatorSet::OPERATOR_UNSPECIFIED &&
      is_word != wants_word) {
    problems.Add({.field = name + ".target",
                  .value = is_word ? set.target().word() : "",
                  .message =
                      "a word goes with OPERATOR_QUALITATIVE, and only a "
                      "word",
                  .remedy = "change the operator or the target"});
  }
}

void CheckResult(const v1::IndicatorResultRecorded& result,
                 ProblemList& problems) {
  const std::string name = "indicator_result_recorded";
  CheckDottedKey(result.indicator(), name + ".indicator", problems);
  CheckSet(result.mode(), name + ".mode", problems);
  CheckMeasured(result.value(), name + ".value", problems);
  if (result.mode() == v1::IndicatorResultRecorded::MODE_INCREMENT &&
      !result.value().has_quantity()) {
    problems.Add({.field = name + ".value",
                  .message = "only a quantity can be an increment",
                  .remedy = "use MODE_CUMULATIVE"});
  }
  const std::string field = name + ".attainment_percent";
  if (result.value().has_word() != result.has_attainment_percent()) {
    problems.Add(
        {.field = field,
         .message = "a word states its attainment, and only a word",
         .remedy = "give 0 to 100 for a word; leave it out otherwise"});
  } else if (result.has_attainment_percent() &&
             CheckDecimal(result.attainment_percent(), field, problems)) {
    const v1::Decimal& percent = result.attainment_percent();
    const Decimal value(percent.unscaled(), percent.scale());
    if (value < Decimal(0, 0) || value > Decimal(100, 0) ||
        percent.scale() > points_scale_max) {
      problems.Add({.field = field,
                    .value = value.ToString(),
                    .message = "it is no percentage of attainment",
                    .remedy = "use 0 to 100 with at most 2 decimals"});
    }
  }
}

void CheckActivity(const v1::ActivityRecorded& activity,
                   ProblemList& problems) {
  const std::string name = "activity_recorded";
  CheckKey(activity.activity(), name + ".activity", problems);
  CheckSet(activity.qualifier(), name + ".qualifier", problems);
  CheckOptionalKey(activity.project(), name + ".project", problems);
  if (!activity.quantity().has_value()) {
    problems.Add({.field = name + ".quantity.value",
                  .message = "it is missing",
                  .remedy = "give the number"});
  }
  CheckDecimal(activity.quantity().value(), name + ".quantity.value", problems);
}

void CheckHeadcount(const v1::HeadcountRecorded& headcount,
                    ProblemList& problems) {
  const std::string name = "headcount_recorded";
  const auto check = [&](bool has, int32_t number, const char* field) {
    if (!has || (number >= 0 && number <= headcount_max)) return;
    problems.Add({.field = absl::StrCat(name, ".", field),
                  .value = absl::StrCat(number),
                  .message = "it is no number of people",
                  .remedy = "use 0 to 10,000,000"});
  };
  check(headcount.has_quota(), headcount.quota(), "quota");
  check(headcount.has_actual(), headcount.actual(), "actual");
  check(headcount.has_permanent(), headcount.permanent(), "permanent");
  check(headcount.has_contract(), headcount.contract(), "contract");
  if (!headcount.has_quota() && !headcount.has_actual() &&
      !headcount.has_permanent() && !headcount.has_contract()) {
    problems.Add({.field = name,
                  .message = "it has no number",
                  .remedy = "give at least one of its numbers"});
  }
}

void CheckPriorYear(const v1::PriorYearFigureStated& prior,
                    ProblemList& problems) {
  const std::string name = "prior_year_figure_stated";
  CheckFigure(prior.figure(), name + ".figure", problems);
  constexpr absl::string_view measure = ".prior_executed";
  if (prior.figure().size() <= measure.size() ||
      absl::string_view(prior.figure())
              .substr(prior.figure().size() - measure.size()) != measure) {
    problems.Add({.field = name + ".figure",
                  .value = prior.figure(),
                  .message = "last year's value belongs to prior_executed",
                  .remedy = "end the path with .prior_executed"});
  }
  if (prior.amount_fen() > Money::event_fen_max ||
      prior.amount_fen() < -Money::event_fen_max) {
    CheckFlow(prior.amount_fen(), name, problems);
  }
}

void CheckNarrative(const v1::NarrativeSectionRecorded& section,
                    ProblemList& problems) {
  const std::string name = "narrative_section_recorded";
  CheckDottedKey(section.section(), name + ".section", problems);
  const absl::StatusOr<std::string> quoted = ReplaceQuotations(
      section.text(), [](const FigurePath&) { return std::string(); });
  if (!quoted.ok()) {
    problems.Add({.field = name + ".text",
                  .message = std::string(quoted.status().message()),
                  .remedy = "quote figures as {{all.executed}}"});
  }
}

void CheckProject(const v1::ProjectRegistered& project, ProblemList& problems) {
  const std::string name = "project_registered";
  CheckKey(project.key(), name + ".key", problems);
  if (project.aliases_size() > aliases_max) {
    problems.Add({.field = name + ".aliases",
                  .value = absl::StrCat(project.aliases_size()),
                  .message = "there are too many",
                  .remedy = "list at most 32"});
  }
}

void CheckOpened(const v1::ReportOpened& opened, ProblemList& problems) {
  const std::string name = "report_opened";
  std::vector<int> funds(opened.funds().begin(), opened.funds().end());
  std::sort(funds.begin(), funds.end());
  if (funds.empty() || funds.front() == v1::FUND_UNSPECIFIED ||
      std::adjacent_find(funds.begin(), funds.end()) != funds.end()) {
    problems.Add({.field = name + ".funds",
                  .message =
                      "the list is empty, or a fund is not set or stands "
                      "twice",
                  .remedy = "list each fund of the report once"});
  }
  if (!opened.form().empty() && Form::Find(opened.form()) == nullptr) {
    problems.Add({.field = name + ".form",
                  .value = opened.form(),
                  .message = "there is no such form",
                  .remedy = absl::StrCat("use one of: ", Form::KnownIds())});
  }
}

}  // namespace

void CheckKey(const std::string& key, const FieldRef& field,
              ProblemList& problems) {
  if (IsKey(key)) return;
  problems.Add({.field = field.ToString(),
                .value = key,
                .message = "it is no key",
                .remedy = "use 1 to 64 of [a-z0-9_]"});
}

void CheckOptionalKey(const std::string& key, const FieldRef& field,
                      ProblemList& problems) {
  if (!key.empty()) CheckKey(key, field, problems);
}

bool CheckDecimal(const v1::Decimal& decimal, const std::string& field,
                  ProblemList& problems) {
  if (decimal.scale() <= Decimal::scale_max) return true;
  problems.Add({.field = field + ".scale",
                .value = absl::StrCat(decimal.scale()),
                .message = "it has too many decimals",
                .remedy = "use at most 9 digits after the point"});
  return false;
}

void CheckPoints(const v1::Decimal* points, const std::string& field,
                 ProblemList& problems) {
  if (points == nullptr) {
    problems.Add({.field = field,
                  .message = "it is missing",
                  .remedy = "give the points"});
    return;
  }
  if (!CheckDecimal(*points, field, problems)) return;
  const Decimal value(points->unscaled(), points->scale());
  if (points->scale() > points_scale_max || value < Decimal(0, 0) ||
      value > Decimal(points_max, 0)) {
    problems.Add({.field = field,
                  .value = value.ToString(),
                  .message = "it is no number of points",
                  .remedy = "use 0 to 1,000 with at most 2 decimals"});
  }
}

void CheckPayload(const v1::Event& event, ProblemList& problems) {
  switch (event.payload_case()) {
    case v1::Event::kDepartmentRegistered:
      return;
    case v1::Event::kProjectRegistered:
      return CheckProject(event.project_registered(), problems);
    case v1::Event::kReportOpened:
      return CheckOpened(event.report_opened(), problems);
    case v1::Event::kPolicyAdopted:
      return CheckPolicy(event.policy_adopted().policy(), problems);
    case v1::Event::kBudgetApproved:
    case v1::Event::kBudgetAdjusted:
    case v1::Event::kIncomeReceived:
    case v1::Event::kCarryoverOpened:
    case v1::Event::kCarryoverClosed:
    case v1::Event::kExpenditureRecorded:
    case v1::Event::kRefundReceived:
    case v1::Event::kAdvancePaid:
    case v1::Event::kAdvanceCleared:
      return CheckMoneyPayload(event, problems);
    case v1::Event::kReversal:
      return;
    case v1::Event::kIndicatorSet:
      return CheckIndicator(event.indicator_set(), problems);
    case v1::Event::kIndicatorRevised:
      CheckDottedKey(event.indicator_revised().indicator(),
                     "indicator_revised.indicator", problems);
      return CheckMeasured(event.indicator_revised().target(),
                           "indicator_revised.target", problems);
    case v1::Event::kIndicatorResultRecorded:
      return CheckResult(event.indicator_result_recorded(), problems);
    case v1::Event::kIndicatorAssessed: {
      const v1::IndicatorAssessed& assessed = event.indicator_assessed();
      CheckDottedKey(assessed.row(), "indicator_assessed.row", problems);
      return CheckPoints(
          assessed.has_declared_score() ? &assessed.declared_score() : nullptr,
          "indicator_assessed.declared_score", problems);
    }
    case v1::Event::kActivityRecorded:
      return CheckActivity(event.activity_recorded(), problems);
    case v1::Event::kHeadcountRecorded:
      return CheckHeadcount(event.headcount_recorded(), problems);
    case v1::Event::kPriorYearFigureStated:
      return CheckPriorYear(event.prior_year_figure_stated(), problems);
    case v1::Event::kFigureStated:
      CheckSet(event.figure_stated().statement(), "figure_stated.statement",
               problems);
      return CheckFigure(event.figure_stated().figure(), "figure_stated.figure",
                         problems);
    case v1::Event::kNarrativeSectionRecorded:
      return CheckNarrative(event.narrative_section_recorded(), problems);
    case v1::Event::kReportPublished:
      return CheckDate(event.report_published().has_as_of()
                           ? &event.report_published().as_of()
                           : nullptr,
                       "report_published.as_of", problems);
    case v1::Event::kPeriodClosed:
      return CheckDate(event.period_closed().has_through()
                           ? &event.period_closed().through()
                           : nullptr,
                       "period_closed.through", problems);
    case v1::Event::kPeriodReopened:
      return CheckReopened(event.period_reopened(), problems);
    case v1::Event::kPersonalDataErased:
      return CheckErased(event.personal_data_erased(), problems);
    case v1::Event::kKeyRotated:
      return CheckKeyRotated(event.key_rotated(), problems);
    case v1::Event::PAYLOAD_NOT_SET:
      break;
  }
  DAYBOOK_CHECK(false);
}

}  // namespace daybook
