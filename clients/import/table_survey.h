// TableSurvey: what the first reading of a table finds out.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CLIENTS_IMPORT_TABLE_SURVEY_H_
#define DAYBOOK_CLIENTS_IMPORT_TABLE_SURVEY_H_

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/import/mapping.h"
#include "clients/import/row_key.h"
#include "clients/import/sheet_scanner.h"
#include "clients/import/table_reader.h"

namespace daybook::importer {

// Counts keys in 16 bytes each, whatever their length.
class KeyCounts {
 public:
  // How often `key` was counted, this time included.
  uint32_t Count(const std::string& key) { return ++counts_[KeyDigest(key)]; }
  uint32_t Of(const std::string& key) const;

 private:
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, uint32_t> counts_;
};

// The key of `voucher`, which must have one, made unique where the mapping lets
// keys repeat. `counts` is that of one reading of the table.
std::string UniqueKey(const internal::VoucherMapping& mapping,
                      const Voucher& voucher, KeyCounts& counts);

struct TableSurvey {
  // Errors: as ImportVouchers of the table.
  static absl::StatusOr<TableSurvey> Make(
      TableReader& table, const internal::VoucherMapping& mapping,
      const std::string& ledger);

  int64_t rows = 0;
  // The keys of the rows that the mapping takes.
  KeyCounts keys;
  // The reports that these name.
  std::set<std::string> reports;
  // Sheets without headings, and what they lack.
  std::vector<std::string> notes;
};

// Whether the mapping wants the sheet.
bool IsWanted(const internal::VoucherMapping& mapping,
              const std::string& sheet);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_TABLE_SURVEY_H_
