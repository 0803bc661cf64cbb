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

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/admission/admission.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "services/engine/append_command.h"
#include "services/engine/fact_table.h"
#include "services/engine/group_sources.h"
#include "services/engine/pending_group.h"
#include "services/engine/prepared_batch.h"
#include "services/engine/seen_events.h"
#include "storage/event_log.h"

namespace daybook::services {

class GroupDecider {
 public:
  // What it decides over.
  struct Ledger {
    const storage::EventLog& log;
    const Identities& identities;
    // The group that is being written, null when there is none; the log may
    // grow by it meanwhile, and by nothing else.
    std::shared_ptr<const PendingGroup> before;
    // Those after it, and after this group once it is finished.
    FactTable& facts;
  };

  // `begin` is the size of the ledger with the group before.
  GroupDecider(Ledger ledger, LogSize begin, int64_t recorded_time_us);

  // Fetches what the decisions about `batches` depend on, all at once, and
  // forgets what it fetched before.
  //
  // Errors: DATA_LOSS when stored bytes are damaged; fetch for one batch at a
  // time then, and decide it before the next.
  absl::Status Fetch(const std::vector<PreparedBatch*>& batches);

  // Decides a batch that was fetched for, and uses it up. The outcome's size
  // is left to the caller.
  //
  // Errors: DATA_LOSS when an entry that it refers to is damaged. Nothing of
  // the batch is recorded then.
  absl::StatusOr<AppendOutcome> Decide(PreparedBatch& batch);

  // What the accepted batches add. The decider is of no use after it.
  std::shared_ptr<PendingGroup> Finish();

 private:
  // Facts that are to be read.
  using Unknown = std::vector<FactTable::Slot*>;

  // What became of one event: recorded or replayed at a position, or refused.
  struct Verdict {
    v1::AppendResult result;
    std::vector<v1::Problem> problems;
  };

  // The slot of a fact, noted among `unknown` when it is to be read first.
  FactTable::Slot* SlotOf(absl::string_view key, Unknown& unknown);
  // Sets the event's slots.
  void FindSlots(PreparedEvent& event, Unknown& unknown);
  absl::Status FetchFacts(Unknown unknown);

  absl::StatusOr<AppendOutcome> DecideBatch(PreparedBatch& batch);
  absl::Status DecideEvents(PreparedBatch& batch, AppendOutcome& outcome);
  absl::StatusOr<Verdict> DecideEvent(PreparedEvent& event,
                                      const AppendCommand& command);
  absl::StatusOr<Verdict> CompareWithRecorded(const PreparedEvent& event,
                                              const v1::Entry& recorded);
  // What the source says about itself, once the batch is decided.
  absl::Status NoteSource(const PreparedBatch& batch, AppendOutcome& outcome);
  void KeepRefusal(const PreparedBatch& batch, const v1::Refusal& refusal,
                   absl::string_view subject);

  // Adds the facts about an entry that an event names.
  absl::Status AddTarget(const v1::Entry& target, Facts& facts);
  void Accept(PreparedEvent& event, Decision decision);
  void BeginBatch();
  void UndoBatch();

  const Ledger ledger_;
  const std::shared_ptr<PendingGroup> group_;
  SeenEvents seen_;
  GroupSources sources_;

  // Of the group when the batch began.
  size_t entries_before_ = 0;
  size_t personal_before_ = 0;
  size_t erased_before_ = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_GROUP_DECIDER_H_
