#include "storage/hash_run_merge.h"

#include <filesystem>
#include <vector>

#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "storage/hash_run.h"
#include "storage/hash_run_writer.h"

namespace daybook::storage {
namespace {

// Entries between two pauses: some hundred microseconds.
constexpr uint64_t pause_entries = 16'384;

// The n-th tier holds runs of at least entries * fan_out^n.
unsigned TierOf(uint64_t entries, const HashRunTiers& tiers) {
  unsigned tier = 0;
  for (uint64_t least = entries / tiers.entries; least >= tiers.fan_out;
       least /= tiers.fan_out) {
    ++tier;
  }
  return tier;
}

// The cursor with the lowest hash. There are few, and comparing them all is
// quicker than keeping them in order.
HashRunCursor& Lowest(std::vector<HashRunCursor>& cursors) {
  DAYBOOK_CHECK(!cursors.empty());
  HashRunCursor* lowest = &cursors.front();
  for (HashRunCursor& cursor : cursors) {
    if (cursor.hash() < lowest->hash()) lowest = &cursor;
  }
  return *lowest;
}

}  // namespace

absl::Span<const std::shared_ptr<const HashRun>> ChooseMerge(
    const HashRuns& runs, const HashRunTiers& tiers) {
  const absl::Span<const std::shared_ptr<const HashRun>> all = runs;
  absl::Span<const std::shared_ptr<const HashRun>> chosen;
  for (size_t begin = 0; begin < all.size();) {
    const unsigned tier = TierOf(all[begin]->shape().entries(), tiers);
    size_t end = begin + 1;
    while (end < all.size() &&
           TierOf(all[end]->shape().entries(), tiers) == tier) {
      ++end;
    }
    if (end - begin >= tiers.fan_out) {
      const auto neighbours = all.subspan(begin, tiers.fan_out);
      const uint64_t entries =
          neighbours.back()->shape().limit - neighbours.front()->shape().first;
      // Longer runs stand as they are: positions in a run have 32 bits.
      if (entries <= run_entries_max) chosen = neighbours;
    }
    begin = end;
  }
  return chosen;
}

absl::StatusOr<std::shared_ptr<const HashRun>> MergeRuns(
    absl::Span<const std::shared_ptr<const HashRun>> runs,
    const HashRunDirectory& directory,
    absl::FunctionRef<absl::Status()> pause) {
  DAYBOOK_CHECK(!runs.empty());
  RunShape shape;
  shape.first = runs.front()->shape().first;
  shape.limit = runs.back()->shape().limit;
  shape.digest = runs.back()->shape().digest;
  const std::filesystem::path path = directory.PathOf(shape.first, shape.limit);
  ASSIGN_OR_RETURN(const std::unique_ptr<HashRunWriter> writer,
                   HashRunWriter::Create(path, shape, directory.env()));
  std::vector<HashRunCursor> cursors;
  cursors.reserve(runs.size());
  for (const std::shared_ptr<const HashRun>& run : runs) {
    cursors.emplace_back(run);
    RETURN_IF_ERROR(cursors.back().Next());
    DAYBOOK_CHECK(cursors.back().valid());
  }
  for (uint64_t done = 0; done < shape.entries(); ++done) {
    if (done % pause_entries == 0) RETURN_IF_ERROR(pause());
    HashRunCursor& lowest = Lowest(cursors);
    RETURN_IF_ERROR(writer->Add(lowest.hash(), lowest.position()));
    RETURN_IF_ERROR(lowest.Next());
    if (!lowest.valid()) {
      cursors.erase(cursors.begin() + (&lowest - cursors.data()));
    }
  }
  RETURN_IF_ERROR(writer->Finish());
  return HashRun::Open(path);
}

}  // namespace daybook::storage
