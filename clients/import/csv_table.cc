#include "clients/import/csv_table.h"

#include <csv.h>

#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/import/text_encoding.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

// Small, so that little is parsed after a row was refused: libcsv can not be
// stopped within a piece.
constexpr size_t piece_bytes = size_t{16} << 10;

// One pass over the file. libcsv tells cells and ends of rows; this makes rows
// of them and holds the limits.
class CsvPass {
 public:
  CsvPass(const TableOptions& options,
          absl::FunctionRef<absl::Status(const Row&)> visit)
      : limits_(options.limits), visit_(visit) {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    csv_set_delim(&parser_, static_cast<unsigned char>(options.delimiter));
    row_.number = 1;
  }
  ~CsvPass() { csv_free(&parser_); }
  CsvPass(const CsvPass&) = delete;
  CsvPass& operator=(const CsvPass&) = delete;

  absl::Status Parse(absl::string_view piece) {
    const size_t parsed =
        csv_parse(&parser_, piece.data(), piece.size(), OnCell, OnRowEnd, this);
    RETURN_IF_ERROR(status_);
    if (parsed != piece.size()) return Malformed();
    // A quote that is never closed would swallow the rest of the file.
    if (parser_.entry_pos > limits_.cell_bytes_max) return CellTooLong();
    return absl::OkStatus();
  }

  absl::Status Finish() {
    const int failed = csv_fini(&parser_, OnCell, OnRowEnd, this);
    RETURN_IF_ERROR(status_);
    return failed == 0 ? absl::OkStatus() : Malformed();
  }

 private:
  static void OnCell(void* text, size_t size, void* self) {
    static_cast<CsvPass*>(self)->AddCell(
        absl::string_view(static_cast<const char*>(text), size));
  }
  static void OnRowEnd(int ending, void* self) {
    static_cast<CsvPass*>(self)->EndRow(ending);
  }

  void AddCell(absl::string_view text) {
    if (!status_.ok()) return;
    after_return_ = false;
    bytes_ += text.size();
    if (text.size() > limits_.cell_bytes_max) {
      status_ = CellTooLong();
    } else if (bytes_ > limits_.row_bytes_max) {
      status_ = absl::OutOfRangeError(absl::StrCat(
          "row ", row_.number, ": has over ", limits_.row_bytes_max, " bytes"));
    } else if (row_.cells.size() == limits_.columns_max) {
      status_ = absl::OutOfRangeError(
          absl::StrCat("row ", row_.number, ": has over ", limits_.columns_max,
                       " columns; split the table, or check the delimiter"));
    } else {
      row_.cells.push_back(
          {text.empty() ? Cell::Kind::kBlank : Cell::Kind::kText,
           std::string(text)});
    }
  }

  // `ending` is the character that ended the row, -1 at the end of the file.
  void EndRow(int ending) {
    if (!status_.ok()) return;
    // The second half of CR LF ends nothing.
    if (ending == CSV_LF && std::exchange(after_return_, false)) return;
    after_return_ = ending == CSV_CR;
    while (!row_.cells.empty() &&
           row_.cells.back().kind == Cell::Kind::kBlank) {
      row_.cells.pop_back();
    }
    if (row_.number > limits_.rows_max) {
      status_ = absl::OutOfRangeError(
          absl::StrCat("the file has over ", limits_.rows_max,
                       " rows; split it, by month for example"));
      return;
    }
    status_ = visit_(row_);
    ++row_.number;
    row_.cells.clear();
    bytes_ = 0;
  }

  absl::Status CellTooLong() const {
    return absl::OutOfRangeError(absl::StrCat(
        "row ", row_.number, ": a cell has over ", limits_.cell_bytes_max,
        " bytes; a quote may be opened and not closed"));
  }
  absl::Status Malformed() const {
    return absl::InvalidArgumentError(
        absl::StrCat("row ", row_.number,
                     ": a quote stands inside a cell, or is not closed; put "
                     "the cell in quotes and write each quote in it twice"));
  }

  const TableLimits& limits_;
  absl::FunctionRef<absl::Status(const Row&)> visit_;
  csv_parser parser_;
  Row row_;
  size_t bytes_ = 0;
  bool after_return_ = false;
  absl::Status status_;
};

class CsvTable : public TableReader {
 public:
  CsvTable(TableOptions options, std::ifstream file, std::string encoding)
      : options_(std::move(options)),
        file_(std::move(file)),
        encoding_(std::move(encoding)) {}

  Format format() const override { return Format::kCsv; }
  const std::string& encoding() const override { return encoding_; }
  const std::vector<Sheet>& sheets() const override { return sheets_; }

  absl::Status ForEachRow(
      absl::FunctionRef<absl::Status(const Row&)> visit) override {
    file_.clear();
    file_.seekg(0);
    CsvPass pass(options_, visit);
    // UTF-8 goes through it too: what is no UTF-8 is noticed.
    ASSIGN_OR_RETURN(Transcoder transcoder,
                     Transcoder::Create(kUtf8, encoding_));
    std::string buffer(piece_bytes, '\0');
    std::string text;
    bool first = true;
    while (
        file_.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
        file_.gcount() > 0) {
      absl::string_view piece(buffer.data(),
                              static_cast<size_t>(file_.gcount()));
      if (std::exchange(first, false) && encoding_ == kUtf8WithMark) {
        piece.remove_prefix(3);
      }
      text.clear();
      RETURN_IF_ERROR(transcoder.Append(piece, text));
      RETURN_IF_ERROR(pass.Parse(text));
    }
    if (file_.bad()) {
      return absl::FailedPreconditionError("the file cannot be read further");
    }
    RETURN_IF_ERROR(transcoder.Finish());
    return pass.Finish();
  }

 private:
  const TableOptions options_;
  std::ifstream file_;
  const std::string encoding_;
  const std::vector<Sheet> sheets_ = std::vector<Sheet>(1);
};

}  // namespace

absl::StatusOr<std::unique_ptr<TableReader>> OpenCsvTable(
    const std::string& path, const TableOptions& options) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": cannot be opened for reading"));
  }
  ASSIGN_OR_RETURN(std::string encoding, DetectEncoding(file));
  if (!options.encoding.empty()) {
    if (options.encoding != kUtf8 && options.encoding != kGb18030) {
      return absl::InvalidArgumentError(absl::StrCat(
          "encoding: '", options.encoding, "' is none; use UTF-8 or GB18030"));
    }
    // A byte-order mark is no part of the text, whoever named the encoding.
    if (encoding != kUtf8WithMark) encoding = options.encoding;
  }
  return std::unique_ptr<TableReader>(
      std::make_unique<CsvTable>(options, std::move(file), encoding));
}

}  // namespace daybook::importer
