// VoucherImport: a table of vouchers, recorded.
//
// The table is read twice: first to find its headings, what it names and keys
// that stand twice, then to record it. Running it again is always right: what
// is recorded is not recorded again, what changed becomes a correction.
//
// Thread safety: thread-compatible.
//
// Rules: docs/import.md.

#ifndef DAYBOOK_CLIENTS_IMPORT_VOUCHER_IMPORT_H_
#define DAYBOOK_CLIENTS_IMPORT_VOUCHER_IMPORT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "clients/cpp/client.h"
#include "clients/import/import_summary.h"
#include "clients/import/mapping.h"
#include "daybook/v1/values.pb.h"

namespace daybook::importer {

// Days, both included, for which the table is all that holds.
struct SnapshotPeriod {
  absl::CivilDay from;
  absl::CivilDay to;
};

struct VoucherImportOptions {
  // HOST:PORT, where the client calls too.
  std::string server;
  std::string path;
  internal::VoucherMapping mapping;
  // "430203".
  std::string ledger;
  std::string source;
  // Where rejected rows go; empty finds a name beside the table.
  std::string rejects_path;
  bool dry_run = false;
  std::optional<v1::Correction> correction;
  std::optional<SnapshotPeriod> snapshot;
  // Rows done, and how many there are; may be empty.
  std::function<void(int64_t, int64_t)> progress;
  // Whether so many absent vouchers with this sum are to be reversed. Asked
  // once, and only where there are any.
  std::function<bool(int64_t, Int128)> confirm;
};

struct VoucherImportResult {
  ImportSummary summary;
  ImportEffect effect;
  // Empty when no row was rejected.
  std::string rejects_path;
  // The first reasons, "row 12: …", at most `reasons_max`.
  static constexpr size_t reasons_max = 16;
  std::vector<std::string> reasons;
  // Sums of the table that are not those of its rows; how many there are.
  std::vector<std::string> mismatches;
  uint64_t mismatches_total = 0;
  // Sheets that were left out, and why.
  std::vector<std::string> notes;
  // Of a snapshot: vouchers that are absent from the table.
  RowCount absent;
  // How many of them were reversed; those that could not be, with the reason.
  int64_t absent_reversed = 0;
  std::vector<std::string> absent_refused;
};

// Errors: those of the table (TableReader); INVALID_ARGUMENT when it has no
// headings that fit; those of the server that concern no single row, such as
// UNAVAILABLE: what was recorded by then stays, and running it again goes on.
absl::StatusOr<VoucherImportResult> ImportVouchers(
    client::Client& client, const VoucherImportOptions& options);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_VOUCHER_IMPORT_H_
