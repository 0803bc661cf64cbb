#include "clients/audit/layout_check.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/audit/fetch_problem.h"
#include "clients/audit/personal_file.h"
#include "core/base/status_macros.h"
#include "core/merkle/tile.h"

namespace daybook::audit {
namespace {

constexpr absl::string_view older_folder = "checkpoints/";

// Compares the files of one export.
class Checker {
 public:
  explicit Checker(const LayoutCheck& check) : check_(check) {}

  absl::Status Run(std::vector<std::string>& limits) {
    RETURN_IF_ERROR(CheckKey());
    for (const KeptCheckpoint& older : check_.older) {
      RETURN_IF_ERROR(CheckNeeded(older));
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> tiles,
                     check_.folder.List("tile"));
    for (const std::string& path : tiles) RETURN_IF_ERROR(CheckFile(path));
    RETURN_IF_ERROR(CheckPersonal());
    if (beyond_ > 0) {
      limits.push_back(absl::StrCat(
          "files: ", beyond_,
          " are of a larger size than the checkpoint, as an export leaves them "
          "that was broken off"));
    }
    return absl::OkStatus();
  }

 private:
  void Add(const std::string& place, const char* field, std::string found,
           std::string expected) {
    check_.findings.Add({.place = place,
                         .field = field,
                         .found = std::move(found),
                         .expected = std::move(expected)});
  }

  // Errors: what is no damage.
  absl::StatusOr<std::optional<std::string>> ReadOrAdd(
      const std::string& path) {
    absl::StatusOr<std::string> bytes = check_.folder.Read(path);
    if (bytes.ok()) return std::optional<std::string>(*std::move(bytes));
    if (!SaysDamage(bytes.status())) return bytes.status();
    check_.findings.AddFile(path, bytes.status());
    return std::optional<std::string>();
  }

  absl::Status CheckKey() {
    ASSIGN_OR_RETURN(const std::optional<std::string> bytes, ReadOrAdd("vkey"));
    if (!bytes.has_value() || !check_.signer.has_value()) {
      return absl::OkStatus();
    }
    const std::string expected = check_.signer->ToString();
    if (*bytes != absl::StrCat(expected, "\n")) {
      Add("vkey", "key",
          std::string(absl::StripTrailingAsciiWhitespace(*bytes)), expected);
    }
    return absl::OkStatus();
  }

  // What a mirror needs that is still at an older checkpoint.
  absl::Status CheckNeeded(const KeptCheckpoint& older) {
    const LogSize at = older.said.head.size;
    if (at > check_.size) {
      Add("checkpoint", "size", absl::StrCat(check_.size.value()),
          absl::StrCat("at least ", at.value(), ", as of ", older.place));
      return absl::OkStatus();
    }
    for (const std::string& path : FilesOfSize(at)) {
      const std::string full = FullPath(path);
      if (check_.folder.Read(path).ok() || check_.folder.Read(full).ok()) {
        continue;
      }
      Add(path, "content", "missing", absl::StrCat("needed by ", older.place));
    }
    return absl::OkStatus();
  }

  absl::Status CheckFile(const std::string& path) {
    const absl::StatusOr<merkle::Bundle> bundle = merkle::ParseBundlePath(path);
    if (bundle.ok()) {
      const auto now = merkle::BundleAt(bundle->index, check_.size);
      return Compare(path, bundle->width.value(),
                     now.has_value() ? now->width.value() : 0,
                     now.has_value() ? merkle::BundlePath(*now) : "");
    }
    const absl::StatusOr<merkle::Tile> tile = merkle::ParseTilePath(path);
    if (tile.ok()) {
      const auto now = merkle::TileAt(tile->level, tile->index, check_.size);
      return Compare(path, tile->width.value(),
                     now.has_value() ? now->width.value() : 0,
                     now.has_value() ? merkle::TilePath(*now) : "");
    }
    Add(path, "name", "no file of the layout", "none but those");
    return absl::OkStatus();
  }

