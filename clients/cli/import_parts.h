// What imports of vouchers and of other kinds take and say alike.
//
// Thread safety: pure functions, but for what writes to streams.

#ifndef DAYBOOK_CLIENTS_CLI_IMPORT_PARTS_H_
#define DAYBOOK_CLIENTS_CLI_IMPORT_PARTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/command_line.h"
#include "clients/cli/import_text.h"
#include "clients/cpp/client.h"
#include "clients/import/import_summary.h"
#include "daybook/v1/values.pb.h"

namespace daybook::cli {

// --ledger, else that of the mapping: "430203".
//
// Errors: INVALID_ARGUMENT when there is none, or it is no code.
absl::StatusOr<std::string> LedgerOf(const CommandLine& line,
                                     const std::string& mapping);

// --correction-reason and --approver.
std::optional<v1::Correction> CorrectionOf(const CommandLine& line);

// The first reasons, and how many rows more there are.
void PrintReasons(const std::string& path,
                  const std::vector<std::string>& reasons, int64_t rejected,
                  Streams& streams);

// The figures of one report that change, as they are now.
absl::StatusOr<std::map<std::string, int64_t>> ReadFiguresNow(
    client::Client& client, const std::string& report,
    const importer::ImportEffect::Report& effect);

// OK, or how many rows were rejected and what to do.
absl::Status RejectedStatus(int64_t rejected, bool dry_run,
                            const std::string& rejects_path);

// Says of a server that went away that importing again goes on.
absl::Status ExplainInterrupted(const absl::Status& status);

// import of any --kind but voucher.
absl::Status ImportFormCommand(const CommandLine& line, Streams& streams);

// voucher, and the other kinds.
std::vector<std::string> ImportKinds();

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_IMPORT_PARTS_H_
