#include "clients/audit/export.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/audit/bundle_reading.h"
#include "clients/audit/checkpoint_check.h"
#include "clients/audit/directory_fetcher.h"
#include "clients/audit/export_folder.h"
#include "clients/audit/finding.h"
#include "clients/audit/layout_check.h"
#include "clients/audit/ordered_work.h"
#include "clients/audit/tree_fold.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/signed_checkpoint.h"

namespace daybook::audit {
namespace {

using checkpoint::VerifierKey;
using merkle::TileIndex;

constexpr uint64_t width = merkle::tile_width_max.value();

// Writes wait for the disk, so several are worth while.
constexpr size_t writers = 8;
constexpr size_t slots = 4 * writers;

// One bundle on its way into the folder.
struct Slot {
  BundleReading reading;
  absl::Status status;
  uint64_t written = 0;
  uint64_t kept = 0;
};

class Exporter {
 public:
  Exporter(Fetcher& fetcher, const ExportOptions& options, ExportFolder& folder)
      : fetcher_(fetcher),
        options_(options),
        folder_(folder),
        local_(options.folder) {}

  absl::StatusOr<Exported> Run() {
    RETURN_IF_ERROR(ReadCheckpoints());
    RETURN_IF_ERROR(CopyBundles());
    RETURN_IF_ERROR(CopyTiles());
    RETURN_IF_ERROR(CheckRoot());
    RETURN_IF_ERROR(RemoveErased());
    ASSIGN_OR_RETURN(const VerifierKey key, FindKey());
    RETURN_IF_ERROR(CopyOlder());
    RETURN_IF_ERROR(folder_.Sync());
    // From here on the export is what the checkpoint says, step by step.
    if (options_.personal) {
      RETURN_IF_ERROR(folder_.Write(personal_checkpoint_path, note_));
    }
    done_.verifier_key = key.ToString();
    RETURN_IF_ERROR(
        folder_.Write("vkey", absl::StrCat(done_.verifier_key, "\n")));
    RETURN_IF_ERROR(folder_.Sync());
    RETURN_IF_ERROR(folder_.Write("checkpoint", note_));
    RETURN_IF_ERROR(folder_.Sync());
    return done_;
  }

 private:
  absl::Status ReadCheckpoints() {
    ASSIGN_OR_RETURN(note_, fetcher_.Read("checkpoint"));
    absl::StatusOr<KeptCheckpoint> newest = ParseKept("checkpoint", note_);
    if (!newest.ok()) return absl::DataLossError(newest.status().message());
    newest_ = *std::move(newest);
    size_ = newest_.said.head.size;
    done_.size = size_.value();
    if (size_ == LogSize(0) || size_ > merkle::tree_size_max) {
      return absl::DataLossError(
          absl::StrCat("the checkpoint is of size ", size_.value()));
    }
    const absl::StatusOr<std::string> before = local_.Read("checkpoint");
    if (absl::IsNotFound(before.status())) return absl::OkStatus();
    RETURN_IF_ERROR(before.status());
    before_note_ = *before;
    const absl::StatusOr<KeptCheckpoint> older =
        ParseKept("checkpoint", *before);
    if (!older.ok() || older->said.origin != newest_.said.origin) {
      return absl::FailedPreconditionError(absl::StrCat(
          options_.folder.string(), " holds something else than an export of ",
          newest_.said.origin, "; name another folder"));
    }
    before_ = older->said.head.size;
    done_.size_before = before_.value();
    const absl::Status consistent =
        CheckConsistency(fetcher_, older->said.head, newest_.said.head);
    if (!absl::IsDataLoss(consistent)) return consistent;
    return absl::DataLossError(absl::StrCat(
        "the checkpoint that was exported before is not continued: ",
        consistent.message(), "; keep the folder as evidence"));
  }

  absl::Status CopyBundles() {
    const uint64_t first = before_.value() / width;
    const uint64_t limit = (size_.value() + width - 1) / width;
    OrderedWork<Slot> work(writers, slots);
    return work.Run(
        before_ == size_ ? limit : first, limit,
        [this](uint64_t index, Slot& slot) {
          slot.written = slot.kept = 0;
          slot.status = CopyBundle(TileIndex(index), slot);
        },
        [this](Slot& slot) { return Take(slot); });
  }

