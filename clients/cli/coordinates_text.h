// Days, times and coordinates as all answers print them.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_COORDINATES_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_COORDINATES_TEXT_H_

#include <cstdint>
#include <string>

#include "daybook/v1/report_history.pb.h"

namespace daybook::cli {

// "2024-06-30"; empty for what is no day.
std::string DayText(const v1::Date& date);

// "2024-06-30 12:00:00", in UTC+8.
std::string RecordedText(int64_t recorded_time_us);

// "截至 2024-12-31，账本大小 560，末条记录于 …（UTC+8），推算版本 1，评分规则
// 无".
std::string CoordinatesText(const v1::ResolvedCoordinates& coordinates);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_COORDINATES_TEXT_H_
