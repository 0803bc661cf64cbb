// LedgerEngine: one open ledger, with its log, the reports that are read from
// beside it, and the one writer that orders, decides and commits.
//
// Writing is LedgerWriter's; after a write that the disk refused reads go on
// with what was synced.
//
// Thread safety: all methods may be called from any thread.
//
// Bytes: docs/formats/entry.md.

#ifndef DAYBOOK_SERVICES_ENGINE_LEDGER_ENGINE_H_
#define DAYBOOK_SERVICES_ENGINE_LEDGER_ENGINE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "core/report/report_view.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/sources.pb.h"
#include "services/engine/append_command.h"
#include "services/engine/background_rebuild.h"
#include "services/engine/entry_codec.h"
#include "services/engine/identities.h"
#include "services/engine/ledger_scrub.h"
#include "services/engine/ledger_tip.h"
#include "services/engine/ledger_tree.h"
#include "services/engine/ledger_writer.h"
#include "services/engine/lineage.h"
#include "services/engine/personal_data_eraser.h"
#include "services/engine/report_cache.h"
#include "services/engine/report_history.h"
#include "storage/event_log.h"

namespace daybook::services {

// How a ledger is opened, and how much it takes on at a time.
struct LedgerEngineOptions {
  LedgerWriterOptions writer = {};

  // What of the lineage waits in memory.
  PendingLineageLimits lineage = {};

  // Bytes of the report states that are kept in memory, about.
  size_t report_bytes_max = size_t{192} << 20;

  // Make what lies beside the log anew, also when it is current, before the
  // ledger is open.
  bool rebuild = false;

  // How it is made anew for another projection version while the ledger is
  // open.
  BackgroundRebuildOptions background = {};
};

// As known when: neither is now, at most one is given.
struct KnownAt {
  std::optional<LogSize> size;
  // In microseconds since 1970 UTC.
  std::optional<int64_t> time_us;
};

class LedgerEngine {
 public:
  // Opens the ledger named `ledger` ("ledgers/430203"), at a cost that does not
  // depend on its size, unless nothing complete lies beside the log. What is of
  // another projection version serves until it is made anew in the background.
  // `log` and `clock` must outlive the engine, and nobody else may append to
  // the log.
  //
  // Errors:
  //   DATA_LOSS            stored entries are damaged, missing or of another
  //                        ledger.
  //   FAILED_PRECONDITION  a later version of Daybook wrote entries.
  static absl::StatusOr<std::unique_ptr<LedgerEngine>> Open(
      storage::EventLog& log, absl::string_view ledger, const Clock& clock,
      LedgerEngineOptions options = {});

  // Ends a rebuild in the background, which begins again at the next opening.
  // Settles; what can not be stored is read again then.
  ~LedgerEngine();
  LedgerEngine(const LedgerEngine&) = delete;
  LedgerEngine& operator=(const LedgerEngine&) = delete;

  // Records the events of `command`, all or none, durable on return, and
  // visible to every read that begins after it. Refused events come back in the
  // outcome, not as a status.
  //
  // Errors:
  //   INVALID_ARGUMENT    the source is malformed; no events, or too many.
  //   PERMISSION_DENIED   the source is the server's.
  //   FAILED_PRECONDITION the ledger is read only.
  //   RESOURCE_EXHAUSTED  too many bytes, the queue is full, or the disk is;
  //                       nothing was recorded. Send less, or wait and retry.
  //   UNAVAILABLE         the disk refused a write; it may or may not have kept
  //                       the events. Restart the server, then retry with the
  //                       same event ids.
  //   DATA_LOSS           an entry that the decision depends on is damaged.
  absl::StatusOr<AppendOutcome> Append(AppendCommand command) {
    return writer_.Append(std::move(command));
  }

  // Stores all that waits in memory. It is durable without that, as its entries
  // are.
  //
  // Errors: UNAVAILABLE when the disk refused a write, now or before.
  absl::Status Settle();

  // For whoever sends command after command.
  LedgerWriter& writer() { return writer_; }

  // How far a source is; empty when it never wrote.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<v1::SourceProgress> ReadProgress(
      absl::string_view source) const;

  // At most `count` sources behind `after`, in byte order.
  //
  // Errors: as ReadProgress.
  absl::StatusOr<std::vector<v1::SourceProgress>> ReadSources(
      absl::string_view after, size_t count) const;

  // Refusals of a source with numbers below `limit`, newest first.
  //
  // Errors: as ReadProgress.
  absl::StatusOr<std::vector<v1::KeptRefusal>> ReadRefusals(
      absl::string_view source, uint64_t limit, size_t count) const;