  // A bundle and its tile, from the folder where they are there already.
  absl::Status CopyBundle(TileIndex index, Slot& slot) {
    const merkle::Bundle bundle = *merkle::BundleAt(index, size_);
    const std::string bundle_path = merkle::BundlePath(bundle);
    const std::string tile_path =
        merkle::TilePath({merkle::TileLevel(0), bundle.index, bundle.width});
    Findings findings;
    const bool kept = folder_.Has(bundle_path) && folder_.Has(tile_path);
    ReadBundle({.fetcher = kept ? local_ : fetcher_,
                .size = size_,
                .findings = findings},
               index, slot.reading);
    RETURN_IF_ERROR(slot.reading.status);
    if (findings.count() > 0) {
      return absl::DataLossError(FindingText(findings.Sorted().front()));
    }
    if (kept) {
      slot.kept += 2;
    } else {
      RETURN_IF_ERROR(folder_.Write(bundle_path, slot.reading.content));
      RETURN_IF_ERROR(
          folder_.Write(tile_path, merkle::FormatTile(slot.reading.leaves)));
      slot.written += 2;
    }
    if (options_.personal) RETURN_IF_ERROR(CopyPersonal(slot));
    return absl::OkStatus();
  }

  absl::Status CopyPersonal(Slot& slot) {
    std::vector<PersonalRow> rows;
    for (uint32_t place = 0; place < slot.reading.notes.size(); ++place) {
      if (slot.reading.notes[place].commitment.empty()) continue;
      ASSIGN_OR_RETURN(
          std::optional<PersonalRow> row,
          options_.personal(PositionIn(slot.reading.bundle, place), place));
      if (row.has_value()) rows.push_back(*std::move(row));
    }
    const std::string path = PersonalPath(slot.reading.bundle.index);
    if (rows.empty()) {
      return folder_.Has(path) ? folder_.Remove(path) : absl::OkStatus();
    }
    ++slot.written;
    return folder_.Write(path, FormatPersonalFile(rows));
  }

  absl::Status Take(Slot& slot) {
    RETURN_IF_ERROR(slot.status);
    done_.files_written += slot.written;
    done_.files_kept += slot.kept;
    const BundleReading& reading = slot.reading;
    for (uint32_t place = 0; place < reading.notes.size(); ++place) {
      const EntryNote& note = reading.notes[place];
      const Position position = PositionIn(reading.bundle, place);
      if (note.kind == EntryNote::Kind::kGenesis) {
        NoteKey(position, note.entry->genesis().public_key());
      } else if (note.kind == EntryNote::Kind::kKeyRotated) {
        NoteKey(position, note.entry->event().key_rotated().public_key());
      } else if (note.kind == EntryNote::Kind::kErasure &&
                 position.value() >= before_.value()) {
        erasures_.push_back(TargetOf(note));
      }
    }
    if (options_.progress) {
      options_.progress(
          "entries", PositionIn(reading.bundle, reading.notes.size()).value(),
          size_.value());
    }
    return absl::OkStatus();
  }

  void NoteKey(Position position, const std::string& bytes) {
    NamedKey named{.position = position.value()};
    if (bytes.size() != named.key.size()) return;
    std::memcpy(named.key.data(), bytes.data(), bytes.size());
    named_.push_back(named);
  }

  absl::Status CopyTiles() {
    for (const merkle::Tile& tile : merkle::TilesToPublish(before_, size_)) {
      if (tile.level == merkle::TileLevel(0)) continue;
      RETURN_IF_ERROR(CopyTile(tile));
    }
    return absl::OkStatus();
  }

  absl::Status CopyTile(const merkle::Tile& tile) {
    const std::string path = merkle::TilePath(tile);
    if (folder_.Has(path)) {
      ++done_.files_kept;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::string bytes, fetcher_.Read(path));
    const auto hashes = merkle::ParseTile(bytes, tile.width);
    if (!hashes.ok()) {
      return absl::DataLossError(
          absl::StrCat(path, ": ", hashes.status().message()));
    }
    ++done_.files_written;
    return folder_.Write(path, bytes);
  }

