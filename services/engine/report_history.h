// ReportHistory: what the lineage of a report tells beside its state: rows of
// buckets, which entries concern it, and what reversed what.
//
// It sees what is durable; callers bound it by sizes that the ledger answered.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_SERVICES_ENGINE_REPORT_HISTORY_H_
#define DAYBOOK_SERVICES_ENGINE_REPORT_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/strong_int.h"
#include "core/budget/resource_name.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/identities.h"
#include "services/engine/lineage.h"
#include "services/engine/lineage_reader.h"
#include "storage/event_log.h"

namespace daybook::services {

// Entries about a report or its department.
struct ReportChanges {
  // By position, each once.
  std::vector<Position> positions;
  // All of them before this size are in `positions`.
  LogSize size{0};
};

class ReportHistory {
 public:
  // All must outlive it.
  ReportHistory(const storage::EventLog& log, const Identities& identities,
                const Lineage& lineage)
      : log_(log), identities_(identities), lineage_(lineage) {}

  // Rows of the report's buckets with these numbers.
  LineageReader Rows(const ResourceName& report, std::vector<uint32_t> buckets,
                     const RowRange& range) const;

  // The timelines of buckets as known at a size, in the order asked for.
  //
  // Errors: DATA_LOSS when stored lineage is damaged.
  absl::StatusOr<std::vector<MoneyTimeline>> Timelines(
      const ResourceName& report, const std::vector<uint32_t>& buckets,
      LogSize size) const;

  // The first entries from size `from` on and before `limit`, at most
  // `count_max`.
  //
  // Errors: as Timelines.
  absl::StatusOr<ReportChanges> Changes(const ResourceName& report,
                                        LogSize from, LogSize limit,
                                        size_t count_max) const;

  // Places of the first entries about exactly this ledger or department, before
  // `limit` and at most `count_max`, by position.
  //
  // Errors: as Timelines.
  absl::StatusOr<std::vector<Position>> Stated(const std::string& subject,
                                               LogSize limit,
                                               size_t count_max) const;

  // Errors: OUT_OF_RANGE past the end; DATA_LOSS when missing or damaged.
  absl::StatusOr<v1::Entry> Entry(Position position) const;

  // The entry that a reversal cancels; absent for every other event.
  //
  // Errors: DATA_LOSS also when it is not there.
  absl::StatusOr<std::optional<v1::Entry>> Target(const v1::Entry& entry) const;

  // Place of the entry that reverses the one at `position`; absent when none
  // does.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<std::optional<Position>> Reversal(Position position) const;

 private:
  const storage::EventLog& log_;
  const Identities& identities_;
  const Lineage& lineage_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_REPORT_HISTORY_H_
