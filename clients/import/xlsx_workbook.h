// What a workbook says beside its sheets: their names and parts, its texts, and
// which formats are dates.
//
// Thread safety: XlsxWorkbook is immutable once read.
//
// Format: ECMA-376 part 1, 18.2 (workbook), 18.4 (shared strings), 18.8
// (styles).

#ifndef DAYBOOK_CLIENTS_IMPORT_XLSX_WORKBOOK_H_
#define DAYBOOK_CLIENTS_IMPORT_XLSX_WORKBOOK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/import/table_reader.h"
#include "clients/import/xlsx_container.h"

namespace daybook::importer {

// The shared texts of a workbook, in one piece of memory.
class SharedTexts {
 public:
  void Add(absl::string_view text) {
    bytes_.append(text.data(), text.size());
    ends_.push_back(bytes_.size());
  }
  size_t size() const { return ends_.size(); }
  // What they take.
  size_t memory() const {
    return bytes_.size() + ends_.size() * sizeof(uint64_t);
  }
  absl::string_view at(size_t i) const {
    const uint64_t begin = i == 0 ? 0 : ends_[i - 1];
    return absl::string_view(bytes_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string bytes_;
  std::vector<uint64_t> ends_;
};

struct XlsxWorkbook {
  std::vector<Sheet> sheets;
  // The part of each sheet.
  std::vector<std::string> parts;
  SharedTexts texts;
  // For each cell format, whether it shows dates.
  std::vector<bool> date_formats;
  // Whether days are counted from 1904.
  bool system_1904 = false;
};

// Errors: as TableReader::Open and ForEachRow.
absl::StatusOr<XlsxWorkbook> ReadXlsxWorkbook(XlsxContainer& container,
                                              const TableLimits& limits);

// "_x000D_" stands for a carriage return, and so on.
std::string UnescapeXlsxText(absl::string_view text);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_XLSX_WORKBOOK_H_
