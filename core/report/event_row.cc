#include "core/report/event_row.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/decimal.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figure_text.h"
#include "google/protobuf/descriptor.h"

namespace daybook {
namespace {

std::string NumberText(const v1::Decimal& number) {
  return Decimal(number.unscaled(), number.scale()).ToString();
}

std::string QuantityText(const v1::Quantity& quantity) {
  const std::string number = NumberText(quantity.value());
  return quantity.unit().empty() ? number
                                 : absl::StrCat(number, " ", quantity.unit());
}

std::string ValueText(const v1::MeasuredValue& value) {
  switch (value.value_case()) {
    case v1::MeasuredValue::kQuantity:
      return QuantityText(value.quantity());
    case v1::MeasuredValue::kDate: {
      const auto day = ToCivilDay(value.date());
      return day.ok() ? FormatDay(*day) : "";
    }
    case v1::MeasuredValue::kWord:
      return value.word();
    case v1::MeasuredValue::kFigure:
      return value.figure();
    case v1::MeasuredValue::VALUE_NOT_SET:
      break;
  }
  return "";
}

std::string HeadcountText(const v1::HeadcountRecorded& headcount) {
  std::vector<std::string> parts;
  const auto add = [&](bool has, const char* name, int32_t number) {
    if (has) parts.push_back(absl::StrCat(name, " ", number));
  };
  add(headcount.has_quota(), "quota", headcount.quota());
  add(headcount.has_actual(), "actual", headcount.actual());
  add(headcount.has_permanent(), "permanent", headcount.permanent());
  add(headcount.has_contract(), "contract", headcount.contract());
  return absl::StrJoin(parts, ", ");
}

std::string StatedFigureText(const v1::FigureStated& stated) {
  switch (stated.statement()) {
    case v1::FigureStated::STATEMENT_ZERO:
      return absl::StrCat(stated.figure(), " = 0");
    case v1::FigureStated::STATEMENT_NONE:
      return absl::StrCat(stated.figure(), " = 无");
    default:
      return absl::StrCat(stated.figure(), " = ——");
  }
}

std::string AmountText(int64_t fen) {
  v1::FigureValue value;
  value.set_amount_fen(fen);
  return absl::StrCat(FormatFigureValue(value, MoneyUnit::kYuan), " 元");
}

// What the event states; empty for money and whatever states nothing.
std::string StatementOf(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kPolicyAdopted:
      return absl::StrCat(event.policy_adopted().policy().id(), "@",
                          event.policy_adopted().policy().version());
    case v1::Event::kIndicatorSet:
      return ValueText(event.indicator_set().target());
    case v1::Event::kIndicatorRevised:
      return ValueText(event.indicator_revised().target());
    case v1::Event::kIndicatorResultRecorded:
      return ValueText(event.indicator_result_recorded().value());
    case v1::Event::kIndicatorAssessed:
      return NumberText(event.indicator_assessed().declared_score());
    case v1::Event::kActivityRecorded:
      return QuantityText(event.activity_recorded().quantity());
    case v1::Event::kHeadcountRecorded:
      return HeadcountText(event.headcount_recorded());
    case v1::Event::kPriorYearFigureStated:
      return AmountText(event.prior_year_figure_stated().amount_fen());
    case v1::Event::kFigureStated:
      return StatedFigureText(event.figure_stated());
    case v1::Event::kNarrativeSectionRecorded:
      return event.narrative_section_recorded().section();
    default:
      return "";
  }
}

// The first of the payload's string fields of these names that is not empty.
std::string FieldOf(const v1::Event& event,
                    const std::vector<const char*>& names) {
  const auto* field = v1::Event::descriptor()->FindFieldByNumber(
      static_cast<int>(event.payload_case()));
  if (field == nullptr) return "";
  const google::protobuf::Message& payload =
      event.GetReflection()->GetMessage(event, field);
  for (const char* name : names) {
    const auto* text = payload.GetDescriptor()->FindFieldByName(name);
    if (text == nullptr) continue;
    std::string value = payload.GetReflection()->GetString(payload, text);
    if (!value.empty()) return value;
  }
  return "";
}

// Why the event changes what was closed or known before, and who approved it.
const v1::Correction& CorrectionOf(const v1::Event& event) {
  if (event.has_period_reopened()) return event.period_reopened().correction();
  if (event.has_personal_data_erased()) {
    return event.personal_data_erased().correction();
  }
  return event.correction();
}

// The event's own reason, and that of its correction where it is another.
std::string ReasonOf(const v1::Event& event) {
  std::string own = FieldOf(event, {"reason", "deviation_reason"});
  const std::string& correction = CorrectionOf(event).reason();
  if (own.empty() || own == correction)
    return correction.empty() ? own : correction;
  return correction.empty() ? own : absl::StrCat(own, "；", correction);
}

}  // namespace

v1::EventRow EventRowOf(const v1::Entry& entry) {
  const v1::Event& event = entry.event();
  v1::EventRow row;
  row.set_position(entry.position());
  row.set_source(entry.source());
  row.set_event_id(event.event_id());
  if (const auto* field = v1::Event::descriptor()->FindFieldByNumber(
          static_cast<int>(event.payload_case()))) {
    row.set_kind(field->name());
  }
  if (event.has_effective_date()) {
    *row.mutable_effective_date() = event.effective_date();
  }
  if (event.has_document_date()) {
    *row.mutable_document_date() = event.document_date();
  }
  row.set_recorded_time_us(entry.recorded_time_us());
  row.set_principal(entry.principal());
  row.set_document_number(
      FieldOf(event, {"voucher_number", "document_number"}));
  row.set_statement(StatementOf(event));
  row.set_reason(ReasonOf(event));
  row.set_approver(CorrectionOf(event).approver());
  if (event.has_replaces()) {
    *row.mutable_replaces() = event.replaces();
    if (row.replaces().source().empty()) {
      row.mutable_replaces()->set_source(entry.source());
    }
  }
  return row;
}

}  // namespace daybook
