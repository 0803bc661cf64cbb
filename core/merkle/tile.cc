#include "core/merkle/tile.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"

namespace daybook::merkle {
namespace {

constexpr absl::string_view tile_folder = "tile/";
constexpr absl::string_view bundle_folder = "tile/entries/";

// Longer than any path of a tile; what is longer is not looked at.
constexpr size_t path_bytes_max = 64;

// Tile levels that a tree of `tree_size_max` has.
constexpr uint32_t tile_levels = 8;

// "x001/x234/067", and ".p/17" when partial.
std::string IndexPath(TileIndex index, TileWidth width) {
  DAYBOOK_CHECK(index <= tile_index_max && width.value() > 0 &&
                width <= tile_width_max);
  std::string path =
      absl::StrCat(absl::Dec(index.value() % 1'000, absl::kZeroPad3));
  for (uint64_t rest = index.value() / 1'000; rest > 0; rest /= 1'000) {
    path =
        absl::StrCat("x", absl::Dec(rest % 1'000, absl::kZeroPad3), "/", path);
  }
  if (width < tile_width_max) absl::StrAppend(&path, ".p/", width.value());
  return path;
}

// Digits alone; that there are no needless zeros is seen by printing again.
template <typename Number>
bool ParseDigits(absl::string_view text, Number& number) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c); }) &&
         absl::SimpleAtoi(text, &number);
}

// Reads leniently what IndexPath prints; the caller compares the printed form.
std::optional<Bundle> ParseIndexPath(absl::string_view path) {
  Bundle found{TileIndex(0), tile_width_max};
  const size_t partial = path.find(".p/");
  if (partial != absl::string_view::npos) {
    uint32_t width = 0;
    if (!ParseDigits(path.substr(partial + 3), width) || width == 0 ||
        width >= tile_width_max.value()) {
      return std::nullopt;
    }
    found.width = TileWidth(width);
    path = path.substr(0, partial);
  }
  uint64_t index = 0;
  for (absl::string_view group : absl::StrSplit(path, '/')) {
    absl::ConsumePrefix(&group, "x");
    uint64_t digits = 0;
    if (group.size() != 3 || !ParseDigits(group, digits) ||
        index > tile_index_max.value() / 1'000) {
      return std::nullopt;
    }
    index = index * 1'000 + digits;
  }
  if (index > tile_index_max.value()) return std::nullopt;
  found.index = TileIndex(index);
  return found;
}

absl::Status NotAPath(absl::string_view path, absl::string_view example) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", Shortened(path, path_bytes_max),
                   "' is not a path such as ", example));
}

// How many complete nodes a tree has at a tile level.
uint64_t NodesAt(TileLevel level, LogSize size) {
  DAYBOOK_CHECK(size <= tree_size_max);
  return level.value() >= tile_levels
             ? 0
             : size.value() >> (level.value() * tile_height);
}

// How many of `count` nodes of a level are in the tile of this index.
std::optional<TileWidth> WidthAt(TileIndex index, uint64_t count) {
  DAYBOOK_CHECK(index <= tile_index_max);
  const uint64_t first = index.value() << tile_height;
  if (count <= first) return std::nullopt;
  return TileWidth(static_cast<uint32_t>(
      std::min<uint64_t>(count - first, tile_width_max.value())));
}

}  // namespace

std::string TilePath(const Tile& tile) {
  return absl::StrCat(tile_folder, tile.level.value(), "/",
                      IndexPath(tile.index, tile.width));
}

std::string BundlePath(const Bundle& bundle) {
  return absl::StrCat(bundle_folder, IndexPath(bundle.index, bundle.width));
}

absl::StatusOr<Tile> ParseTilePath(absl::string_view path) {
  absl::string_view rest = path;
  if (path.size() <= path_bytes_max &&
      absl::ConsumePrefix(&rest, tile_folder)) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(rest, absl::MaxSplits('/', 1));
    uint32_t level = 0;
    const std::optional<Bundle> found = ParseIndexPath(parts.second);
    if (found.has_value() && ParseDigits(parts.first, level) &&
        level <= tile_level_max) {
      const Tile tile{TileLevel(level), found->index, found->width};
      if (TilePath(tile) == path) return tile;
    }
  }
  return NotAPath(path, "tile/0/x001/234.p/5");
}

absl::StatusOr<Bundle> ParseBundlePath(absl::string_view path) {
  absl::string_view rest = path;
  if (path.size() <= path_bytes_max &&
      absl::ConsumePrefix(&rest, bundle_folder)) {
    const std::optional<Bundle> found = ParseIndexPath(rest);
    if (found.has_value() && BundlePath(*found) == path) return *found;
  }
  return NotAPath(path, "tile/entries/x001/234.p/5");
}

std::optional<Tile> TileAt(TileLevel level, TileIndex index, LogSize size) {
  const std::optional<TileWidth> width = WidthAt(index, NodesAt(level, size));
  if (!width.has_value()) return std::nullopt;
  return Tile{level, index, *width};
}

