// GroupDecider: decides the batches of one commit group, in order, each over
// what is recorded and what the group will record before it.
//
// For each event the stages are, in this order: well-formed (prepared already),
// seen before, precondition, admissible. A batch is recorded whole or leaves no
// trace, also for the batches after it.
//
// Thread safety: thread-compatible; one group, one object, one thread.

#ifndef DAYBOOK_SERVICES_ENGINE_GROUP_DECIDER_H_
#define DAYBOOK_SERVICES_ENGINE_GROUP_DECIDER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/admission/admission.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "services/engine/append_command.h"
#include "services/engine/lineage_writer.h"
#include "services/engine/prepared_batch.h"
#include "storage/event_log.h"

namespace daybook::services {

// When and after what a group commits.
struct GroupCoordinates {
  LogSize committed{0};
  int64_t recorded_time_us = 0;
};

class GroupDecider {
 public:
  // The log must not grow meanwhile.
  GroupDecider(const storage::EventLog& log, GroupCoordinates coordinates);

  // Fetches what the decisions about `batches` depend on, all at once.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::Status Fetch(const std::vector<PreparedBatch*>& batches);

  // Decides a batch that was fetched for, and uses it up. The outcome's size
  // is left to the caller.
  //
  // Errors: DATA_LOSS when an entry that it refers to is damaged. Nothing of
  // the batch is recorded then.
  absl::StatusOr<AppendOutcome> Decide(PreparedBatch& batch);

  // What the accepted batches add: entries in order, and the writes beside
  // them.
  const std::vector<v1::Entry>& entries() const { return group_.entries; }
  const std::vector<PlacedPosting>& postings() const { return group_.postings; }
  std::vector<std::string> EntriesAsStored() const;
  std::vector<storage::SideWrite> SideWrites() const;

 private:
  // What was accepted and is not recorded yet.
  struct Overlay {
    std::vector<v1::Entry> entries;
    // One for each entry.
    std::vector<PlacedPosting> postings;
    absl::flat_hash_map<std::string, Position> identities;
    std::map<std::string, std::string> facts;
    // By position.
    std::map<uint64_t, std::string> personal_records;
  };

  // What became of one event: recorded or replayed at a position, or refused.
  struct Verdict {
    v1::AppendResult result;
    std::vector<v1::Problem> problems;
  };

  absl::StatusOr<Verdict> DecideEvent(PreparedEvent& event,
                                      const PreparedBatch& batch);
  absl::StatusOr<Verdict> CompareWithRecorded(const PreparedEvent& event,
                                              Position position) const;
  absl::StatusOr<Facts> GatherFacts(const Needed& needed);
  Facts FactsBeforeBatch(const Needed& needed) const;
  void Accept(PreparedEvent& event, Decision decision);
  void MergeBatch();

  Position NextFree() const;
  std::optional<Position> FindIdentity(const std::string& key) const;
  const v1::Entry* PendingEntry(Position position) const;
  absl::StatusOr<v1::Entry> EntryAt(Position position) const;
  absl::StatusOr<std::string> SaltAt(Position position) const;

  const storage::EventLog& log_;
  const GroupCoordinates coordinates_;

  // As recorded; a key that was fetched and is not recorded holds nothing.
  absl::flat_hash_map<std::string, Position> recorded_identities_;
  absl::flat_hash_map<std::string, std::optional<std::string>> recorded_facts_;
  // Targets of reversals.
  std::map<Position, v1::Entry> recorded_targets_;

  // Of the batches accepted before, and of the one being decided.
  Overlay group_;
  Overlay batch_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_GROUP_DECIDER_H_
