#include "clients/import/rejects_file.h"

#include <csv.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/import/headings.h"
#include "clients/import/text_encoding.h"
#include "clients/import/voucher_table.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

// What a spreadsheet's cell holds at most, in characters.
constexpr size_t xlsx_text_bytes_max = 32'000;

absl::Status CanNotWrite(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat(path,
                   ": the file of rejects can not be written; name "
                   "another with --rejects=FILE"));
}

// In quotes where it must be.
std::string CsvCell(const std::string& text, char delimiter) {
  const std::string special{delimiter, '"', '\r', '\n'};
  const bool blank_ends =
      !text.empty() && (text.front() == ' ' || text.back() == ' ' ||
                        text.front() == '\t' || text.back() == '\t');
  if (!blank_ends && text.find_first_of(special) == std::string::npos) {
    return text;
  }
  std::string cell(csv_write(nullptr, 0, text.data(), text.size()), '\0');
  csv_write(cell.data(), cell.size(), text.data(), text.size());
  return cell;
}

class CsvRejects : public RejectsFile {
 public:
  explicit CsvRejects(RejectsOptions options)
      : RejectsFile(std::move(options)) {}

 private:
  absl::Status Open(const std::string& path) override {
    path_ = path;
    file_.open(path, std::ios::binary | std::ios::trunc);
    absl::StatusOr<Transcoder> transcoder =
        Transcoder::Create(options().encoding, kUtf8);
    RETURN_IF_ERROR(transcoder.status());
    transcoder_.emplace(*std::move(transcoder));
    if (options().encoding == kUtf8WithMark) file_ << kByteOrderMark;
    return file_ ? absl::OkStatus() : CanNotWrite(path);
  }

  absl::Status Write(const Row& row) override {
    std::string line;
    for (size_t i = 0; i < row.cells.size(); ++i) {
      absl::StrAppend(&line, i == 0 ? "" : std::string(1, options().delimiter),
                      CsvCell(row.cells[i].text, options().delimiter));
    }
    line += "\r\n";
    std::string encoded;
    RETURN_IF_ERROR(transcoder_->Append(line, encoded));
    file_ << encoded;
    return file_ ? absl::OkStatus() : CanNotWrite(path_);
  }

  absl::Status Close() override {
    file_.close();
    return file_ ? absl::OkStatus() : CanNotWrite(path_);
  }

  std::string path_;
  std::ofstream file_;
  std::optional<Transcoder> transcoder_;
};

class XlsxRejects : public RejectsFile {
 public:
  explicit XlsxRejects(RejectsOptions options)
      : RejectsFile(std::move(options)) {}
  ~XlsxRejects() override {
    if (workbook_ != nullptr) workbook_close(workbook_);
  }

 private:
  struct SheetState {
    lxw_worksheet* sheet = nullptr;
    lxw_row_t rows = 0;
  };

  absl::Status Open(const std::string& path) override {
    path_ = path;
    lxw_workbook_options options = {};
    // Rows go to disk as they are written.
    options.constant_memory = LXW_TRUE;
    workbook_ = workbook_new_opt(path.c_str(), &options);
    return workbook_ != nullptr ? absl::OkStatus() : CanNotWrite(path);
  }

  absl::Status Write(const Row& row) override {
    SheetState& state = sheets_[row.sheet];
    if (state.sheet == nullptr) {
      state.sheet = workbook_add_worksheet(
          workbook_, row.sheet.empty() ? nullptr : row.sheet.c_str());
      if (state.sheet == nullptr) return CanNotWrite(path_);
    }
    for (size_t i = 0; i < row.cells.size(); ++i) {
      const Cell& cell = row.cells[i];
      const auto column = static_cast<lxw_col_t>(i);
      lxw_error error = LXW_NO_ERROR;
      if (cell.kind == Cell::Kind::kNumber) {
        // Plain digits, 15 of them at most, come back as they are.
        error = worksheet_write_number(state.sheet, state.rows, column,
                                       std::strtod(cell.text.c_str(), nullptr),
                                       nullptr);
      } else if (cell.kind != Cell::Kind::kBlank) {
        error = worksheet_write_string(
            state.sheet, state.rows, column,
            cell.text.substr(0, xlsx_text_bytes_max).c_str(), nullptr);
      }
      if (error != LXW_NO_ERROR) return CanNotWrite(path_);
    }
    ++state.rows;
    return absl::OkStatus();
  }

