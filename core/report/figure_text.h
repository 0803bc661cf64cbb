// Figures as people read them.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_REPORT_FIGURE_TEXT_H_
#define DAYBOOK_CORE_REPORT_FIGURE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook {

// What money is printed in.
enum class MoneyUnit { kWanYuan, kYuan };

// Money with two decimals (万元 rounded half away from zero, 元 exact), other
// numbers with the decimals they have, 无, —— and 未报 as they are, blank as
// nothing.
std::string FormatFigureValue(const v1::FigureValue& value,
                              MoneyUnit unit = MoneyUnit::kWanYuan);

// `unit` as the figure states it, with 万元 exchanged for the money unit.
std::string FormatUnit(absl::string_view unit, MoneyUnit money_unit);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_FIGURE_TEXT_H_
