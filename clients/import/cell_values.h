// What the cell of a table means: an amount, a day, a heading, a subtotal.
//
// People write the same value in many ways: full-width digits, ￥, commas,
// brackets or 红字 for red entries. What can be read in one way alone is read;
// everything else is refused, naming the value and what to write instead.
// Nothing is ever rounded, and no floating point is used.
//
// Thread safety: pure functions.
//
// Rules: docs/import.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_CELL_VALUES_H_
#define DAYBOOK_CLIENTS_IMPORT_CELL_VALUES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "clients/import/table_reader.h"
#include "core/base/decimal.h"

namespace daybook::importer {

// `text` with full-width letters, digits, punctuation and blanks as their ASCII
// forms, and no blanks around it.
std::string HalfWidth(absl::string_view text);

// In what an amount is written.
enum class AmountUnit { kYuan, kWanYuan };

// The four things that a cell of money can say.
struct CellAmount {
  enum class Kind {
    kBlank,
    // 无.
    kNone,
    // ——, —, -- or -.
    kNotApplicable,
    kAmount,
  };

  Kind kind = Kind::kBlank;
  // Of kAmount.
  int64_t fen = 0;

  friend bool operator==(const CellAmount&, const CellAmount&) = default;
};

// Reads `1,234.56`, `￥１２３４．５６`, `-5`, `5-`, `(5)`, `红字5`, `5元`. A
// unit behind the number must be the one expected. At most 10^14 fen, at most
// two decimals of 元, six of 万元; zeros beyond do not count.
//
// Errors: INVALID_ARGUMENT for what is no amount; OUT_OF_RANGE for more
// decimals or a larger amount than there may be.
absl::StatusOr<CellAmount> ParseAmount(absl::string_view text, AmountUnit unit);

// As above; refuses a value that is repeated from a merged range, which would
// count again, and the results of formulas that failed.
absl::StatusOr<CellAmount> ParseAmount(const Cell& cell, AmountUnit unit);

// A number without a unit, written as amounts are; keeps its decimals.
//
// Errors: as ParseAmount; INVALID_ARGUMENT when it is blank, too.
absl::StatusOr<Decimal> ParseNumber(absl::string_view text);

// Reads a day: by `formats` in the manner of strftime (%Y %m %d %H %M %S), the
// first that fits; without formats 2024-03-05, 2024/3/5, 2024.3.5,
// 2024年3月5日, 20240305, each also with a time of day, and the serial numbers
// of a spreadsheet, 45356. A date of a workbook is read whatever the formats
// are.
//
// Errors: INVALID_ARGUMENT for what is none, or no day of the calendar.
absl::StatusOr<absl::CivilDay> ParseDay(
    const Cell& cell, const std::vector<std::string>& formats);

// As ParseDay, with the time of day where there is one, in UTC+8.
absl::StatusOr<absl::Time> ParseDayTime(
    const Cell& cell, const std::vector<std::string>& formats);

// A heading as it is compared: half-width, without blanks and line ends, in
// lower case.
std::string HeadingKey(absl::string_view heading);

// What a row that sums others says of itself.
enum class SubtotalKind {
  kNone,
  // 小计, or 合计 of a part: the rows since the row of this kind before it.
  kSubtotal,
  // 本月合计, 本期合计: the rows of its month.
  kMonth,
  // 本年累计, 累计: all rows of the year up to here.
  kYear,
  // 总计, 合计 alone: all rows of the sheet.
  kTotal,
  // 期初余额, 年初余额, 上年结转: another account begins, with its balance.
  kOpening,
  // 期末余额, 承前页, 过次页: a balance, or a sum over pages.
  kBalance,
};

// By the words of a cell: 合计, 小计：, 1月份合计, 行政运行小计. A summary that
// ends in such a word reads alike, so ask only about rows that lack a voucher
// number or what else their identity is.
SubtotalKind SubtotalKindOf(absl::string_view text);

// The first of the row's cells that says something.
SubtotalKind SubtotalKindOf(const Row& row);

// Whether there is nothing but blanks in it.
bool IsBlankRow(const Row& row);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_CELL_VALUES_H_
