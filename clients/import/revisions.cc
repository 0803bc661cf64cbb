#include "clients/import/revisions.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/refusals.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "daybook/v1/entry.pb.h"
#include "google/protobuf/util/message_differencer.h"

namespace daybook::importer {
namespace {

// How often a chain that others lengthen meanwhile is followed again.
constexpr int races_max = 16;

constexpr const char* changed_reason = "上游数据已更改";
constexpr const char* deleted_reason = "上游数据已删除";

bool HasCode(const std::vector<v1::Problem>& problems, absl::StatusCode code) {
  for (const v1::Problem& problem : problems) {
    if (problem.code() == static_cast<int>(code)) return true;
  }
  return false;
}

}  // namespace

std::string RevisionId(const std::string& key, int revision) {
  return absl::StrCat(key, "#", revision);
}

std::string ReversalId(const std::string& key, int revision) {
  return absl::StrCat(key, "#", revision, "~");
}

std::optional<Revision> ParseRevisionId(const std::string& event_id) {
  const size_t mark = event_id.rfind('#');
  if (mark == std::string::npos || mark == 0) return std::nullopt;
  Revision revision{event_id.substr(0, mark)};
  if (!absl::SimpleAtoi(event_id.substr(mark + 1), &revision.number) ||
      revision.number < 1 ||
      RevisionId(revision.key, revision.number) != event_id) {
    return std::nullopt;
  }
  return revision;
}

bool StatesTheSame(const v1::Event& recorded, const v1::Event& wanted) {
  v1::Event a = recorded;
  v1::Event b = wanted;
  for (v1::Event* const event : {&a, &b}) {
    event->clear_event_id();
    event->clear_correction();
    event->clear_replaces();
    event->clear_source_recorded_time();
  }
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

bool AsksForCorrection(const std::vector<v1::Problem>& problems) {
  for (const v1::Problem& problem : problems) {
    if (problem.code() ==
            static_cast<int>(absl::StatusCode::kFailedPrecondition) &&
        (problem.field() == "event.correction" ||
         problem.field() == "correction")) {
      return true;
    }
  }
  return false;
}

RevisionWriter::RevisionWriter(client::Client& client, RevisionOptions options)
    : client_(client), options_(std::move(options)) {}

absl::StatusOr<RowOutcome> RevisionWriter::Replace(
    const std::string& key, const v1::EventInput& wanted) {
  RowOutcome outcome;
  for (int race = 0; race < races_max; ++race) {
    ASSIGN_OR_RETURN(const std::optional<Recorded> last, Last(key));
    std::vector<v1::EventInput> inputs;
    outcome.kind = RowOutcome::Kind::kCreated;
    if (last.has_value()) {
      if (!last->reversed && StatesTheSame(last->event, wanted.event())) {
        ASSIGN_OR_RETURN(const bool same,
                         HasSamePersonalData(*last, wanted.personal_data()));
        if (same) {
          outcome.kind = RowOutcome::Kind::kReplayed;
          return outcome;
        }
      }
      outcome.kind = RowOutcome::Kind::kCorrected;
      if (!last->reversed) outcome.before = last->event;
      // Without a day it is a registration: the next one replaces it.
      if (!last->reversed && last->event.has_effective_date()) {
        inputs.push_back(ReversalOf(key, *last, changed_reason));
      }
    }
    const int next = last.has_value() ? last->revision + 1 : 1;
    inputs.push_back(wanted);
    v1::Event& event = *inputs.back().mutable_event();
    event.set_event_id(RevisionId(key, next));
    if (last.has_value() && last->event.has_effective_date() &&
        last->event.subject() == event.subject()) {
      event.mutable_replaces()->set_event_id(RevisionId(key, last->revision));
    }
    ASSIGN_OR_RETURN(Appended appended, Append(std::move(inputs)));
    outcome.problems = std::move(appended.problems);
    if (appended.reversed) continue;
    if (appended.replayed) {
      outcome.kind = RowOutcome::Kind::kReplayed;
      outcome.before.reset();
    }
    if (outcome.problems.empty()) return outcome;
    // Another importer was here: see what it recorded.
    if (!HasCode(outcome.problems, absl::StatusCode::kAlreadyExists)) break;
  }
  outcome.kind = RowOutcome::Kind::kRejected;
  return outcome;
}

absl::StatusOr<RowOutcome> RevisionWriter::Remove(const std::string& key) {
  RowOutcome outcome;
  for (int race = 0; race < races_max; ++race) {
    ASSIGN_OR_RETURN(const std::optional<Recorded> last, Last(key));
    if (!last.has_value() || last->reversed) {
      outcome.kind = RowOutcome::Kind::kAbsent;
      outcome.problems.clear();
      return outcome;
    }
    ASSIGN_OR_RETURN(Appended appended,
                     Append({ReversalOf(key, *last, deleted_reason)}));
    outcome.problems = std::move(appended.problems);
    if (appended.replayed) {
      outcome.kind = RowOutcome::Kind::kAbsent;
      return outcome;
    }
    if (outcome.problems.empty()) {
      outcome.kind = RowOutcome::Kind::kDeleted;
      outcome.before = last->event;
      return outcome;
    }
    if (!HasCode(outcome.problems, absl::StatusCode::kAlreadyExists)) break;
  }
  outcome.kind = RowOutcome::Kind::kRejected;
  return outcome;
}

absl::StatusOr<std::optional<v1::StoredEntry>> RevisionWriter::Find(
    const std::string& event_id) {
  v1::GetEventRequest request;
  request.set_ledger(options_.ledger);
  request.mutable_identity()->set_source(options_.source);
  request.mutable_identity()->set_event_id(event_id);
  absl::StatusOr<v1::StoredEntry> stored = client_.GetEvent(request);
  if (absl::IsNotFound(stored.status())) return std::nullopt;
  RETURN_IF_ERROR(stored.status());
  return *std::move(stored);
}

absl::StatusOr<std::optional<RevisionWriter::Recorded>> RevisionWriter::Last(
    const std::string& key) {
  std::optional<v1::StoredEntry> stored;
  Recorded recorded;
  for (int n = 1; n <= revisions_max; ++n) {
    ASSIGN_OR_RETURN(std::optional<v1::StoredEntry> found,
                     Find(RevisionId(key, n)));
    if (!found.has_value()) break;
    stored = std::move(found);
    recorded.revision = n;
  }
  if (!stored.has_value()) return std::nullopt;
  if (recorded.revision == revisions_max) {
    return absl::FailedPreconditionError(
        absl::StrCat(key, ": has ", revisions_max,
                     " revisions; the mapping's key may name different rows"));
  }
  v1::Entry entry;
  if (!entry.ParseFromString(stored->entry()) || !entry.has_event()) {
    return absl::DataLossError(
        absl::StrCat(key, ": what is stored is no event"));
  }
  recorded.event = entry.event();
  recorded.has_personal_data = !entry.personal_data_commitment().empty();
  ASSIGN_OR_RETURN(recorded.reversed, IsReversed(*stored, entry.event()));
  return recorded;
}

absl::StatusOr<bool> RevisionWriter::IsReversed(const v1::StoredEntry& stored,
                                                const v1::Event& event) {
  // Registrations can not be.
  if (!event.has_effective_date()) return false;
  v1::TraceEventRequest request;
  v1::Coordinates& coordinates = *request.mutable_coordinates();
  coordinates.set_name(event.subject());
  // A reversal is dated within the year, whatever the day of its target.
  *coordinates.mutable_as_of() = ToDate(LastDay(event.effective_date().year()));
  coordinates.set_min_size(stored.position() + 1);
  request.set_position(stored.position());
  ASSIGN_OR_RETURN(const v1::TraceEventResponse trace,
                   client_.TraceEvent(request));
  return trace.event().has_cancelled_by();
}

absl::StatusOr<bool> RevisionWriter::HasSamePersonalData(
    const Recorded& recorded, const v1::PersonalData& wanted) {
  if (!recorded.has_personal_data && wanted.ByteSizeLong() == 0) return true;
  v1::AppendEventsRequest request;
  request.set_ledger(options_.ledger);
  request.set_source(options_.source);
  request.set_validate_only(true);
  v1::EventInput& again = *request.add_inputs();
  *again.mutable_event() = recorded.event;
  *again.mutable_personal_data() = wanted;
  ASSIGN_OR_RETURN(const v1::AppendEventsResponse response,
                   AppendPatiently(client_, request));
  return response.refusals().empty();
}

v1::EventInput RevisionWriter::ReversalOf(const std::string& key,
                                          const Recorded& recorded,
                                          const std::string& reason) const {
  v1::EventInput input;
  v1::Event& event = *input.mutable_event();
  event.set_event_id(ReversalId(key, recorded.revision));
  event.set_subject(recorded.event.subject());
  *event.mutable_effective_date() = recorded.event.effective_date();
  event.mutable_reversal()->set_target_event_id(recorded.event.event_id());
  event.mutable_reversal()->set_reason(reason);
  return input;
}

absl::StatusOr<RevisionWriter::Appended> RevisionWriter::Append(
    std::vector<v1::EventInput> inputs) {
  v1::AppendEventsRequest request;
  request.set_ledger(options_.ledger);
  request.set_source(options_.source);
  request.set_validate_only(options_.validate_only);
  for (v1::EventInput& input : inputs) {
    *request.add_inputs() = std::move(input);
  }
  for (bool corrected = false;; corrected = true) {
    const absl::StatusOr<v1::AppendEventsResponse> response =
        AppendPatiently(client_, request);
    Appended appended;
    std::vector<v1::Problem>& problems = appended.problems;
    const v1::AppendRefused refused = client::Refusals(response.status());
    if (response.ok()) {
      for (const v1::Refusal& refusal : response->refusals()) {
        problems.insert(problems.end(), refusal.problems().begin(),
                        refusal.problems().end());
      }
      appended.replayed = response->results_size() > 0;
      for (const v1::AppendResult& result : response->results()) {
        appended.replayed &=
            result.outcome() == v1::AppendResult::OUTCOME_REPLAYED;
        appended.reversed |= result.reversed();
      }
    } else if (refused.refusals().empty()) {
      return response.status();
    }
    for (const v1::Refusal& refusal : refused.refusals()) {
      problems.insert(problems.end(), refusal.problems().begin(),
                      refusal.problems().end());
    }
    if (corrected || !options_.correction.has_value() ||
        !AsksForCorrection(problems)) {
      return appended;
    }
    // Of a closed day and an open one each gets what it needs.
    for (v1::EventInput& input : *request.mutable_inputs()) {
      *input.mutable_event()->mutable_correction() = *options_.correction;
    }
  }
}

}  // namespace daybook::importer
