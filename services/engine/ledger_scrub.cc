#include "services/engine/ledger_scrub.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/admission/personal_data.h"
#include "core/base/status_macros.h"
#include "core/merkle/tile.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/entry_codec.h"
#include "storage/file_check.h"

namespace daybook::services {
namespace {

using storage::Space;

constexpr uint64_t group_entries = merkle::tile_width_max.value();

std::string PlaceOf(uint64_t position) {
  return absl::StrCat("position ", position);
}

class Scrub {
 public:
  Scrub(const ScrubbedLedger& ledger,
        absl::FunctionRef<bool(const ScrubStep&)> visit)
      : ledger_(ledger),
        visit_(visit),
        personal_(ledger.log.NewCursor(Space::kPersonal)) {}

  absl::Status Run() {
    size_ = ledger_.tree.Head().size.value();
    RETURN_IF_ERROR(ReadFiles());
    personal_->Seek("");
    for (uint64_t first = 0; wanted_ && first < size_; first += group_entries) {
      const uint64_t limit = std::min(first + group_entries, size_);
      ReadGroup(first, limit);
      step_.read_bytes = file_bytes_ + file_bytes_ / size_ * limit +
                         file_bytes_ % size_ * limit / size_;
      Tell();
    }
    for (uint32_t level = 1; wanted_; ++level) {
      if (!ReadTiles(merkle::TileLevel(level))) break;
    }
    return absl::OkStatus();
  }

 private:
  void Tell() { wanted_ = wanted_ && visit_(step_); }

  void Tell(std::string place, absl::string_view problem) {
    step_.place = std::move(place);
    step_.problem = std::string(problem);
    Tell();
    step_.place.clear();
    step_.problem.clear();
  }

  absl::Status ReadFiles() {
    return ledger_.log.Check([this](const storage::CheckedFile& file) {
      file_bytes_ = file.total_bytes;
      step_.total_bytes = 2 * file.total_bytes;
      step_.read_bytes = file.read_bytes;
      if (file.status.ok()) {
        Tell();
      } else {
        Tell(file.path.string(), file.status.message());
      }
      return wanted_;
    });
  }

  void ReadGroup(uint64_t first, uint64_t limit) {
    const auto entries =
        ledger_.tree.ReadEntries(Position(first), Position(limit));
    if (!entries.ok()) {
      // What stands beside it can not be held against anything.
      SkipPersonal(limit);
      return Tell(absl::StrCat("positions ", first, " to ", limit - 1),
                  entries.status().message());
    }
    std::vector<uint64_t> hashes;
    for (uint64_t position = first; position < limit; ++position) {
      const auto entry =
          ParseEntry(Position(position), (*entries)[position - first]);
      if (!entry.ok()) {
        Tell(PlaceOf(position), entry.status().message());
        hashes.push_back(0);
        continue;
      }
      hashes.push_back(ledger_.identities.hash().Of(entry->source(),
                                                    entry->event().event_id()));
      CheckPersonal(*entry);
    }
    CheckIdentities(first, hashes);
  }

  // Entries that the index does not find would be taken for new when they are
  // sent again.
  void CheckIdentities(uint64_t first, const std::vector<uint64_t>& hashes) {
    std::vector<bool> found(hashes.size());
    const absl::Status asked =
        ledger_.identities.Candidates(hashes, [&](size_t i, Position position) {
          if (position.value() == first + i) found[i] = true;
        });
    if (!asked.ok()) {
      return Tell(absl::StrCat("identities of positions ", first, " to ",
                               first + hashes.size() - 1),
                  asked.message());
    }
    for (size_t i = 0; i < found.size(); ++i) {
      // The genesis has none.
      if (found[i] || first + i == 0) continue;
      Tell(absl::StrCat("identity of position ", first + i),
           "the index does not find it; restart daybookd with --rebuild");
    }
  }

  // Rows stand in the order of their entries.
  void CheckPersonal(const v1::Entry& entry) {
    while (personal_->valid()) {
      const auto position = ParsePosition(personal_->key());
      if (!position.ok()) {
        Tell("personal data", "a key is no position");
      } else if (position->value() > entry.position()) {
        return;
      } else {
        CheckPersonalRow(*position, entry);
      }
      personal_->Next();
    }
    EndPersonal();
  }

  void CheckPersonalRow(Position position, const v1::Entry& entry) {
    const std::string place =
        absl::StrCat("personal data of position ", position.value());
    if (position.value() != entry.position() ||
        entry.personal_data_commitment().empty()) {
      return Tell(place, "its entry has none");
    }
    const auto record = ParsePersonalRecord(personal_->value());
    if (!record.ok()) return Tell(place, record.status().message());
    if (PersonalDataCommitment(record->salt, record->data) !=
        entry.personal_data_commitment()) {
      Tell(place, "it is not what its entry is committed to: it was changed");
    }
  }

  void SkipPersonal(uint64_t limit) {
    while (personal_->valid()) {
      const auto position = ParsePosition(personal_->key());
      if (position.ok() && position->value() >= limit) return;
      personal_->Next();
    }
    EndPersonal();
  }

  void EndPersonal() {
    const absl::Status status = personal_->status();
    if (!status.ok() && !personal_failed_) {
      Tell("personal data", status.message());
    }
    personal_failed_ = !status.ok();
  }

  // False when the tree has none of this level.
  bool ReadTiles(merkle::TileLevel level) {
    uint64_t index = 0;
    for (; wanted_; ++index) {
      const auto tile =
          merkle::TileAt(level, merkle::TileIndex(index), LogSize(size_));
      if (!tile.has_value()) break;
      const absl::Status read = ledger_.tree.ReadTile(*tile).status();
      if (!read.ok()) Tell(merkle::TilePath(*tile), read.message());
    }
    return index > 0;
  }

  const ScrubbedLedger& ledger_;
  const absl::FunctionRef<bool(const ScrubStep&)> visit_;
  const std::unique_ptr<storage::SideCursor> personal_;

  uint64_t size_ = 0;
  uint64_t file_bytes_ = 0;
  ScrubStep step_;
  bool wanted_ = true;
  bool personal_failed_ = false;
};

}  // namespace

absl::Status ScrubLedger(const ScrubbedLedger& ledger,
                         absl::FunctionRef<bool(const ScrubStep&)> visit) {
  return Scrub(ledger, visit).Run();
}

}  // namespace daybook::services
