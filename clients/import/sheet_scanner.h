// SheetScanner: what each row of a table is for: title, heading, sum or
// voucher.
//
// Offices put titles above the headings, sums between the rows and signatures
// below them. Rows come in order, sheet after sheet; each sheet has its own
// headings, found by the words that the mapping needs. A sum is checked against
// the rows that it sums.
//
// Thread safety: thread-compatible.
//
// Rules: docs/import.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_SHEET_SCANNER_H_
#define DAYBOOK_CLIENTS_IMPORT_SHEET_SCANNER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/import/cell_values.h"
#include "clients/import/mapping.h"
#include "clients/import/table_reader.h"
#include "clients/import/voucher_table.h"
#include "core/base/decimal.h"

namespace daybook::importer {

enum class RowClass {
  // Above the headings, or a note without key and amount below them.
  kTitle,
  // Headings, also where a page repeats them.
  kHeader,
  kBlank,
  // 合计 and the like.
  kSubtotal,
  kData,
};

// Sums of the one or two columns of amounts, since some row.
class ColumnSums {
 public:
  // Nothing: amounts that can not be read, so that the sum is unknown.
  void Add(const std::optional<std::vector<int64_t>>& amounts);
  void Reset() { *this = ColumnSums(); }

  // Whether it is known and another one; then `expected` is what it is.
  bool Differs(const std::vector<int64_t>& stated,
               std::vector<Int128>& expected) const;

 private:
  bool unknown_ = false;
  std::vector<Int128> sums_;
};

class SheetScanner {
 public:
  // The first rows of a sheet among which its headings must be.
  static constexpr int64_t header_rows_max = 100;

  // `mapping` must outlive it. `ledger` is "430203".
  SheetScanner(const internal::VoucherMapping& mapping, std::string ledger);

  // What the next row is.
  //
  // Errors: INVALID_ARGUMENT when a needed heading stands twice.
  absl::StatusOr<RowClass> Classify(const Row& row);

  // How the rows since the last header are read; null before one.
  const VoucherTable* table() const { return table_.get(); }
  // The row of headings; empty before one.
  const Row& header() const { return header_; }
  // Whether any sheet had headings.
  bool found() const { return found_; }
  // The sheets without them, each with what the nearest row lacks.
  const std::vector<std::string>& without_header() const {
    return without_header_;
  }
  // To be called after the last row.
  void Finish() { EndSheet(); }

  // Sums that are not those of their rows, each a sentence; at most
  // `mismatches_max` are kept.
  static constexpr size_t mismatches_max = 100;
  const std::vector<std::string>& mismatches() const { return mismatches_; }
  uint64_t mismatches_total() const { return mismatches_total_; }

 private:
  absl::StatusOr<bool> TakeHeader(const Row& row);
  void EndSheet();
  void CheckSubtotal(const Row& row, SubtotalKind kind);
  void CheckSum(const Row& row, const ColumnSums& sums,
                const std::vector<int64_t>& stated, const char* what);
  void CheckYear(const Row& row, const std::vector<int64_t>& stated);

  const internal::VoucherMapping& mapping_;
  const std::string ledger_;

  bool started_ = false;
  std::string sheet_;
  int64_t rows_ = 0;
  std::unique_ptr<VoucherTable> table_;
  Row header_;
  bool found_ = false;
  // Of a sheet without headings so far: what its nearest row lacks.
  std::vector<std::string> nearest_missing_;
  std::vector<std::string> without_header_;

  ColumnSums since_subtotal_;
  ColumnSums since_month_;
  ColumnSums since_opening_;
  ColumnSums since_header_;
  // The last sum of the year, and what came since.
  std::optional<std::vector<int64_t>> year_;
  ColumnSums since_year_;
  std::vector<std::string> mismatches_;
  uint64_t mismatches_total_ = 0;
};

// "1234.56" of fen beyond 63 bits.
std::string YuanText(Int128 fen);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_SHEET_SCANNER_H_
