#include "services/audit/replay.h"

#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/entry_codec.h"

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

// Whether the entry is about the subject or about something under it.
bool IsAbout(const v1::Entry& entry, absl::string_view subject) {
  const absl::string_view about =
      entry.has_genesis() ? entry.genesis().ledger() : entry.event().subject();
  return absl::StartsWith(about, subject) &&
         (about.size() == subject.size() || about[subject.size()] == '/');
}

absl::StatusOr<bool> IsAskedFor(const ReplayQuestion& question,
                                Position position, absl::string_view bytes) {
  if (question.subject.empty() && question.source.empty()) return true;
  ASSIGN_OR_RETURN(const v1::Entry entry, ParseEntry(position, bytes));
  if (!question.source.empty() && entry.source() != question.source) {
    return false;
  }
  return question.subject.empty() || IsAbout(entry, question.subject);
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
  question.subject = request.subject();
  question.source = request.source();
  return question;
}

absl::Status Replay(const LedgerEngine& ledger, const ReplayQuestion& question,
                    absl::FunctionRef<bool()> wanted,
                    absl::FunctionRef<bool(const v1::StoredEntry&)> give) {
  const Position end = NextPosition(ledger.size());
  uint64_t given = 0;
  uint64_t next = question.first.value();
  v1::StoredEntry stored;
  while (next < end.value() && given < question.limit && wanted()) {
    ASSIGN_OR_RETURN(std::vector<std::string> chunk,
                     ledger.ReadChunk(Position(next), end));
    for (std::string& bytes : chunk) {
      if (given == question.limit) break;
      const Position position(next++);
      ASSIGN_OR_RETURN(const bool asked, IsAskedFor(question, position, bytes));
      if (!asked) continue;
      stored.set_position(position.value());
      stored.set_entry(std::move(bytes));
      if (!give(stored)) return absl::OkStatus();
      ++given;
    }
  }
  return absl::OkStatus();
}

}  // namespace daybook::services
