#include "core/report/figure_text.h"

#include "core/base/decimal.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/money.h"

namespace daybook {

std::string FormatFigureValue(const v1::FigureValue& value, MoneyUnit unit) {
  switch (value.value_case()) {
    case v1::FigureValue::kAmountFen:
      return unit == MoneyUnit::kYuan
                 ? FormatYuan(Money(value.amount_fen()))
                 : FormatWanYuanHalfAwayFromZero(Money(value.amount_fen()));
    case v1::FigureValue::kNumber:
      return Decimal(value.number().unscaled(), value.number().scale())
          .ToString();
    case v1::FigureValue::kWord:
      return value.word();
    case v1::FigureValue::kDate: {
      const auto day = ToCivilDay(value.date());
      return day.ok() ? FormatDay(*day) : "";
    }
    case v1::FigureValue::kEmpty:
      switch (value.empty()) {
        case v1::EMPTINESS_NONE:
          return "无";
        case v1::EMPTINESS_NOT_APPLICABLE:
          return "——";
        case v1::EMPTINESS_NOT_REPORTED:
          return "未报";
        default:
          return "";
      }
    case v1::FigureValue::VALUE_NOT_SET:
      break;
  }
  return "";
}

std::string FormatUnit(absl::string_view unit, MoneyUnit money_unit) {
  return unit == "万元" && money_unit == MoneyUnit::kYuan ? "元"
                                                          : std::string(unit);
}

}  // namespace daybook
