#include "clients/import/recorded_keys.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/import/revisions.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::importer {
namespace {

absl::StatusOr<v1::Entry> ParseEntry(const v1::StoredEntry& stored) {
  v1::Entry entry;
  if (entry.ParseFromString(stored.entry())) return entry;
  return absl::DataLossError(absl::StrCat(
      "entry ", stored.position(), " can not be read; see docs/operation.md"));
}

}  // namespace

absl::StatusOr<RecordedKeys> RecordedKeys::Read(
    client::Client& client, const std::string& ledger,
    const std::string& source, const std::set<std::string>& reports) {
  RecordedKeys recorded;
  for (const std::string& report : reports) {
    v1::ReplayEventsRequest request;
    request.set_ledger(ledger);
    request.set_source(source);
    request.set_subject(report);
    const absl::Status status = client.ReplayEvents(
        request, [&](const v1::StoredEntry& stored) -> absl::Status {
          ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(stored));
          const v1::Event& event = entry.event();
          const bool reversal = event.has_reversal();
          const std::optional<Revision> revision = ParseRevisionId(
              reversal ? event.reversal().target_event_id() : event.event_id());
          if (!revision.has_value()) return absl::OkStatus();
          RecordedKey& key = recorded.keys_[revision->key];
          if (reversal) {
            if (key.revision == revision->number) key.reversed = true;
            return absl::OkStatus();
          }
          if (recorded.keys_.size() > keys_max) {
            return absl::OutOfRangeError(
                absl::StrCat(report, ": has over ", keys_max, " rows of ",
                             source, "; import a shorter period"));
          }
          // Registrations have no day.
          if (event.has_effective_date()) {
            ASSIGN_OR_RETURN(key.day, ToCivilDay(event.effective_date()));
          }
          key.revision = revision->number;
          key.reversed = false;
          key.amount_fen = event.expenditure_recorded().amount_fen();
          key.subject = event.subject();
          return absl::OkStatus();
        });
    if (!status.ok() && !absl::IsNotFound(status)) return status;
  }
  return recorded;
}

const RecordedKey* RecordedKeys::Find(const std::string& key) const {
  const auto found = keys_.find(key);
  return found == keys_.end() ? nullptr : &found->second;
}

absl::StatusOr<std::string> BookSourceOf(client::Client& client,
                                         const std::string& report) {
  ASSIGN_OR_RETURN(const ResourceName name, ResourceName::Parse(report));
  v1::ReplayEventsRequest request;
  request.set_ledger(name.LedgerString());
  request.set_subject(report);
  std::string source;
  const absl::Status status = client.ReplayEvents(
      request, [&](const v1::StoredEntry& stored) -> absl::Status {
        ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(stored));
        if (!entry.event().has_report_opened()) return absl::OkStatus();
        source = entry.event().report_opened().book_source();
        // It stands first or nearly so: the rest need not come.
        return absl::CancelledError("found");
      });
  if (!status.ok() && !absl::IsNotFound(status) && !absl::IsCancelled(status)) {
    return status;
  }
  return source;
}

}  // namespace daybook::importer