  absl::Status Close() override {
    return workbook_close(std::exchange(workbook_, nullptr)) == LXW_NO_ERROR
               ? absl::OkStatus()
               : CanNotWrite(path_);
  }

  std::string path_;
  lxw_workbook* workbook_ = nullptr;
  std::map<std::string, SheetState> sheets_;
};

// `row` with `text` in the column under `heading` of `header`, else in the one
// behind all others.
void Put(const Headings& headings, size_t column, absl::string_view heading,
         const std::string& text, Row& row) {
  column = headings.FindOne(heading).value_or(column);
  if (row.cells.size() <= column) row.cells.resize(column + 1);
  row.cells[column] = {Cell::Kind::kText, text};
}

}  // namespace

RejectsFile::~RejectsFile() {
  std::error_code ignored;
  if (!part_.empty()) std::filesystem::remove(part_, ignored);
}

absl::StatusOr<std::unique_ptr<RejectsFile>> RejectsFile::Create(
    RejectsOptions options) {
  std::error_code error;
  if (!options.path.empty() && std::filesystem::exists(options.path, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        options.path,
        ": exists, and may hold work; name another with --rejects=FILE"));
  }
  if (options.format == TableReader::Format::kXlsx) {
    return std::unique_ptr<RejectsFile>(
        std::make_unique<XlsxRejects>(std::move(options)));
  }
  return std::unique_ptr<RejectsFile>(
      std::make_unique<CsvRejects>(std::move(options)));
}

absl::Status RejectsFile::Add(const Row& header, const Row& row,
                              const std::string& key,
                              const std::string& reason) {
  const Headings headings(header);
  const bool new_sheet = rows_ == 0 || written_sheet_ != row.sheet;
  if (rows_ == 0) {
    // Two importers of one table each have their own.
    part_ = absl::StrCat(options_.path.empty() ? options_.table : options_.path,
                         ".part-", getpid());
    RETURN_IF_ERROR(Open(part_));
  }
  const auto write = [&](Row line, const std::string& key_text,
                         const std::string& reason_text) {
    line.sheet = row.sheet;
    for (Cell& cell : line.cells) {
      if (cell.merged && cell.kind == Cell::Kind::kNumber) cell = {};
    }
    size_t column = header.cells.size();
    if (options_.keys) Put(headings, column++, kKeyHeading, key_text, line);
    Put(headings, column, kReasonHeading, reason_text, line);
    return Write(line);
  };
  if (new_sheet) RETURN_IF_ERROR(write(header, kKeyHeading, kReasonHeading));
  written_sheet_ = row.sheet;
  ++rows_;
  return write(row, key, reason);
}

absl::StatusOr<std::string> RejectsFile::Finish() {
  if (rows_ == 0) return std::string();
  RETURN_IF_ERROR(Close());
  while (true) {
    const std::string path =
        options_.path.empty() ? FreeRejectsPath(options_.table) : options_.path;
    std::error_code error;
    // Unlike renaming, it takes no name that somebody else took meanwhile.
    std::filesystem::create_hard_link(part_, path, error);
    if (!error) return path;
    const bool taken = error == std::errc::file_exists;
    if (taken && options_.path.empty()) continue;
    if (taken) return CanNotWrite(path);
    // Some file systems have no links.
    std::filesystem::rename(part_, path, error);
    if (error) return CanNotWrite(path);
    return path;
  }
}

std::string FreeRejectsPath(const std::string& path) {
  const std::filesystem::path input(path);
  for (int n = 1;; ++n) {
    const std::filesystem::path candidate =
        input.parent_path() / absl::StrCat(input.stem().string(), ".rejects",
                                           n == 1 ? "" : absl::StrCat("-", n),
                                           input.extension().string());
    std::error_code error;
    if (!std::filesystem::exists(candidate, error)) return candidate.string();
  }
}

}  // namespace daybook::importer
