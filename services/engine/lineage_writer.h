// LineageWriter: what is written beside a commit group so that every report can
// be rebuilt as known at any size, without reading the log.
//
// Thread safety: thread-compatible; it belongs to the ledger's one writer.

#ifndef DAYBOOK_SERVICES_ENGINE_LINEAGE_WRITER_H_
#define DAYBOOK_SERVICES_ENGINE_LINEAGE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/report/posting.h"
#include "services/engine/placed_posting.h"
#include "storage/event_log.h"

namespace daybook::services {

class LineageWriter {
 public:
  // `log` must outlive the writer, and be appended to by its user alone.
  // `space` is the generation of the lineage that it reads and writes.
  explicit LineageWriter(const storage::EventLog& log,
                         storage::Space space = storage::Space::kLineage)
      : log_(log), space_(space) {}

  // Adds the writes of a group's postings, in order of their positions, to
  // `writes`, which must be appended next, or Forget called.
  //
  // Errors: DATA_LOSS when stored lineage is damaged.
  absl::Status Write(const std::vector<PlacedPosting>& postings,
                     std::vector<storage::SideWrite>& writes);

  // The writes were not appended, or the generation was switched.
  void Forget() { tails_.clear(); }

 private:
  // Buckets whose tails are remembered, at most.
  static constexpr size_t tails_max = 65'536;

  // The last block of a bucket.
  struct Tail {
    Position first{0};
    // 0: there is no block yet.
    size_t rows = 0;
  };

  // What a group does to one bucket.
  struct Growth;

  // The last block of a bucket that is stored, where there is one.
  absl::Status ReadLastBlock(
      absl::string_view prefix,
      absl::FunctionRef<absl::Status(Position first, absl::string_view block)>
          visit) const;

  absl::StatusOr<Tail> FindTail(const Growth& growth) const;
  absl::Status Grow(Growth& growth, const MoneyRow& row,
                    std::vector<storage::SideWrite>& writes);
  // How the bucket's next block begins.
  absl::StatusOr<std::string> HeaderAfter(const Growth& growth) const;

  const storage::EventLog& log_;
  const storage::Space space_;
  // By subject and bucket.
  absl::flat_hash_map<std::string, Tail> tails_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LINEAGE_WRITER_H_