  // Of an earlier size it must be the beginning of what there is now.
  absl::Status Compare(const std::string& path, uint32_t width,
                       uint32_t width_now, const std::string& path_now) {
    if (width == width_now) return absl::OkStatus();
    if (width > width_now) {
      ++beyond_;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::optional<std::string> bytes, ReadOrAdd(path));
    const absl::StatusOr<std::string> now = check_.folder.Read(path_now);
    // That this one is damaged was said when it was verified.
    if (!bytes.has_value() || !now.ok()) return absl::OkStatus();
    if (!absl::StartsWith(*now, *bytes) ||
        bytes->size() != BytesOf(path, *now, width)) {
      Add(path, "content", absl::StrCat(bytes->size(), " other bytes"),
          absl::StrCat("the beginning of ", path_now));
    }
    return absl::OkStatus();
  }

  // How many bytes the first `width` hashes or entries take.
  static size_t BytesOf(const std::string& path, absl::string_view bytes,
                        uint32_t width) {
    if (!merkle::ParseBundlePath(path).ok()) return width * merkle::hash_bytes;
    size_t taken = 0;
    for (uint32_t i = 0; i < width && taken + 2 <= bytes.size(); ++i) {
      taken += 2 + (size_t{static_cast<unsigned char>(bytes[taken])} << 8 |
                    static_cast<unsigned char>(bytes[taken + 1]));
    }
    return taken;
  }

  absl::Status CheckPersonal() {
    ASSIGN_OR_RETURN(const std::vector<std::string> files,
                     check_.folder.List("personal"));
    if (files.empty()) return absl::OkStatus();
    for (const std::string& path : files) {
      if (path == personal_checkpoint_path) continue;
      const absl::StatusOr<merkle::TileIndex> index = ParsePersonalPath(path);
      if (!index.ok() || !merkle::BundleAt(*index, check_.size).has_value()) {
        Add(path, "name", "no file of the layout",
            "a file beside a bundle that there is");
      }
    }
    ASSIGN_OR_RETURN(const std::optional<std::string> complete,
                     ReadOrAdd(personal_checkpoint_path));
    const absl::StatusOr<std::string> newest = check_.folder.Read("checkpoint");
    if (complete.has_value() && newest.ok() && *complete != *newest) {
      Add(personal_checkpoint_path, "content", "another checkpoint",
          "the same as in checkpoint; export again");
    }
    return absl::OkStatus();
  }

  const LayoutCheck& check_;
  uint64_t beyond_ = 0;
};

}  // namespace

std::string OlderCheckpointPath(LogSize size) {
  return absl::StrCat(older_folder, size.value());
}

std::vector<std::string> FilesOfSize(LogSize size) {
  std::vector<std::string> paths;
  for (const merkle::Tile& tile : merkle::PartialTiles(size)) {
    paths.push_back(merkle::TilePath(tile));
  }
  const merkle::TileIndex last(size.value() / merkle::tile_width_max.value());
  const auto bundle = merkle::BundleAt(last, size);
  if (bundle.has_value()) paths.push_back(merkle::BundlePath(*bundle));
  return paths;
}

std::string FullPath(absl::string_view path) {
  const size_t partial = path.find(".p/");
  return std::string(path.substr(0, partial));
}

absl::StatusOr<std::vector<KeptCheckpoint>> ReadOlderCheckpoints(
    DirectoryFetcher& folder, Findings& findings) {
  std::vector<KeptCheckpoint> older;
  ASSIGN_OR_RETURN(const std::vector<std::string> files,
                   folder.List("checkpoints"));
  for (const std::string& path : files) {
    const absl::StatusOr<std::string> note = folder.Read(path);
    if (!note.ok() && !SaysDamage(note.status())) return note.status();
    absl::StatusOr<KeptCheckpoint> kept =
        note.ok() ? ParseKept(path, *note) : note.status();
    if (!kept.ok()) {
      findings.AddFile(path, kept.status());
    } else if (OlderCheckpointPath(kept->said.head.size) != path) {
      findings.Add({.place = path,
                    .field = "size",
                    .found = absl::StrCat(kept->said.head.size.value()),
                    .expected = "that of its name"});
    } else {
      older.push_back(*std::move(kept));
    }
  }
  return older;
}

absl::Status CheckLayout(const LayoutCheck& check,
                         std::vector<std::string>& limits) {
  return Checker(check).Run(limits);
}

}  // namespace daybook::audit