  // The root, from the tiles of the folder.
  absl::Status CheckRoot() {
    std::vector<merkle::Hash> peaks;
    for (const merkle::NodeId node : merkle::PeakNodes(size_)) {
      const merkle::Tile tile = merkle::TileOf(node, size_);
      ASSIGN_OR_RETURN(const std::string bytes,
                       local_.Read(merkle::TilePath(tile)));
      const auto hashes = merkle::ParseTile(bytes, tile.width);
      if (!hashes.ok()) return absl::DataLossError(hashes.status().message());
      peaks.push_back(merkle::NodeFromTile(tile, *hashes, node));
    }
    if (merkle::CombinePeaks(peaks) == newest_.said.head.root) {
      return absl::OkStatus();
    }
    return absl::DataLossError(
        absl::StrCat("the tiles do not lead to the root of the checkpoint of ",
                     size_.value(), " entries"));
  }

  // Personal data that was exported before, and erased since.
  absl::Status RemoveErased() {
    if (!options_.personal) return absl::OkStatus();
    std::set<uint64_t> bundles;
    for (const v1::EventIdentity& identity : erasures_) {
      ASSIGN_OR_RETURN(const std::optional<Position> position,
                       options_.find_event(identity));
      if (position.has_value() && *position < NextPosition(before_)) {
        bundles.insert(position->value() / width);
      }
    }
    for (const uint64_t index : bundles) {
      Slot slot;
      Findings findings;
      ReadBundle({.fetcher = local_, .size = size_, .findings = findings},
                 TileIndex(index), slot.reading);
      RETURN_IF_ERROR(slot.reading.status);
      RETURN_IF_ERROR(CopyPersonal(slot));
      done_.files_written += slot.written;
    }
    return absl::OkStatus();
  }

  // The key by which the checkpoint verifies: one that the entries name.
  absl::StatusOr<VerifierKey> FindKey() {
    std::vector<VerifierKey> keys;
    for (auto named = named_.rbegin(); named != named_.rend(); ++named) {
      const auto key = KeyOf(newest_.said.origin, named->key);
      if (key.ok()) keys.push_back(*key);
    }
    // That of the export before, whose entries were not read again.
    const absl::StatusOr<std::string> before = local_.Read("vkey");
    if (before.ok()) {
      const auto key =
          VerifierKey::Parse(absl::StripTrailingAsciiWhitespace(*before));
      if (key.ok()) keys.push_back(*key);
    }
    for (const VerifierKey& key : keys) {
      if (checkpoint::OpenCheckpoint(newest_.note, key, {}).ok()) return key;
    }
    return absl::FailedPreconditionError(
        "no key that the entries name has signed the checkpoint; nobody could "
        "verify the export");
  }

  // Checkpoints that lead from one key to the next, and that of the export
  // before.
  absl::Status CopyOlder() {
    std::vector<std::string> notes = options_.older_checkpoints;
    if (before_ != LogSize(0) && before_ != size_) {
      notes.push_back(before_note_);
    }
    for (const std::string& note : notes) {
      const absl::StatusOr<KeptCheckpoint> older = ParseKept("", note);
      if (!older.ok()) return absl::DataLossError(older.status().message());
      const LogSize at = older->said.head.size;
      if (at == LogSize(0) || at > size_) continue;
      RETURN_IF_ERROR(
          CheckConsistency(local_, older->said.head, newest_.said.head));
      for (const std::string& path : FilesOfSize(at)) {
        // A full file takes the place of a partial one.
        if (folder_.Has(path) || folder_.Has(FullPath(path))) continue;
        ASSIGN_OR_RETURN(const std::string bytes, fetcher_.Read(path));
        RETURN_IF_ERROR(folder_.Write(path, bytes));
        ++done_.files_written;
      }
      RETURN_IF_ERROR(folder_.Sync());
      RETURN_IF_ERROR(folder_.Write(OlderCheckpointPath(at), note));
      ++done_.files_written;
    }
    return absl::OkStatus();
  }

  Fetcher& fetcher_;
  const ExportOptions& options_;
  ExportFolder& folder_;
  DirectoryFetcher local_;
  std::string note_;
  std::string before_note_;
  KeptCheckpoint newest_;
  LogSize size_{0};
  LogSize before_{0};
  std::vector<NamedKey> named_;
  std::vector<v1::EventIdentity> erasures_;
  Exported done_;
};

}  // namespace

absl::StatusOr<Exported> Export(Fetcher& fetcher,
                                const ExportOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ExportFolder> folder,
                   ExportFolder::Open(options.folder));
  return Exporter(fetcher, options, *folder).Run();
}

}  // namespace daybook::audit
