#include "clients/cli/entry_source.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/export_source.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"

namespace daybook::cli {
namespace {

// Entries of a page, the most that the server answers.
constexpr int page_entries = 1'000;

class ServerSource final : public EntrySource {
 public:
  ServerSource(const std::string& server, std::string ledger)
      : client_(server), ledger_(std::move(ledger)) {}

  absl::Status Replay(const ReplayRange& range, VisitEntry visit) override {
    v1::ReplayEventsRequest request;
    request.set_ledger(ledger_);
    request.set_first_position(range.first);
    request.set_limit(range.limit);
    *request.mutable_filter() = range.filter;
    // There the server says when nothing is recorded about it.
    request.set_subject(range.filter.subject());
    request.mutable_filter()->clear_subject();
    return client_.ReplayEvents(request, visit);
  }

  absl::Status Find(const v1::EntryFilter& filter, bool personal_data,
                    VisitPage visit) override {
    v1::FindEntriesRequest request;
    request.set_ledger(ledger_);
    *request.mutable_filter() = filter;
    request.set_page_size(page_entries);
    request.set_include_personal_data(personal_data);
    return client_.FindEntries(std::move(request), visit);
  }

  absl::StatusOr<std::optional<v1::Entry>> FindEvent(
      const v1::EventIdentity& identity) override {
    v1::GetEventRequest request;
    request.set_ledger(ledger_);
    *request.mutable_identity() = identity;
    const absl::StatusOr<v1::StoredEntry> stored = client_.GetEvent(request);
    if (absl::IsNotFound(stored.status())) return std::optional<v1::Entry>();
    RETURN_IF_ERROR(stored.status());
    v1::Entry entry;
    if (entry.ParseFromString(stored->entry())) {
      return std::optional<v1::Entry>(std::move(entry));
    }
    return absl::DataLossError(absl::StrCat(
        "the entry at position ", stored->position(), " is no Entry"));
  }

 private:
  client::Client client_;
  const std::string ledger_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<EntrySource>> OpenEntrySource(
    const CommandLine& line) {
  const std::string named = line.argument(0);
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::path(named) / "checkpoint",
                              error)) {
    ASSIGN_OR_RETURN(std::unique_ptr<ExportSource> source,
                     ExportSource::Open(named));
    return source;
  }
  return std::make_unique<ServerSource>(
      line.server(),
      absl::StrCat("ledgers/", absl::StripPrefix(named, "ledgers/")));
}

}  // namespace daybook::cli