  // The size that `known_at` means; absent: now. Once a time was answered, all
  // later entries get later times, also after a restart or a step of the clock.
  //
  // Errors:
  //   OUT_OF_RANGE  it lies in the future, or before the ledger.
  //   UNAVAILABLE   the disk refused to keep note of the time.
  //   DATA_LOSS     stored entries are damaged.
  absl::StatusOr<std::optional<LogSize>> Resolve(const KnownAt& known_at);

  // Waits until the ledger has at least this size.
  //
  // Errors: DEADLINE_EXCEEDED when it has not by then.
  absl::Status WaitForSize(LogSize size, absl::Time deadline) const;

  // The same until `given_up` is set and WakeWaiters called.
  void WaitForSize(LogSize size, const std::atomic<bool>& given_up) const {
    tip_.WaitForSize(size, given_up);
  }
  void WakeWaiters() const { tip_.Wake(); }

  // Calls `read` with the report as known at a size, or now when that is
  // absent. What it is given does not change during the call, and no commit
  // waits for it.
  //
  // Errors:
  //   NOT_FOUND  the department or report did not exist at that size.
  //   DATA_LOSS  what is stored is damaged or incomplete.
  absl::Status ReadReport(const ResourceName& report,
                          std::optional<LogSize> known_at,
                          absl::FunctionRef<void(const ReportInput&)> read);

  // Whether anything is recorded about the subject; true for the ledger itself.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<bool> IsKnown(const ResourceName& subject) const;

  // Changes when a rebuild is done. What was read while it stayed the same,
  // from reports, `history` and the rest, is of one projection version.
  uint64_t generation() const { return log_.generation(); }

  // What the lineage tells beside the states of reports.
  const ReportHistory& history() const { return history_; }

  // The size with the last entry about the report or its department; 0 when
  // there is none.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<LogSize> LastChange(const ResourceName& report) const;

  // Names of at most `count` reports under a ledger or department, in byte
  // order, after the name `after`; empty `after` means from the first.
  //
  // Errors: NOT_FOUND when there is no such department; DATA_LOSS.
  absl::StatusOr<std::vector<std::string>> ListReports(
      const ResourceName& parent, absl::string_view after, size_t count) const;

  // Number of durable entries. Never decreases.
  LogSize size() const { return tip_.size(); }

  // "ledgers/430203".
  const std::string& ledger() const { return genesis_.ledger(); }

  // How the ledger began.
  const v1::Genesis& genesis() const { return genesis_; }

  // Reads all that is stored; see ledger_scrub.h.
  absl::Status Scrub(absl::FunctionRef<bool(const ScrubStep&)> visit) const {
    return ScrubLedger({log_, *tree_, *identities_}, visit);
  }

  // What proves that an entry is in the ledger.
  const LedgerTree& tree() const { return *tree_; }

  // The stored bytes of one entry, which are those that were recorded: they are
  // held against the tree.
  //
  // Errors: OUT_OF_RANGE past the end; DATA_LOSS when missing, damaged or
  // changed.
  absl::StatusOr<std::string> ReadEntry(Position position) const;

  // The same of the entries from `first` on, before `limit`, as many as one
  // tile is over.
  //
  // Errors: as ReadEntry.
  absl::StatusOr<std::vector<std::string>> ReadChunk(Position first,
                                                     Position limit) const;

  // Where the event with this identity stands; absent when it is not recorded.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<std::optional<Position>> FindEvent(
      absl::string_view source, absl::string_view event_id) const;

  // The personal data of an entry; absent when it has none or it was erased.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<std::optional<PersonalRecord>> ReadPersonalData(
      Position position) const;

  // The same of several, in their order, fetched together.
  //
  // Errors: as above.
  absl::StatusOr<std::vector<std::optional<PersonalRecord>>> ReadPersonalData(
      const std::vector<Position>& positions) const;

 private:
  // What lies beside the log, each opened.
  struct Parts {
    v1::Genesis genesis;
    std::unique_ptr<Identities> identities;
    std::unique_ptr<LedgerTree> tree;
  };

  LedgerEngine(storage::EventLog& log, Parts parts, const Clock& clock,
               LedgerEngineOptions options);
  // Only in a hold.
  absl::Status SwitchGeneration();
  absl::StatusOr<int64_t> RecordedTimeAt(Position position) const;
  absl::StatusOr<LogSize> SizeAt(int64_t time_us) const;

  // Constant after Open.
  storage::EventLog& log_;
  const LedgerEngineOptions options_;
  const v1::Genesis genesis_;
  const std::unique_ptr<Identities> identities_;
  const std::unique_ptr<LedgerTree> tree_;

  Lineage lineage_;
  const ReportHistory history_;
  ReportCache reports_;
  LedgerTip tip_;
  PersonalDataEraser eraser_;
  LedgerWriter writer_;

  // The last, so that it ends before what it uses. Null when there is none to
  // do.
  std::unique_ptr<BackgroundRebuild> rebuild_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LEDGER_ENGINE_H_
