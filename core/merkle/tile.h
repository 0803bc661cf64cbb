// Tile: 256 neighbouring hashes of one level of a Merkle tree, as files that
// any web server or cache can give out.
//
// Tile levels are 8 tree levels apart: the hash at tile level L is that of
// 256^L entries. Seven levels of eight are not stored, because at most 256
// hashes of a tile give them again. A tile at the right edge is partial; its
// name tells its width, so that what a name stands for never changes. Entries
// are given out in bundles of the same shape (core/merkle/entry_bundle.h).
//
// Thread safety: value types and pure functions.
//
// Names and bytes: c2sp.org/tlog-tiles; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_MERKLE_TILE_H_
#define DAYBOOK_CORE_MERKLE_TILE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "core/merkle/hash.h"
#include "core/merkle/tree.h"

namespace daybook::merkle {

// Tree levels that one tile spans.
inline constexpr uint32_t tile_height = 8;

// The highest tile level that a name can have; trees here end at level 7.
inline constexpr uint32_t tile_level_max = 63;

using TileLevel = StrongInt<struct TileLevelTag, uint32_t>;

// Place of a tile among those of its level, or of a bundle, from 0.
using TileIndex = StrongInt<struct TileIndexTag>;

// How many hashes a tile, or entries a bundle, has: 1 to `tile_width_max`.
using TileWidth = StrongInt<struct TileWidthTag, uint32_t>;

// The width of a tile that will never change again.
inline constexpr TileWidth tile_width_max{1 << tile_height};

// The largest index of a tile or bundle.
inline constexpr TileIndex tile_index_max{tree_size_max.value() >> tile_height};

struct Tile {
  TileLevel level;
  TileIndex index;
  TileWidth width;

  friend constexpr auto operator<=>(const Tile&, const Tile&) = default;
};

struct Bundle {
  TileIndex index;
  TileWidth width;

  friend constexpr auto operator<=>(const Bundle&, const Bundle&) = default;
};

// "tile/0/x001/x234/067", or "tile/1/001.p/17" when partial.
std::string TilePath(const Tile& tile);

// "tile/entries/x001/x234/067", or "tile/entries/000.p/7" when partial.
std::string BundlePath(const Bundle& bundle);

// The tile that a path names; the one spelling of TilePath is accepted.
//
// Errors: INVALID_ARGUMENT when it is not the path of a tile.
absl::StatusOr<Tile> ParseTilePath(absl::string_view path);

// The same for bundles.
//
// Errors: INVALID_ARGUMENT when it is not the path of a bundle.
absl::StatusOr<Bundle> ParseBundlePath(absl::string_view path);

// The tile of this level and index as a tree of this size has it; absent when
// the tree has no hash in it. A name with a smaller width is of an earlier
// size.
std::optional<Tile> TileAt(TileLevel level, TileIndex index, LogSize size);

// The same for bundles.
std::optional<Bundle> BundleAt(TileIndex index, LogSize size);

// The tiles at the right edge that are not full, the lowest level first.
std::vector<Tile> PartialTiles(LogSize size);

// What a tree of `newer` entries has that one of `older` had not: every tile
// that is new or wider, by level and index. `older` must not be larger.
std::vector<Tile> TilesToPublish(LogSize older, LogSize newer);

// The same for bundles.
std::vector<Bundle> BundlesToPublish(LogSize older, LogSize newer);

// The first of the `width` neighbouring nodes whose hashes the tile holds.
NodeId FirstNode(const Tile& tile);

// The tile that a complete node's hash is in, or can be combined from.
Tile TileOf(NodeId node, LogSize size);

// The tiles that these nodes need, such as ProofNodes::nodes(): each once, by
// level and index.
std::vector<Tile> TilesOf(absl::Span<const NodeId> nodes, LogSize size);

// The hash of a node from its tile's; `hashes` has one for each of the width.
Hash NodeFromTile(const Tile& tile, absl::Span<const Hash> hashes, NodeId node);

// The bytes of a tile: its hashes one after another.
std::string FormatTile(absl::Span<const Hash> hashes);

// The hashes of a tile.
//
// Errors: INVALID_ARGUMENT unless there are exactly `width` hashes of 32 bytes.
absl::StatusOr<std::vector<Hash>> ParseTile(absl::string_view bytes,
                                            TileWidth width);

}  // namespace daybook::merkle

#endif  // DAYBOOK_CORE_MERKLE_TILE_H_
