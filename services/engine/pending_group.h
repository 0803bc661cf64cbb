// PendingGroup: what a commit group adds to a ledger, from when it is decided
// until it is recorded.
//
// The group after it is decided over it, while it is still being written.
//
// Thread safety: constant once it is decided, but for the last two.

#ifndef DAYBOOK_SERVICES_ENGINE_PENDING_GROUP_H_
#define DAYBOOK_SERVICES_ENGINE_PENDING_GROUP_H_

#include <google/protobuf/arena.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/base/strong_int.h"
#include "core/merkle/hash.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/sources.pb.h"
#include "services/engine/placed_posting.h"
#include "storage/event_log.h"
#include "storage/hash_table.h"

namespace daybook::services {

struct PendingGroup {
  // Of the ledger, without the group.
  LogSize begin{0};
  int64_t recorded_time_us = 0;

  // What the entries live in.
  std::vector<std::shared_ptr<google::protobuf::Arena>> arenas;
  std::vector<const v1::Entry*> entries;
  // One for each entry.
  std::vector<PlacedPosting> postings;
  std::vector<uint64_t> hashes;
  std::vector<merkle::Hash> leaves;
  // The entries by their hashes, some that were undone included.
  storage::HashTable identities;

  // By key.
  std::vector<std::pair<std::string, std::string>> facts;
  // By position.
  std::vector<std::pair<uint64_t, std::string>> personal_records;
  // Positions of the entries whose personal data goes; of this group or before.
  std::vector<uint64_t> erased;
  // Those that change.
  std::map<std::string, v1::SourceProgress> sources;
  // Where it changes.
  std::optional<uint64_t> source_count;
  std::vector<storage::SideWrite> refusals;

  // The entries as they are stored.
  std::vector<std::string> stored;

  // Whether its identities are known, once it is recorded. Of whoever commits
  // it.
  absl::Status noted;

  // Why it was not recorded. Written by whoever commits it, read by whoever
  // commits the next.
  absl::Status failure;

  LogSize end() const { return LogSize(begin.value() + entries.size()); }
  bool empty() const { return entries.empty() && sources.empty(); }

  bool Erases(uint64_t position) const {
    return std::find(erased.begin(), erased.end(), position) != erased.end();
  }

  // Null unless the group adds it.
  const v1::Entry* EntryAt(Position position) const {
    if (position < NextPosition(begin) || position >= NextPosition(end())) {
      return nullptr;
    }
    return entries[position.value() - begin.value()];
  }
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_PENDING_GROUP_H_
