// VoucherTable: a mapping held against the headings of a table, so that its
// rows become events.
//
// Pure: it reads rows and nothing else. Everything that is wrong with a row is
// found at once.
//
// Thread safety: immutable once made; any thread may read.
//
// Rules: docs/import.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_VOUCHER_TABLE_H_
#define DAYBOOK_CLIENTS_IMPORT_VOUCHER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/import/cell_values.h"
#include "clients/import/headings.h"
#include "clients/import/mapping.h"
#include "clients/import/table_reader.h"
#include "daybook/v1/event.pb.h"

namespace daybook::importer {

// The heading under which a file of rejects carries keys that can not be found
// anew in a part of the table, and the one of its reasons.
inline constexpr const char* kKeyHeading = "daybook行键";
inline constexpr const char* kReasonHeading = "拒绝原因";

// What a row says.
struct Voucher {
  // Empty when the row has none.
  std::string key;
  // Of a table whose keys repeat: the key is final, it counts no more.
  bool key_given = false;
  // Without event id.
  v1::EventInput input;
  // Absent when it can not be read; what counts as spending is positive.
  std::optional<int64_t> amount_fen;
  // The mapping leaves the row out.
  bool filtered = false;
  // It was deleted upstream, or its amount is 0 or blank: it states nothing.
  bool deleted = false;
  // Each names column, value, what is wrong and what to do.
  std::vector<std::string> problems;
};

class VoucherTable {
 public:
  // The headings that a table must have for `mapping`, each with its
  // alternatives, and lacks.
  static std::vector<std::string> MissingHeadings(
      const internal::VoucherMapping& mapping, const Headings& headings);

  // Headings that stand twice, so that it is unclear which column is meant.
  static std::vector<std::string> AmbiguousHeadings(
      const internal::VoucherMapping& mapping, const Headings& headings);

  // `mapping` must outlive it, and no heading be missing. `ledger` is "430203".
  VoucherTable(const internal::VoucherMapping& mapping, Headings headings,
               std::string ledger);

  // Whether a column of the key is blank, as in rows that sum others.
  bool LacksKey(const Row& row) const;

  // Whether the row has neither day nor amount, as the signatures below a
  // table, and is not marked as deleted.
  bool IsNote(const Row& row) const;

  // The row's amounts as they stand in its columns, one or debit and credit,
  // for checking sums. Blank counts as 0; nothing when one can not be read.
  std::optional<std::vector<int64_t>> ColumnAmounts(const Row& row) const;

  Voucher Read(const Row& row) const;

 private:
  class Reading;

  const internal::VoucherMapping& mapping_;
  const Headings headings_;
  const std::string ledger_;
};

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_VOUCHER_TABLE_H_
