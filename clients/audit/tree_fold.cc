#include "clients/audit/tree_fold.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/audit/fetch_problem.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/merkle/proof.h"
#include "core/merkle/verify.h"

namespace daybook::audit {
namespace {

using merkle::Hash;
using merkle::NodeId;
using merkle::TileIndex;
using merkle::TileLevel;

constexpr uint64_t width = merkle::tile_width_max.value();

absl::StatusOr<std::vector<Hash>> ReadTile(Fetcher& fetcher,
                                           const merkle::Tile& tile) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   fetcher.Read(merkle::TilePath(tile)));
  return merkle::ParseTile(bytes, tile.width);
}

}  // namespace

Hash RootOver(const merkle::Frontier& bundles, const std::vector<Hash>& leaves,
              size_t count) {
  std::vector<Hash> peaks = bundles.peaks();
  merkle::Frontier last;
  for (size_t i = 0; i < count; ++i) last.Append(leaves[i]);
  peaks.insert(peaks.end(), last.peaks().begin(), last.peaks().end());
  return merkle::CombinePeaks(peaks);
}

TreeFold::TreeFold(Fetcher& fetcher, LogSize size, merkle::Frontier begun,
                   std::vector<uint64_t> roots_at, Findings& findings)
    : fetcher_(fetcher),
      size_(size),
      findings_(findings),
      roots_at_(std::move(roots_at)),
      bundles_(std::move(begun)),
      first_bundle_(bundles_.size().value()) {
  std::sort(roots_at_.begin(), roots_at_.end());
  for (uint32_t level = 1; level <= merkle::tile_height; ++level) {
    edges_.push_back(
        {first_bundle_ >> (merkle::tile_height * (level - 1)), {}});
  }
}

absl::Status TreeFold::Append(const BundleReading& reading) {
  RETURN_IF_ERROR(reading.status);
  const merkle::Bundle& bundle = reading.bundle;
  DAYBOOK_CHECK(!known_ || bundle.index.value() == bundles_.size().value());
  const bool lost = reading.leaves.empty();
  if (!lost) NoteRoots(bundle, reading.leaves);
  if (bundle.width != merkle::tile_width_max) {
    last_leaves_ = reading.leaves;
    known_ = known_ && !lost;
    return absl::OkStatus();
  }
  std::optional<Hash> root;
  if (lost) {
    ASSIGN_OR_RETURN(root, RootOfLost(bundle.index));
  } else {
    root = reading.root;
  }
  known_ = known_ && root.has_value();
  if (!known_) return absl::OkStatus();
  return AppendFull(*root);
}

void TreeFold::NoteRoots(const merkle::Bundle& bundle,
                         const std::vector<Hash>& leaves) {
  const uint64_t begin = PositionIn(bundle, 0).value();
  const uint64_t end = begin + leaves.size();
  for (; next_root_ < roots_at_.size() && roots_at_[next_root_] <= end;
       ++next_root_) {
    const uint64_t size = roots_at_[next_root_];
    if (!known_ || size < begin) continue;
    roots_.insert_or_assign(size, RootOver(bundles_, leaves, size - begin));
  }
}

absl::StatusOr<std::optional<Hash>> TreeFold::RootOfLost(TileIndex index) {
  const auto tile =
      merkle::TileAt(TileLevel(1), TileIndex(index.value() / width), size_);
  DAYBOOK_CHECK(tile.has_value());
  const absl::StatusOr<std::vector<Hash>> hashes = ReadTile(fetcher_, *tile);
  if (hashes.ok()) return std::optional<Hash>((*hashes)[index.value() % width]);
  // That the tile is damaged is said where it is compared.
  if (SaysDamage(hashes.status())) return std::optional<Hash>();
  return hashes.status();
}

absl::Status TreeFold::AppendFull(const Hash& root) {
  bundle_roots_.push_back(root);
  std::vector<TileLevel> full;
  bundles_.Append(root, [&](NodeId node, const Hash& hash) {
    if (node.level.value() % merkle::tile_height != 0) return;
    // Nodes over bundles are nodes of a tile level more over entries.
    const TileLevel level(1 + node.level.value() / merkle::tile_height);
    edges_[level.value() - 1].hashes.push_back(hash);
    if ((node.index.value() + 1) % width == 0) full.push_back(level);
  });
  for (const TileLevel level : full) {
    RETURN_IF_ERROR(CompareTile(level, edges_[level.value() - 1]));
  }
  return absl::OkStatus();
}

