// GroupDecider: decides the batches of one commit group, in order, each over
// what is recorded, what the group before it is about to record, and what its
// own group will record before it.
//
// For each event the stages are, in this order: well-formed (prepared already),
// seen before, precondition, admissible. An atomic batch is recorded whole or
// not at all; of any batch, what was refused is kept, and what its source said
// about itself.
//
// Thread safety: thread-compatible; one group, one object, one thread.

#ifndef DAYBOOK_SERVICES_ENGINE_GROUP_DECIDER_H_
#define DAYBOOK_SERVICES_ENGINE_GROUP_DECIDER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/admission/admission.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "services/engine/append_command.h"
#include "services/engine/pending_group.h"
#include "services/engine/prepared_batch.h"
#include "storage/event_log.h"

namespace daybook::services {

// The facts that were needed lately, as the group that was decided last left
// them; absent where there is none. Spares most groups reading any.
//
// Thread safety: thread-compatible; it belongs to the stage that decides.
class RecentFacts {
 public:
  // About; a fact takes some 100 bytes.
  static constexpr size_t facts_max = 131'072;

  // Null when it is not known.
  const std::optional<std::string>* Find(absl::string_view key) const {
    const auto found = facts_.find(key);
    return found == facts_.end() ? nullptr : &found->second;
  }
  void Put(const std::string& key, std::optional<std::string> value) {
    facts_.insert_or_assign(key, std::move(value));
  }
  // Between groups.
  void Trim() {
    if (facts_.size() > facts_max) facts_.clear();
  }
  void Clear() { facts_.clear(); }

 private:
  absl::flat_hash_map<std::string, std::optional<std::string>> facts_;
};

class GroupDecider {
 public:
  // `before` is the group that is being written, null when there is none; the
  // log may grow by it meanwhile, and by nothing else. `begin` is the size of
  // the ledger with it. `facts` are those after it, and after this group once
  // it is finished.
  GroupDecider(const storage::EventLog& log,
               std::shared_ptr<const PendingGroup> before, LogSize begin,
               int64_t recorded_time_us, RecentFacts& facts);

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

  // What the accepted batches add. The decider is of no use after it.
  PendingGroup Finish();

 private:
  // What of a batch was accepted and is not in the group yet.
  struct Overlay {
    std::vector<v1::Entry> entries;
    std::vector<PlacedPosting> postings;
    absl::flat_hash_map<std::string, Position> identities;
    std::map<std::string, std::string> facts;
    std::map<uint64_t, std::string> personal_records;
  };

  // What became of one event: recorded or replayed at a position, or refused.
  struct Verdict {
    v1::AppendResult result;
    std::vector<v1::Problem> problems;
  };

  absl::Status FetchIdentities(std::vector<std::string> keys,
                               const std::set<std::string>& targets);
  // Those of `keys` that are not known yet.
  absl::Status FetchFacts(std::vector<std::string> keys);
  absl::Status FetchSources(const std::vector<PreparedBatch*>& batches);

  absl::StatusOr<AppendOutcome> DecideBatch(PreparedBatch& batch);
  absl::StatusOr<Verdict> DecideEvent(PreparedEvent& event,
                                      const AppendCommand& command);
  absl::StatusOr<Verdict> CompareWithRecorded(const PreparedEvent& event,
                                              Position position) const;
  // What the source says about itself, once the batch is decided.
  void NoteSource(const PreparedBatch& batch, AppendOutcome& outcome);
  // Where the source stands before the batch.
  absl::StatusOr<v1::SourceProgress> ProgressOf(const std::string& source);
  void KeepRefusal(const PreparedBatch& batch, const v1::Refusal& refusal,
                   absl::string_view subject);

  absl::StatusOr<Facts> GatherFacts(const Needed& needed);
  Facts FactsBeforeBatch(const Needed& needed) const;
  void Accept(PreparedEvent& event, Decision decision);
  void MergeBatch();

  Position NextFree() const;
  std::optional<Position> FindIdentity(const std::string& key) const;
  const v1::Entry* PendingEntry(Position position) const;
  absl::StatusOr<v1::Entry> EntryAt(Position position) const;
  absl::StatusOr<std::string> SaltAt(Position position) const;
  bool IsReversed(Position position) const;

  const storage::EventLog& log_;
  const std::shared_ptr<const PendingGroup> before_;

  // As recorded; a key that was fetched and is not recorded holds nothing.
  absl::flat_hash_map<std::string, Position> recorded_identities_;
  RecentFacts& facts_;
  // Of the entries that were found recorded.
  std::vector<std::string> target_keys_;
  // Targets of reversals.
  std::map<Position, v1::Entry> recorded_targets_;
  std::map<std::string, std::optional<std::string>> recorded_sources_;
  uint64_t recorded_source_count_ = 0;

  // Of the batches accepted before, and of the one being decided.
  PendingGroup group_;
  Overlay batch_;
  // Of the source of the batch being decided.
  v1::SourceProgress progress_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_GROUP_DECIDER_H_
