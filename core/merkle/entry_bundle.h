// EntryBundle: up to 256 neighbouring entries as one file, the leaves' side of
// a tile (core/merkle/tile.h).
//
// Each entry is preceded by its length in 2 bytes, big-endian; there is no
// count and no padding. Its leaf hash is over the entry alone.
//
// Thread safety: pure functions.
//
// Bytes: c2sp.org/tlog-tiles; docs/formats/checkpoint.md.

#ifndef DAYBOOK_CORE_MERKLE_ENTRY_BUNDLE_H_
#define DAYBOOK_CORE_MERKLE_ENTRY_BUNDLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/merkle/tile.h"

namespace daybook::merkle {

// The longest entry that the length tells.
inline constexpr size_t bundled_entry_bytes_max = 65'535;

// Appends an entry to the bytes of a bundle.
//
// Errors: INVALID_ARGUMENT when it is longer than `bundled_entry_bytes_max`;
// `bundle` is as it was.
absl::Status AppendToBundle(absl::string_view entry, std::string& bundle);

// The entries of a bundle, as views of `bytes`.
//
// Errors: INVALID_ARGUMENT unless there are exactly `width` entries.
absl::StatusOr<std::vector<absl::string_view>> ParseBundle(
    absl::string_view bytes, TileWidth width);

}  // namespace daybook::merkle

#endif  // DAYBOOK_CORE_MERKLE_ENTRY_BUNDLE_H_
