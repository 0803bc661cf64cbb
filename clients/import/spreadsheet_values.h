// How a workbook writes numbers and days.
//
// Thread safety: pure functions.
//
// Source: ECMA-376 part 1, 18.8.30 (number formats) and 18.17.4 (dates).

#ifndef DAYBOOK_CLIENTS_IMPORT_SPREADSHEET_VALUES_H_
#define DAYBOOK_CLIENTS_IMPORT_SPREADSHEET_VALUES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace daybook::importer {

// A number as it is stored (12, 1.5E-3, 0.30000000000000004) in plain digits,
// rounded half away from zero to the 15 significant ones that a spreadsheet
// shows: what lies beyond is the trace of its binary arithmetic. Nothing when
// it is no number, or has over 40 digits.
std::optional<std::string> PlainNumber(absl::string_view stored);

// The day, and the time of day unless it is midnight, that a serial number in
// plain digits means: 45356 is 2024-03-05, 45356.5 is 2024-03-05 12:00:00. In
// the 1904 system days are counted from 1 January 1904. Nothing when there is
// no such day: below 1, above the year 9999, and 60 of the 1900 system, a 29
// February that never was.
std::optional<std::string> DayOfSerial(absl::string_view plain,
                                       bool system_1904);

// Whether numbers under this format code are shown as dates.
bool IsDateFormat(absl::string_view code);

// The same of a built-in format number; Chinese, Japanese and Korean versions
// have dates at 27 to 36 and 50 to 58 too.
bool IsBuiltInDateFormat(int number);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_SPREADSHEET_VALUES_H_
