// The rows that entries lie in: several, one behind the other, so that a commit
// of many costs RocksDB few rows.
//
//   block := (length entry)+     length: varint
//
// Thread safety: pure functions.
//
// Bytes: docs/formats/event_log.md.

#ifndef DAYBOOK_STORAGE_ENTRY_BLOCK_H_
#define DAYBOOK_STORAGE_ENTRY_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace daybook::storage {

// A block takes no further entry once it has so many bytes. Small enough that
// one entry is found quickly, large enough that a row costs next to nothing.
inline constexpr size_t block_bytes_full = size_t{16} << 10;

// Adds an entry to a block.
void AppendToBlock(absl::string_view entry, std::string& block);

// Walks through a block.
class BlockReader {
 public:
  explicit BlockReader(absl::string_view block) : rest_(block) {}

  // The next entry; absent at the end, and where the bytes are no entry.
  std::optional<absl::string_view> Next();

  // Whether all was read, and was entries.
  bool at_end() const { return rest_.empty(); }

 private:
  absl::string_view rest_;
};

// How many entries a block holds; absent when the bytes are no block.
std::optional<uint64_t> CountInBlock(absl::string_view block);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_ENTRY_BLOCK_H_
