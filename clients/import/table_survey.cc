#include "clients/import/table_survey.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/import/row_key.h"
#include "core/base/status_macros.h"

namespace daybook::importer {

uint32_t KeyCounts::Of(const std::string& key) const {
  const auto found = counts_.find(KeyDigest(key));
  return found == counts_.end() ? 0 : found->second;
}

std::string UniqueKey(const internal::VoucherMapping& mapping,
                      const Voucher& voucher, KeyCounts& counts) {
  if (voucher.key_given) return voucher.key;
  const uint32_t count = counts.Count(voucher.key);
  if (!mapping.key_repeats() || count == 1) return voucher.key;
  std::string key = absl::StrCat(voucher.key, "/", count);
  if (key.size() > key_bytes_max) {
    key = KeyOf({voucher.key, absl::StrCat(count)});
  }
  return key;
}

bool IsWanted(const internal::VoucherMapping& mapping,
              const std::string& sheet) {
  const auto& wanted = mapping.table().sheet();
  return wanted.empty() || sheet.empty() ||
         std::find(wanted.begin(), wanted.end(), sheet) != wanted.end();
}

absl::StatusOr<TableSurvey> TableSurvey::Make(
    TableReader& table, const internal::VoucherMapping& mapping,
    const std::string& ledger) {
  TableSurvey survey;
  SheetScanner scanner(mapping, ledger);
  KeyCounts repeats;
  RETURN_IF_ERROR(table.ForEachRow([&](const Row& row) -> absl::Status {
    if (!IsWanted(mapping, row.sheet)) return absl::OkStatus();
    ++survey.rows;
    ASSIGN_OR_RETURN(const RowClass row_class, scanner.Classify(row));
    if (row_class != RowClass::kData) return absl::OkStatus();
    const Voucher voucher = scanner.table()->Read(row);
    if (voucher.filtered || voucher.key.empty()) return absl::OkStatus();
    survey.keys.Count(UniqueKey(mapping, voucher, repeats));
    if (!voucher.input.event().subject().empty()) {
      survey.reports.insert(voucher.input.event().subject());
    }
    return absl::OkStatus();
  }));
  scanner.Finish();
  survey.notes = scanner.without_header();
  if (!scanner.found()) {
    return absl::InvalidArgumentError(
        survey.notes.empty()
            ? "the table is empty, or has none of the mapping's sheets"
            : absl::StrCat(absl::StrJoin(survey.notes, "\n"),
                           "; the table was read as ", table.encoding()));
  }
  return survey;
}

}  // namespace daybook::importer
