#include "services/audit/replay.h"

#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "services/audit/entry_scan.h"

namespace daybook::services {
namespace {

absl::Status CheckSubject(const std::string& subject,
                          const LedgerEngine& ledger) {
  const absl::StatusOr<ResourceName> name = ResourceName::Parse(subject);
  if (!name.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("subject: ", name.status().message()));
  }
  if (name->LedgerString() != ledger.ledger()) {
    return absl::InvalidArgumentError(
        absl::StrCat("subject: ", subject, " is not in ", ledger.ledger(),
                     "; ask the ledger that it is in"));
  }
  ASSIGN_OR_RETURN(const bool known, ledger.IsKnown(*name));
  if (known) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("subject: nothing is recorded about ", subject,
                   "; an empty subject asks for the whole ledger"));
}

}  // namespace

absl::StatusOr<ReplayQuestion> ParseReplay(
    const v1::ReplayEventsRequest& request, const LedgerEngine& ledger) {
  if (request.first_position() > ledger.size().value()) {
    return absl::OutOfRangeError(absl::StrCat(
        "first_position: ", request.first_position(), " is past the end of ",
        ledger.ledger(), ", which has ", ledger.size().value(),
        " entries; the first position after them is ", ledger.size().value()));
  }
  if (!request.subject().empty()) {
    RETURN_IF_ERROR(CheckSubject(request.subject(), ledger));
  }
  ReplayQuestion question;
  question.first = Position(request.first_position());
  question.limit = request.limit() == 0 ? std::numeric_limits<uint64_t>::max()
                                        : request.limit();
  v1::EntryFilter of;
  of.set_subject(request.subject());
  of.set_source(request.source());
  for (const v1::EntryFilter& asked : {of, request.filter()}) {
    ASSIGN_OR_RETURN(EntryFilter filter,
                     EntryFilter::Make(asked, ledger.ledger()));
    question.filters.push_back(std::move(filter));
  }
  return question;
}

absl::Status Replay(const LedgerEngine& ledger, ReplayQuestion question,
                    absl::FunctionRef<bool()> wanted, ReplayTo give) {
  EntryScan scan(ledger, question.first, NextPosition(ledger.size()),
                 std::move(question.filters));
  uint64_t left = question.limit;
  v1::StoredEntry stored;
  while (!scan.done() && left > 0 && wanted()) {
    ASSIGN_OR_RETURN(std::vector<EntryScan::Found> chunk, scan.NextChunk());
    for (size_t i = 0; i < chunk.size() && left > 0; ++i, --left) {
      stored.set_position(chunk[i].position.value());
      stored.set_entry(std::move(chunk[i].entry));
      const bool more = i + 1 < chunk.size() && left > 1;
      if (!give(stored, more)) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

}  // namespace daybook::services
