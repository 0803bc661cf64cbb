// ExportSource: the entries of an export, read from its bundles.
//
// Thread safety: thread-compatible.
//
// Layout: c2sp.org/tlog-tiles; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CLIENTS_CLI_EXPORT_SOURCE_H_
#define DAYBOOK_CLIENTS_CLI_EXPORT_SOURCE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "clients/audit/directory_fetcher.h"
#include "clients/cli/entry_source.h"
#include "core/base/strong_int.h"

namespace daybook::cli {

class ExportSource final : public EntrySource {
 public:
  // Reads how large the export is and of which ledger.
  //
  // Errors: NOT_FOUND when there is no checkpoint or no genesis; DATA_LOSS when
  // one can not be read.
  static absl::StatusOr<std::unique_ptr<ExportSource>> Open(
      const std::filesystem::path& directory);

  absl::Status Replay(const ReplayRange& range, VisitEntry visit) override;
  absl::Status Find(const v1::EntryFilter& filter, bool personal_data,
                    VisitPage visit) override;
  absl::StatusOr<std::optional<v1::Entry>> FindEvent(
      const v1::EventIdentity& identity) override;

  LogSize size() const { return size_; }
  // "ledgers/430203".
  const std::string& ledger() const { return ledger_; }

 private:
  ExportSource(audit::DirectoryFetcher fetcher, LogSize size)
      : fetcher_(std::move(fetcher)), size_(size) {}

  // The bundle with this index, entry by entry.
  absl::StatusOr<std::vector<std::string>> ReadBundle(uint64_t index);

  audit::DirectoryFetcher fetcher_;
  const LogSize size_;
  std::string ledger_;
  // Positions of what was replayed, by a hash of the identity; those whose hash
  // was there already are looked at one by one.
  absl::flat_hash_map<uint64_t, uint64_t> replayed_;
  std::vector<uint64_t> collided_;
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_EXPORT_SOURCE_H_