std::optional<Bundle> BundleAt(TileIndex index, LogSize size) {
  const std::optional<TileWidth> width =
      WidthAt(index, NodesAt(TileLevel(0), size));
  if (!width.has_value()) return std::nullopt;
  return Bundle{index, *width};
}

std::vector<Tile> PartialTiles(LogSize size) {
  std::vector<Tile> tiles;
  for (uint32_t level = 0; level < tile_levels; ++level) {
    const uint64_t count = NodesAt(TileLevel(level), size);
    const auto width = static_cast<uint32_t>(count % tile_width_max.value());
    if (width == 0) continue;
    tiles.push_back(
        {TileLevel(level), TileIndex(count >> tile_height), TileWidth(width)});
  }
  return tiles;
}

std::vector<Tile> TilesToPublish(LogSize older, LogSize newer) {
  DAYBOOK_CHECK(older <= newer);
  std::vector<Tile> tiles;
  for (uint32_t level = 0; level < tile_levels; ++level) {
    const uint64_t before = NodesAt(TileLevel(level), older);
    const uint64_t after = NodesAt(TileLevel(level), newer);
    if (before == after) continue;
    // A partial tile of before is wider now.
    for (uint64_t index = before >> tile_height;; ++index) {
      const std::optional<TileWidth> width = WidthAt(TileIndex(index), after);
      if (!width.has_value()) break;
      tiles.push_back({TileLevel(level), TileIndex(index), *width});
    }
  }
  return tiles;
}

std::vector<Bundle> BundlesToPublish(LogSize older, LogSize newer) {
  DAYBOOK_CHECK(older <= newer);
  std::vector<Bundle> bundles;
  if (older == newer) return bundles;
  for (uint64_t index = older.value() >> tile_height;; ++index) {
    const std::optional<Bundle> bundle = BundleAt(TileIndex(index), newer);
    if (!bundle.has_value()) break;
    bundles.push_back(*bundle);
  }
  return bundles;
}

NodeId FirstNode(const Tile& tile) {
  return {Level(tile.level.value() * tile_height),
          NodeIndex(tile.index.value() << tile_height)};
}

Tile TileOf(NodeId node, LogSize size) {
  DAYBOOK_CHECK(IsComplete(node, size));
  const TileLevel level(node.level.value() / tile_height);
  const uint64_t first = node.index.value()
                         << (node.level.value() % tile_height);
  const std::optional<Tile> tile =
      TileAt(level, TileIndex(first >> tile_height), size);
  DAYBOOK_CHECK(tile.has_value());
  return *tile;
}

std::vector<Tile> TilesOf(absl::Span<const NodeId> nodes, LogSize size) {
  std::vector<Tile> tiles;
  tiles.reserve(nodes.size());
  for (const NodeId node : nodes) tiles.push_back(TileOf(node, size));
  std::sort(tiles.begin(), tiles.end());
  tiles.erase(std::unique(tiles.begin(), tiles.end()), tiles.end());
  return tiles;
}

Hash NodeFromTile(const Tile& tile, absl::Span<const Hash> hashes,
                  NodeId node) {
  DAYBOOK_CHECK(hashes.size() == tile.width.value());
  DAYBOOK_CHECK(node.level.value() / tile_height == tile.level.value());
  const uint32_t levels = node.level.value() % tile_height;
  const uint64_t first = node.index.value() << levels;
  const size_t count = size_t{1} << levels;
  DAYBOOK_CHECK(first >> tile_height == tile.index.value());
  const size_t offset = first % tile_width_max.value();
  DAYBOOK_CHECK(offset + count <= hashes.size());
  const absl::Span<const Hash> covered = hashes.subspan(offset, count);
  std::vector<Hash> row(covered.begin(), covered.end());
  while (row.size() > 1) {
    for (size_t i = 0; i < row.size() / 2; ++i) {
      row[i] = NodeHash(row[2 * i], row[2 * i + 1]);
    }
    row.resize(row.size() / 2);
  }
  return row.front();
}

std::string FormatTile(absl::Span<const Hash> hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * hash_bytes);
  for (const Hash& hash : hashes) absl::StrAppend(&bytes, hash.bytes());
  return bytes;
}

absl::StatusOr<std::vector<Hash>> ParseTile(absl::string_view bytes,
                                            TileWidth width) {
  if (bytes.size() != width.value() * hash_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a tile of ", width.value(), " hashes has ",
                     width.value() * hash_bytes, " bytes, not ", bytes.size()));
  }
  std::vector<Hash> hashes;
  hashes.reserve(width.value());
  for (; !bytes.empty(); bytes.remove_prefix(hash_bytes)) {
    ASSIGN_OR_RETURN(const Hash hash,
                     Hash::FromBytes(bytes.substr(0, hash_bytes)));
    hashes.push_back(hash);
  }
  return hashes;
}

}  // namespace daybook::merkle
