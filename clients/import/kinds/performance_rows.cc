// Indicators, their revisions and results, and activities.

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/import/kinds/form_record.h"
#include "core/budget/figure_path.h"

namespace daybook::importer {
namespace {

using Set = v1::IndicatorSet;
using Result = v1::IndicatorResultRecorded;

constexpr uint32_t points_scale_max = 2;

// Of the score sheet, rows that are no indicators.
constexpr const char* kExecutionRow = "execution";
constexpr const char* kTotalRow = "total";

void SetDecimal(Decimal value, v1::Decimal& decimal) {
  decimal.set_unscaled(value.unscaled());
  decimal.set_scale(value.scale());
}

// A number of points or of percent; absent when blank or wrong.
std::optional<Decimal> Points(FormRow& row, Field field, int points_max) {
  const std::optional<Decimal> points = row.DecimalOf(field);
  if (!points.has_value()) return std::nullopt;
  if (*points >= Decimal(0, 0) && *points <= Decimal(points_max, 0) &&
      points->scale() <= points_scale_max) {
    return points;
  }
  row.Problem(field, absl::StrCat("is out of range; use 0 to ", points_max,
                                  " with at most 2 decimals"));
  return std::nullopt;
}

std::string IndicatorKeyOf(FormRow& row) {
  std::string key = row.Text(Field::kIndicator);
  if (!key.empty() && !IsDottedKey(key)) {
    row.Problem(Field::kIndicator,
                "is no key; use words of [a-z0-9_] joined by dots, such as "
                "output.quantity.employment");
  }
  return key;
}

void ReadTarget(FormRow& row, Set& set) {
  const std::string unit = row.Text(Field::kMeasureUnit);
  if (set.operator_() == Set::OPERATOR_NOT_APPLICABLE) {
    for (const Field field : {Field::kTarget, Field::kWeight}) {
      if (row.IsBlank(field)) continue;
      row.Problem(field,
                  "an indicator of 无 has neither target nor weight; leave it "
                  "blank, or choose another 指标性质");
    }
    return;
  }
  if (const auto weight = Points(row, Field::kWeight, 1000)) {
    SetDecimal(*weight, *set.mutable_weight());
  }
  if (row.IsBlank(Field::kTarget)) {
    row.Problem(Field::kTarget,
                "is blank; fill in the target, or choose 无 as 指标性质 where "
                "the department has nothing for the row");
    return;
  }
  if (set.operator_() == Set::OPERATOR_QUALITATIVE) {
    if (!unit.empty()) {
      row.Problem(Field::kMeasureUnit,
                  "words have no unit; leave it blank, or choose ≥, =, ≤ "
                  "where the target is a number");
    }
    set.mutable_target()->set_word(row.Text(Field::kTarget));
    return;
  }
  const auto target = row.Measured(Field::kTarget, unit);
  if (target.has_value()) {
    *set.mutable_target() = *target;
  } else if (set.operator_() != Set::OPERATOR_UNSPECIFIED) {
    row.Problem(Field::kTarget,
                "is no number, day or figure; words go with 定性, and a unit "
                "into 计量单位");
  }
}

void ReadIndicator(FormRow& row, FormRecord& record) {
  row.CheckRequired(std::nullopt);
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kFirst);
  Set& set = *event.mutable_indicator_set();
  set.set_indicator(IndicatorKeyOf(row));
  const int level = row.Number(Field::kLevel);
  if (level > 0) set.set_level(LevelOf(level));
  if (level < 0) {
    set.set_level(row.Text(Field::kLevel));
    if (!IsKey(set.level())) {
      row.Problem(Field::kLevel,
                  absl::StrCat("is neither one of ",
                               row.form().Find(Field::kLevel)->WordsText(),
                               " nor a level's id of [a-z0-9_]"));
    }
  }
  set.set_level2(row.Text(Field::kLevel2));
  set.set_name(row.Text(Field::kName));
  set.set_operator_(static_cast<Set::Operator>(row.Number(Field::kOperator)));
  set.set_printed_operator(row.Text(Field::kPrintedOperator));
  set.set_assessable(
      static_cast<Set::Assessable>(row.Number(Field::kAssessable)));
  set.set_project(row.Text(Field::kProject));
  ReadTarget(row, set);
  std::string key = FactKey(row, {set.indicator()});
  AddFact(std::move(key), std::move(event), record);
}

void ReadRevision(FormRow& row, FormRecord& record) {
  row.CheckRequired(std::nullopt);
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kFirst);
  v1::IndicatorRevised& revised = *event.mutable_indicator_revised();
  revised.set_indicator(IndicatorKeyOf(row));
  std::string key = FactKey(row, {revised.indicator(), DayKey(event)});
  if (row.IsBlank(Field::kTarget)) {
    AddFact(std::move(key), std::nullopt, record);
    return;
  }
  const std::string unit = row.Text(Field::kMeasureUnit);
  const auto target = row.Measured(Field::kTarget, unit);
  // A qualitative target is a word, revised by a word.
  if (target.has_value()) {
    *revised.mutable_target() = *target;
  } else if (unit.empty()) {
    revised.mutable_target()->set_word(row.Text(Field::kTarget));
  } else {
    row.Problem(Field::kTarget,
                "is no number; words have no 计量单位, leave that blank");
  }
  revised.set_document_number(row.Text(Field::kDocumentNumber));
  revised.set_reason(row.Text(Field::kReason));
  AddFact(std::move(key), std::move(event), record);
}

