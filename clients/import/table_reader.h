// TableReader: the rows of a file that an office holds, CSV or .xlsx alike.
//
// What the file is, is found in its bytes, not in its name. CSV is UTF-8, with
// or without byte-order mark, or else GB18030 (of which GBK and GB2312 are
// parts). A workbook's sheets are read one after the other. Rows are told one
// at a time and none is kept, so that memory does not grow with the file; of a
// workbook only its shared texts are held, up to a limit. A file can be read
// several times.
//
// Cells are told as they stand there, without guessing what a text means:
// cell_values.h does that. Only what a workbook itself knows is used: a number
// is plain decimal digits, a date is written 2024-03-05.
//
// Thread safety: thread-compatible.
//
// Formats: RFC 4180; ECMA-376, SpreadsheetML.

#ifndef DAYBOOK_CLIENTS_IMPORT_TABLE_READER_H_
#define DAYBOOK_CLIENTS_IMPORT_TABLE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace daybook::importer {

struct Cell {
  enum class Kind {
    // Nothing is in it; `text` is empty.
    kBlank,
    // Characters, as they are; all that a CSV has.
    kText,
    // A number of a workbook: plain digits without exponent, rounded to the 15
    // significant digits that a spreadsheet shows.
    kNumber,
    // A number of a workbook that is formatted as a date: 2024-03-05, or
    // 2024-03-05 14:30:00 when it has a time of day.
    kDate,
    // #REF! and the like: the formula had no result.
    kError,
  };

  Kind kind = Kind::kBlank;
  std::string text;
  // The cell lies below the first one of a merged range and shows that one's
  // value, which is repeated here. An amount must not count again.
  bool merged = false;

  friend bool operator==(const Cell&, const Cell&) = default;
};

struct Row {
  // Empty for a CSV.
  std::string sheet;
  // From 1, as a spreadsheet numbers it. In a CSV a quoted line end does not
  // count, in a workbook rows that are not stored do.
  int64_t number = 0;
  // Without blank cells at the end.
  std::vector<Cell> cells;
};

struct Sheet {
  std::string name;
  // Hidden sheets are not read.
  bool hidden = false;
};

// What no table of an office comes near; a file beyond is refused, never cut.
struct TableLimits {
  size_t cell_bytes_max = size_t{64} << 10;
  size_t row_bytes_max = size_t{1} << 20;
  size_t columns_max = 1'024;
  int64_t rows_max = 5'000'000;
  // Of a workbook, once unpacked.
  uint64_t unpacked_bytes_max = uint64_t{4} << 30;
  size_t shared_text_bytes_max = size_t{256} << 20;
  size_t sheets_max = 256;
  size_t merged_ranges_max = 100'000;
};

struct TableOptions {
  // Of a CSV: empty finds out; else UTF-8 or GB18030.
  std::string encoding = "";
  // Of a CSV: between the cells.
  char delimiter = ',';
  TableLimits limits = {};
};

class TableReader {
 public:
  enum class Format { kCsv, kXlsx };

  // Errors: NOT_FOUND when there is no such file; INVALID_ARGUMENT when it is
  // neither kind of table, such as an .xls or a workbook with a password, and
  // says how to get one; FAILED_PRECONDITION when it can not be read.
  static absl::StatusOr<std::unique_ptr<TableReader>> Open(
      const std::string& path, const TableOptions& options = {});

  virtual ~TableReader() = default;

  virtual Format format() const = 0;
  // "UTF-8", "UTF-8 with byte-order mark" or "GB18030"; a workbook is UTF-8.
  virtual const std::string& encoding() const = 0;
  // One without a name for a CSV.
  virtual const std::vector<Sheet>& sheets() const = 0;

  // Calls `visit` with every row of every sheet that is shown, in order, rows
  // of blank cells too. Stops at the first status that is not OK and returns
  // it.
  //
  // Errors: INVALID_ARGUMENT when the file is malformed or not in its encoding;
  // OUT_OF_RANGE when it is over a limit; DATA_LOSS when a checksum is wrong.
  // All name the sheet and row.
  virtual absl::Status ForEachRow(
      absl::FunctionRef<absl::Status(const Row&)> visit) = 0;
};

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_TABLE_READER_H_
