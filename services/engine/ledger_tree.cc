#include "services/engine/ledger_tree.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/proof.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {
namespace {

using merkle::Frontier;
using merkle::Hash;
using merkle::NodeId;
using merkle::Tile;
using merkle::TileIndex;
using merkle::TileLevel;
using merkle::TreeHead;
using storage::Space;

constexpr char head_key[] = "head";
constexpr uint64_t tile_width = merkle::tile_width_max.value();
constexpr TileLevel entry_level{0};

// level, then index, in byte order as in the tree.
std::string RowKey(TileLevel level, uint64_t index) {
  std::string key(1, static_cast<char>(level.value()));
  return key + PositionBytes(Position(index));
}

std::string HeadBytes(const TreeHead& head) {
  return PositionBytes(NextPosition(head.size)) +
         std::string(head.root.bytes());
}

// How many entries one hash of a tile is over.
uint64_t EntriesOf(TileLevel level) {
  return uint64_t{1} << (merkle::tile_height * level.value());
}

absl::Status Damaged(TileLevel level, uint64_t first_hash, uint64_t hashes,
                     absl::string_view what) {
  const uint64_t first = first_hash * EntriesOf(level);
  return absl::DataLossError(absl::StrCat(
      "positions ", first, " to ", first + hashes * EntriesOf(level) - 1, ": ",
      what, "; restore the ledger from a backup or a mirror"));
}

absl::Status NotThere(LogSize asked, LogSize size) {
  return absl::OutOfRangeError(absl::StrCat("the ledger has ", size.value(),
                                            " entries, not ", asked.value(),
                                            "; ask for no more"));
}

// The hash over all that a full tile holds: of its two halves.
Hash Whole(TileLevel level, uint64_t index, absl::Span<const Hash> hashes) {
  const Tile tile{level, TileIndex(index), merkle::tile_width_max};
  const merkle::Level half(merkle::tile_height * (level.value() + 1) - 1);
  return merkle::NodeHash(
      merkle::NodeFromTile(tile, hashes, {half, merkle::NodeIndex(2 * index)}),
      merkle::NodeFromTile(tile, hashes,
                           {half, merkle::NodeIndex(2 * index + 1)}));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LedgerTree>> LedgerTree::Open(
    const storage::EventLog& log) {
  std::unique_ptr<LedgerTree> tree(new LedgerTree(log));
  const LogSize size = log.size();
  ASSIGN_OR_RETURN(const auto rows, log.ReadSide(Space::kTree, {head_key}));
  // The genesis is appended before there is a tree.
  if (!rows[0].has_value() && size.value() > 1) {
    return absl::DataLossError(
        "the size and root of the tree are missing; restore the ledger from a "
        "backup or a mirror");
  }
  const std::vector<NodeId> peaks = merkle::PeakNodes(size);
  ASSIGN_OR_RETURN(std::vector<Hash> hashes,
                   tree->ReadNodes(peaks, size, std::nullopt));
  ASSIGN_OR_RETURN(Frontier frontier,
                   Frontier::FromPeaks(size, std::move(hashes)));
  if (rows[0].has_value() && *rows[0] != HeadBytes(frontier.Head())) {
    return absl::DataLossError(absl::StrCat(
        "the ", size.value(),
        " entries do not give the size and root that were stored with the last "
        "of them: what is stored was changed; restore the ledger from a backup "
        "or a mirror"));
  }
  absl::MutexLock lock(&tree->mutex_);
  tree->durable_ = frontier;
  tree->written_ = std::move(frontier);
  return tree;
}

void LedgerTree::Add(absl::Span<const Hash> leaves,
                     std::vector<storage::SideWrite>& writes) {
  absl::MutexLock lock(&mutex_);
  for (const Hash& leaf : leaves) {
    written_.Append(leaf, [&writes](NodeId node, const Hash& hash) {
      const uint32_t level = node.level.value();
      if (level == 0 || level % merkle::tile_height != 0) return;
      writes.push_back(
          {Space::kTree,
           RowKey(TileLevel(level / merkle::tile_height), node.index.value()),
           std::string(hash.bytes())});
    });
  }
  writes.push_back({Space::kTree, head_key, HeadBytes(written_.Head())});
}

void LedgerTree::Written() {
  absl::MutexLock lock(&mutex_);
  durable_ = written_;
}

void LedgerTree::TakeBack() {
  absl::MutexLock lock(&mutex_);
  written_ = durable_;
}

TreeHead LedgerTree::Head() const { return Durable().Head(); }

Frontier LedgerTree::Durable() const {
  absl::MutexLock lock(&mutex_);
  return durable_;
}

absl::StatusOr<TreeHead> LedgerTree::HeadAt(LogSize size) const {
  const Frontier durable = Durable();
  if (size > durable.size()) return NotThere(size, durable.size());
  ASSIGN_OR_RETURN(std::vector<Hash> hashes,
                   ReadNodes(merkle::PeakNodes(size), size, durable));
  return TreeHead{size, merkle::CombinePeaks(hashes)};
}

absl::StatusOr<LedgerTree::Group> LedgerTree::ReadGroup(
    uint64_t index, const std::optional<Frontier>& durable) const {
  const uint64_t first = index * tile_width;
  const uint64_t limit =
      std::min(first + tile_width,
               (durable.has_value() ? durable->size() : log_.size()).value());
  Group group;
  group.entries.reserve(limit - first);
  group.leaves.reserve(limit - first);
  RETURN_IF_ERROR(log_.Scan(Position(first), Position(limit),
                            [&group](Position, absl::string_view entry) {
                              group.entries.emplace_back(entry);
                              group.leaves.push_back(merkle::LeafHash(entry));
                              return absl::OkStatus();
                            }));
  RETURN_IF_ERROR(Check(entry_level, index, group.leaves, durable));
  return group;
}

absl::Status LedgerTree::Check(TileLevel level, uint64_t index,
                               absl::Span<const Hash> hashes,
                               const std::optional<Frontier>& durable) const {
  const auto changed = [&] {
    return Damaged(level, index * tile_width, hashes.size(),
                   "what is stored does not give the hash that was stored when "
                   "it was recorded: it was changed");
  };
  if (hashes.size() == tile_width) {
    ASSIGN_OR_RETURN(const std::vector<Hash> stored,
                     ReadRows(TileLevel(level.value() + 1), index, index + 1));
    return stored[0] == Whole(level, index, hashes) ? absl::OkStatus()
                                                    : changed();
  }
  // Of the right edge, what the writer holds is known; at opening the root is
  // held against all of it.
  if (!durable.has_value()) return absl::OkStatus();
  const Tile tile{level, TileIndex(index),
                  merkle::TileWidth(static_cast<uint32_t>(hashes.size()))};
  const std::vector<NodeId> peaks = merkle::PeakNodes(durable->size());
  for (size_t i = 0; i < peaks.size(); ++i) {
    if (merkle::TileOf(peaks[i], durable->size()) != tile) continue;
    if (merkle::NodeFromTile(tile, hashes, peaks[i]) != durable->peaks()[i]) {
      return changed();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Hash>> LedgerTree::ReadRows(TileLevel level,
                                                       uint64_t first,
                                                       uint64_t limit) const {
  std::vector<Hash> hashes;
  hashes.reserve(limit - first);
  const auto row = log_.NewCursor(Space::kTree);
  for (row->Seek(RowKey(level, first)); hashes.size() < limit - first;
       row->Next()) {
    const uint64_t index = first + hashes.size();
    if (!row->valid() || row->key() != RowKey(level, index)) {
      RETURN_IF_ERROR(row->status());
      return Damaged(level, index, 1, "the hash over them is missing");
    }
    absl::StatusOr<Hash> hash = Hash::FromBytes(row->value());
    if (!hash.ok()) {
      return Damaged(level, index, 1, "the hash over them is no hash");
    }
    hashes.push_back(*hash);
  }
  return hashes;
}

absl::StatusOr<std::vector<Hash>> LedgerTree::ReadHashes(
    const Tile& tile, const std::optional<Frontier>& durable) const {
  std::vector<Hash> hashes;
  if (tile.level == entry_level) {
    ASSIGN_OR_RETURN(Group group, ReadGroup(tile.index.value(), durable));
    hashes = std::move(group.leaves);
  } else {
    // As wide as it is by now, which can be checked.
    const LogSize size = durable.has_value() ? durable->size() : log_.size();
    const std::optional<Tile> whole =
        merkle::TileAt(tile.level, tile.index, size);
    DAYBOOK_CHECK(whole.has_value());
    const uint64_t first = tile.index.value() * tile_width;
    ASSIGN_OR_RETURN(hashes,
                     ReadRows(tile.level, first, first + whole->width.value()));
    RETURN_IF_ERROR(Check(tile.level, tile.index.value(), hashes, durable));
  }
  DAYBOOK_CHECK(hashes.size() >= tile.width.value());
  hashes.resize(tile.width.value());
  return hashes;
}

absl::StatusOr<std::vector<Hash>> LedgerTree::ReadNodes(
    absl::Span<const NodeId> nodes, LogSize size,
    const std::optional<Frontier>& durable) const {
  std::map<Tile, std::vector<Hash>> tiles;
  for (const Tile& tile : merkle::TilesOf(nodes, size)) {
    ASSIGN_OR_RETURN(tiles[tile], ReadHashes(tile, durable));
  }
  std::vector<Hash> hashes;
  hashes.reserve(nodes.size());
  for (const NodeId node : nodes) {
    const Tile tile = merkle::TileOf(node, size);
    hashes.push_back(merkle::NodeFromTile(tile, tiles.at(tile), node));
  }
  return hashes;
}

absl::StatusOr<std::vector<Hash>> LedgerTree::ReadTile(const Tile& tile) const {
  const Frontier durable = Durable();
  const std::optional<Tile> there =
      merkle::TileAt(tile.level, tile.index, durable.size());
  if (!there.has_value() || there->width < tile.width) {
    return absl::OutOfRangeError(absl::StrCat(
        merkle::TilePath(tile), " is not there yet: the ledger has ",
        durable.size().value(), " entries"));
  }
  return ReadHashes(tile, durable);
}

absl::StatusOr<std::string> LedgerTree::ReadBundle(
    const merkle::Bundle& bundle) const {
  const Frontier durable = Durable();
  const std::optional<merkle::Bundle> there =
      merkle::BundleAt(bundle.index, durable.size());
  if (!there.has_value() || there->width < bundle.width) {
    return absl::OutOfRangeError(absl::StrCat(
        merkle::BundlePath(bundle), " is not there yet: the ledger has ",
        durable.size().value(), " entries"));
  }
  ASSIGN_OR_RETURN(const Group group, ReadGroup(bundle.index.value(), durable));
  std::string bytes;
  for (size_t i = 0; i < bundle.width.value(); ++i) {
    RETURN_IF_ERROR(merkle::AppendToBundle(group.entries[i], bytes));
  }
  return bytes;
}

absl::StatusOr<std::vector<std::string>> LedgerTree::ReadEntries(
    Position first, Position limit) const {
  const Frontier durable = Durable();
  if (first >= limit || limit > NextPosition(durable.size())) {
    return NotThere(LogSize(limit.value()), durable.size());
  }
  const uint64_t index = first.value() / tile_width;
  ASSIGN_OR_RETURN(Group group, ReadGroup(index, durable));
  std::vector<std::string> entries = std::move(group.entries);
  const uint64_t begin = index * tile_width;
  entries.resize(std::min<uint64_t>(entries.size(), limit.value() - begin));
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(
                                                       first.value() - begin));
  return entries;
}

absl::StatusOr<std::vector<Hash>> LedgerTree::ProveInclusion(
    Position position, LogSize size) const {
  const Frontier durable = Durable();
  if (size > durable.size()) return NotThere(size, durable.size());
  ASSIGN_OR_RETURN(const merkle::ProofNodes wanted,
                   merkle::ProofNodes::OfInclusion(position, size));
  ASSIGN_OR_RETURN(const std::vector<Hash> hashes,
                   ReadNodes(wanted.nodes(), size, durable));
  return wanted.Combine(hashes);
}

absl::StatusOr<std::vector<Hash>> LedgerTree::ProveConsistency(
    LogSize older, LogSize newer) const {
  const Frontier durable = Durable();
  if (newer > durable.size()) return NotThere(newer, durable.size());
  ASSIGN_OR_RETURN(const merkle::ProofNodes wanted,
                   merkle::ProofNodes::OfConsistency(older, newer));
  ASSIGN_OR_RETURN(const std::vector<Hash> hashes,
                   ReadNodes(wanted.nodes(), newer, durable));
  return wanted.Combine(hashes);
}

}  // namespace daybook::services