// The indicator's key, or the row of the score sheet that is meant.
std::string ScoreRowOf(FormRow& row) {
  const std::string text = row.Text(Field::kIndicator);
  if (text == "预算执行" || text == kExecutionRow) return kExecutionRow;
  if (text == "总分" || text == kTotalRow) return kTotalRow;
  return IndicatorKeyOf(row);
}

// Nothing when the cell is blank or wrong.
std::optional<Result> ReadResult(FormRow& row, const std::string& indicator) {
  if (row.IsBlank(Field::kResult)) {
    if (!row.IsBlank(Field::kAttainment)) {
      row.Problem(Field::kAttainment,
                  "goes with a result; fill in 实际完成值, or leave it blank");
    }
    return std::nullopt;
  }
  if (indicator == kExecutionRow || indicator == kTotalRow) {
    row.Problem(Field::kResult,
                "预算执行 and 总分 have a score alone; their values come from "
                "the ledger. Leave it blank");
    return std::nullopt;
  }
  Result result;
  result.set_indicator(indicator);
  const int mode = row.Number(Field::kMode);
  result.set_mode(mode == 0 ? Result::MODE_CUMULATIVE
                            : static_cast<Result::Mode>(mode));
  if (!row.IsBlank(Field::kAttainment)) {
    if (const auto percent = Points(row, Field::kAttainment, 100)) {
      SetDecimal(*percent, *result.mutable_attainment_percent());
    }
    if (!row.IsBlank(Field::kMeasureUnit)) {
      row.Problem(Field::kMeasureUnit,
                  "a qualitative result has no unit; leave it blank, or leave "
                  "完成程度 blank where the result is a number");
    }
    result.mutable_value()->set_word(row.Text(Field::kResult));
  } else if (const auto value =
                 row.Measured(Field::kResult, row.Text(Field::kMeasureUnit))) {
    *result.mutable_value() = *value;
  } else {
    row.Problem(Field::kResult,
                "is no number, day or figure; a word needs 完成程度. Where "
                "there is no result yet leave it blank, where the indicator "
                "does not apply set its 指标性质 to 无");
  }
  if (result.mode() == Result::MODE_INCREMENT &&
      !result.value().has_quantity()) {
    row.Problem(Field::kMode, "only a number can be 新增; choose 累计");
  }
  return result;
}

void ReadResults(FormRow& row, FormRecord& record) {
  row.CheckRequired(std::nullopt);
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kLast);
  const std::string indicator = ScoreRowOf(row);
  const std::string day = DayKey(event);
  const std::string sequence = row.Text(Field::kSequence);
  const std::optional<Result> result = ReadResult(row, indicator);
  std::optional<v1::Event> recorded;
  if (result.has_value()) {
    recorded = event;
    *recorded->mutable_indicator_result_recorded() = *result;
  }
  AddFact(FactKey(row, {"r", indicator, day, sequence}), std::move(recorded),
          record);
  std::optional<v1::Event> assessed;
  if (const auto score = Points(row, Field::kDeclaredScore, 1000)) {
    assessed = event;
    v1::IndicatorAssessed& score_row = *assessed->mutable_indicator_assessed();
    score_row.set_row(indicator);
    SetDecimal(*score, *score_row.mutable_declared_score());
    score_row.set_deviation_reason(row.Text(Field::kDeviationReason));
  } else if (!row.IsBlank(Field::kDeviationReason)) {
    row.Problem(Field::kDeviationReason,
                "goes with a score; fill in 自评得分, or leave it blank");
  }
  AddFact(FactKey(row, {"s", indicator, day, sequence}), std::move(assessed),
          record);
}

void ReadActivity(FormRow& row, FormRecord& record) {
  row.CheckRequired(Field::kQuantity);
  v1::Event event;
  row.Place(event, FormRow::DayIfBlank::kLast);
  v1::ActivityRecorded& activity = *event.mutable_activity_recorded();
  activity.set_activity(row.Text(Field::kActivity));
  if (!activity.activity().empty() && !IsKey(activity.activity())) {
    row.Problem(Field::kActivity, "is no key; use 1 to 64 of [a-z0-9_]");
  }
  activity.set_label(row.Text(Field::kLabel));
  activity.set_project(row.Text(Field::kProject));
  const int qualifier = row.Number(Field::kQualifier);
  activity.set_qualifier(
      qualifier == 0 ? v1::ActivityRecorded::QUALIFIER_EXACT
                     : static_cast<v1::ActivityRecorded::Qualifier>(qualifier));
  const std::string key = FactKey(row, {activity.activity(), DayKey(event)});
  if (row.IsBlank(Field::kQuantity)) {
    AddFact(key, std::nullopt, record);
    return;
  }
  const std::string unit = row.Text(Field::kMeasureUnit);
  const auto quantity = row.Measured(Field::kQuantity, unit);
  if (quantity.has_value() && quantity->has_quantity()) {
    *activity.mutable_quantity() = quantity->quantity();
  } else {
    row.Problem(Field::kQuantity,
                "is no number; write 余 and 约 into 精确度, the unit into "
                "计量单位, and leave the cell blank where there is no count");
  }
  AddFact(key, std::move(event), record);
}

}  // namespace

bool ReadPerformanceRow(FormRow& row, FormRecord& record) {
  const std::string& id = row.form().id;
  if (id == "indicators") {
    ReadIndicator(row, record);
  } else if (id == "revisions") {
    ReadRevision(row, record);
  } else if (id == "results") {
    ReadResults(row, record);
  } else if (id == "activities") {
    ReadActivity(row, record);
  } else {
    return false;
  }
  return true;
}

}  // namespace daybook::importer
