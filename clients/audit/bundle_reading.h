// BundleReading: up to 256 entries, read, hashed, compared with their tile and
// noted: all of the work that needs no other entries.
//
// Thread safety: ReadBundle may be called from any thread, for different
// readings.

#ifndef DAYBOOK_CLIENTS_AUDIT_BUNDLE_READING_H_
#define DAYBOOK_CLIENTS_AUDIT_BUNDLE_READING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/audit/entry_note.h"
#include "clients/audit/fetcher.h"
#include "clients/audit/finding.h"
#include "clients/audit/personal_file.h"
#include "core/base/strong_int.h"
#include "core/merkle/hash.h"
#include "core/merkle/tile.h"
#include "google/protobuf/arena.h"

namespace daybook::audit {

// Where bundles are read from, and up to which size.
struct BundleSource {
  Fetcher& fetcher;
  LogSize size;
  // Where personal data is read from; null: it is not looked at.
  PersonalReader* personal = nullptr;
  // Of each entry; with kAll the notes have them whole.
  Parsing parsing = Parsing::kWhatIsNeeded;
  Findings& findings;
};

struct BundleReading {
  merkle::Bundle bundle{merkle::TileIndex(0), merkle::TileWidth(1)};

  // OK unless it can not be told what the source holds.
  absl::Status status;

  // One for each entry; of the tile where the entries are lost. Empty when both
  // are.
  std::vector<merkle::Hash> leaves;

  // Root over the leaves of a full bundle that is not empty.
  merkle::Hash root;

  // One for each entry; empty when they are lost.
  std::vector<EntryNote> notes;

  // Places in `notes` whose personal data is committed to and not there. Only
  // where personal data is looked at.
  std::vector<uint32_t> without_personal_data;

  // How many had it, and it agreed.
  uint64_t personal_checked = 0;

  // Bytes of entries.
  uint64_t bytes = 0;

  // What the notes point into.
  std::string content;
  std::unique_ptr<google::protobuf::Arena> arena;
};

// Position of the entry in this place of the bundle.
Position PositionIn(const merkle::Bundle& bundle, size_t place);

// The root over the leaves of a full bundle.
merkle::Hash FullRoot(const std::vector<merkle::Hash>& leaves);

// Reads the bundle with this index into `reading`.
void ReadBundle(const BundleSource& source, merkle::TileIndex index,
                BundleReading& reading);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_BUNDLE_READING_H_
