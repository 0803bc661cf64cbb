#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/audit/checkpoint_check.h"
#include "clients/audit/export.h"
#include "clients/audit/server_fetcher.h"
#include "clients/cli/audit_parts.h"
#include "clients/cli/commands.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

// Of each key that signed checkpoints, the largest that it signed: what the
// next key is vouched for by. The newest key's is left out.
absl::StatusOr<std::vector<std::string>> LastOfEachKey(
    client::Client& client, const std::string& ledger) {
  v1::ListCheckpointsRequest request;
  request.set_ledger(ledger);
  constexpr int page_size = 1'000;
  request.set_page_size(page_size);
  ASSIGN_OR_RETURN(const std::vector<v1::Checkpoint> checkpoints,
                   client.ListCheckpoints(request));
  std::vector<std::string> notes;
  std::map<uint32_t, bool> seen;
  // Newest first.
  for (const v1::Checkpoint& checkpoint : checkpoints) {
    const auto kept = audit::ParseKept("", checkpoint.note());
    if (!kept.ok()) continue;
    for (const auto& signature : kept->note.signatures) {
      if (signature.name != kept->said.origin) continue;
      const bool is_new = seen.emplace(signature.id.value(), true).second;
      if (is_new && seen.size() > 1) notes.push_back(checkpoint.note());
    }
  }
  return notes;
}

void LookUpPersonalData(client::Client& client, const std::string& ledger,
                        audit::ExportOptions& options) {
  options.personal = [&client, ledger](Position position, uint32_t place) {
    return audit::ReadPersonalRow(client, ledger, position, place);
  };
  options.find_event = [&client, ledger](const v1::EventIdentity& identity)
      -> absl::StatusOr<std::optional<Position>> {
    v1::GetEventRequest request;
    request.set_ledger(ledger);
    *request.mutable_identity() = identity;
    const absl::StatusOr<v1::StoredEntry> stored = client.GetEvent(request);
    if (absl::IsNotFound(stored.status())) return std::optional<Position>();
    RETURN_IF_ERROR(stored.status());
    return std::optional<Position>(stored->position());
  };
}

absl::Status RunExport(const CommandLine& line, Streams& streams) {
  client::Client client(line.server());
  const std::string ledger = LedgerName(line.argument(0));
  audit::ServerFetcher fetcher(client, ledger);
  ProgressLine shown(streams);
  audit::ExportOptions options;
  options.folder = line.argument(1);
  options.progress = shown.progress();
  ASSIGN_OR_RETURN(options.older_checkpoints, LastOfEachKey(client, ledger));
  if (line.Has("personal-data")) LookUpPersonalData(client, ledger, options);
  const absl::StatusOr<audit::Exported> exported =
      audit::Export(fetcher, options);
  shown.Clear();
  RETURN_IF_ERROR(exported.status());
  streams.out << "exported " << exported->size << " entries of " << ledger
              << " to " << line.argument(1);
  if (exported->size_before > 0) {
    streams.out << ", " << exported->size - exported->size_before << " new";
  }
  streams.out << "\n"
              << exported->files_written << " files written, "
              << exported->files_kept << " there already\nvkey "
              << exported->verifier_key << "\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> ExportCommands() {
  return {
      {"audit export",
       "LEDGER DIR",
       "Writes a ledger as files that anybody can verify, or adds what is new.",
       {{"personal-data", Flag::Kind::kSwitch, "",
         "also personal values and their salts, in personal/"}},
       2,
       RunExport},
  };
}

}  // namespace daybook::cli