absl::Status TreeFold::CompareTile(TileLevel level, Edge& edge) {
  if (edge.hashes.empty()) return absl::OkStatus();
  const TileIndex index(edge.first / width);
  const auto tile = merkle::TileAt(level, index, size_);
  DAYBOOK_CHECK(tile.has_value());
  const std::string path = merkle::TilePath(*tile);
  const absl::StatusOr<std::vector<Hash>> stored = ReadTile(fetcher_, *tile);
  if (!stored.ok() && !SaysDamage(stored.status())) return stored.status();
  if (!stored.ok()) findings_.AddFile(path, stored.status());
  const uint64_t skipped = edge.first % width;
  for (size_t i = 0; stored.ok() && i < edge.hashes.size(); ++i) {
    const Hash& found = (*stored)[skipped + i];
    if (found == edge.hashes[i]) continue;
    findings_.Add({.place = path,
                   .field = absl::StrCat("hash ", skipped + i),
                   .found = absl::BytesToHexString(found.bytes()),
                   .expected = absl::StrCat(
                       absl::BytesToHexString(edge.hashes[i].bytes()),
                       " of the entries")});
  }
  edge.first += edge.hashes.size();
  edge.hashes.clear();
  return absl::OkStatus();
}

absl::Status TreeFold::Finish() {
  if (!known_) return absl::OkStatus();
  for (size_t i = 0; i < edges_.size(); ++i) {
    RETURN_IF_ERROR(
        CompareTile(TileLevel(static_cast<uint32_t>(i + 1)), edges_[i]));
  }
  return absl::OkStatus();
}

std::optional<Hash> TreeFold::RootAt(LogSize size) const {
  const auto root = roots_.find(size.value());
  if (root == roots_.end()) return std::nullopt;
  return root->second;
}

std::optional<std::vector<Hash>> TreeFold::Peaks() const {
  if (!known_) return std::nullopt;
  std::vector<Hash> peaks = bundles_.peaks();
  merkle::Frontier last;
  for (const Hash& leaf : last_leaves_) last.Append(leaf);
  peaks.insert(peaks.end(), last.peaks().begin(), last.peaks().end());
  return peaks;
}

std::optional<Hash> TreeFold::BundleRoot(TileIndex index) const {
  if (index.value() < first_bundle_ ||
      index.value() - first_bundle_ >= bundle_roots_.size()) {
    return std::nullopt;
  }
  return bundle_roots_[index.value() - first_bundle_];
}

absl::Status CheckConsistency(Fetcher& fetcher, const merkle::TreeHead& older,
                              const merkle::TreeHead& newer) {
  if (older.size > newer.size) {
    return absl::DataLossError(absl::StrCat("the log has ", newer.size.value(),
                                            " entries and had ",
                                            older.size.value(), " before"));
  }
  ASSIGN_OR_RETURN(const merkle::ProofNodes wanted,
                   merkle::ProofNodes::OfConsistency(older.size, newer.size));
  std::map<merkle::Tile, std::vector<Hash>> tiles;
  for (const merkle::Tile& tile : merkle::TilesOf(wanted.nodes(), newer.size)) {
    absl::StatusOr<std::vector<Hash>> hashes = ReadTile(fetcher, tile);
    if (!hashes.ok()) {
      return SaysDamage(hashes.status())
                 ? absl::DataLossError(absl::StrCat(
                       merkle::TilePath(tile), ": ", hashes.status().message()))
                 : hashes.status();
    }
    tiles.emplace(tile, *std::move(hashes));
  }
  std::vector<Hash> hashes;
  for (const NodeId node : wanted.nodes()) {
    const merkle::Tile tile = merkle::TileOf(node, newer.size);
    hashes.push_back(merkle::NodeFromTile(tile, tiles.at(tile), node));
  }
  return merkle::VerifyConsistency(wanted.Combine(hashes), older, newer);
}

}  // namespace daybook::audit
