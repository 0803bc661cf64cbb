#include "clients/audit/bundle_reading.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/audit/fetch_problem.h"
#include "core/base/check.h"
#include "core/merkle/entry_bundle.h"

namespace daybook::audit {
namespace {

using merkle::Hash;

std::string Hex(const Hash& hash) {
  return absl::BytesToHexString(hash.bytes());
}

class Reader {
 public:
  Reader(const BundleSource& source, BundleReading& reading)
      : source_(source), reading_(reading) {}

  void Read() {
    if (!ReadEntries() || !ReadTile()) return;
    if (reading_.leaves.size() == merkle::tile_width_max.value()) {
      reading_.root = FullRoot(reading_.leaves);
    }
    if (source_.personal != nullptr && !reading_.notes.empty()) {
      reading_.status = source_.personal->Check(reading_.bundle, reading_.notes,
                                                reading_.without_personal_data,
                                                reading_.personal_checked);
    }
  }

 private:
  // False when it can not be told what is there.
  bool ReadEntries() {
    const std::string path = merkle::BundlePath(reading_.bundle);
    absl::StatusOr<std::string> content = source_.fetcher.Read(path);
    if (!content.ok()) return Lost(path, content.status());
    reading_.content = *std::move(content);
    const auto entries =
        merkle::ParseBundle(reading_.content, reading_.bundle.width);
    if (!entries.ok()) return Lost(path, entries.status());
    for (size_t i = 0; i < entries->size(); ++i) {
      const absl::string_view bytes = (*entries)[i];
      reading_.bytes += bytes.size();
      reading_.leaves.push_back(merkle::LeafHash(bytes));
      reading_.notes.push_back(NoteOf(PositionIn(reading_.bundle, i), bytes,
                                      source_.parsing, *reading_.arena,
                                      source_.findings));
    }
    return true;
  }

  bool Lost(const std::string& path, const absl::Status& status) {
    if (!SaysDamage(status)) {
      reading_.status = status;
      return false;
    }
    source_.findings.AddFile(path, status);
    return true;
  }

  bool ReadTile() {
    const merkle::Tile tile{merkle::TileLevel(0), reading_.bundle.index,
                            reading_.bundle.width};
    const std::string path = merkle::TilePath(tile);
    const absl::StatusOr<std::string> content = source_.fetcher.Read(path);
    if (!content.ok()) return Lost(path, content.status());
    const std::vector<Hash>& leaves = reading_.leaves;
    if (!leaves.empty() && *content == merkle::FormatTile(leaves)) return true;
    absl::StatusOr<std::vector<Hash>> stored =
        merkle::ParseTile(*content, tile.width);
    if (!stored.ok()) return Lost(path, stored.status());
    if (leaves.empty()) {
      reading_.leaves = *std::move(stored);
      return true;
    }
    for (size_t i = 0; i < leaves.size(); ++i) {
      if ((*stored)[i] == leaves[i]) continue;
      source_.findings.Add(
          {.position = PositionIn(reading_.bundle, i).value(),
           .place =
               absl::StrCat(merkle::BundlePath(reading_.bundle), " and ", path),
           .field = "leaf hash",
           .found = absl::StrCat(Hex(leaves[i]), " of the entry"),
           .expected = absl::StrCat(Hex((*stored)[i]), " of the tile")});
    }
    return true;
  }

  const BundleSource& source_;
  BundleReading& reading_;
};

}  // namespace

Position PositionIn(const merkle::Bundle& bundle, size_t place) {
  return Position(bundle.index.value() * merkle::tile_width_max.value() +
                  place);
}

Hash FullRoot(const std::vector<Hash>& leaves) {
  DAYBOOK_CHECK(leaves.size() == merkle::tile_width_max.value());
  std::vector<Hash> row(leaves.size() / 2);
  for (size_t i = 0; i < row.size(); ++i) {
    row[i] = merkle::NodeHash(leaves[2 * i], leaves[2 * i + 1]);
  }
  for (size_t width = row.size() / 2; width > 0; width /= 2) {
    for (size_t i = 0; i < width; ++i) {
      row[i] = merkle::NodeHash(row[2 * i], row[2 * i + 1]);
    }
  }
  return row.front();
}

void ReadBundle(const BundleSource& source, merkle::TileIndex index,
                BundleReading& reading) {
  const std::optional<merkle::Bundle> bundle =
      merkle::BundleAt(index, source.size);
  DAYBOOK_CHECK(bundle.has_value());
  reading.bundle = *bundle;
  reading.status = absl::OkStatus();
  reading.leaves.clear();
  reading.notes.clear();
  reading.without_personal_data.clear();
  reading.personal_checked = 0;
  reading.bytes = 0;
  if (reading.arena == nullptr) {
    google::protobuf::ArenaOptions options;
    constexpr size_t block_bytes = size_t{256} << 10;
    options.start_block_size = block_bytes;
    options.max_block_size = block_bytes;
    reading.arena = std::make_unique<google::protobuf::Arena>(options);
  }
  reading.arena->Reset();
  Reader(source, reading).Read();
}

}  // namespace daybook::audit
