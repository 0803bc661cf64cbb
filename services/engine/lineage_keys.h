// Keys in Space::kLineage: what each report and department is rebuilt from.
//
//   subject 00 'b' bucket position   a block of a bucket's rows, by its first
//   subject 00 'd' bucket            a bucket: its first position, then its key
//   subject 00 's' position          what an entry that is not about money says
//
// A subject is a resource name, a bucket 4 and a position 8 bytes, big-endian,
// so that what belongs together lies together, in commit order.
//
// Thread safety: pure functions.
//
// Bytes: docs/formats/event_log.md.

#ifndef DAYBOOK_SERVICES_ENGINE_LINEAGE_KEYS_H_
#define DAYBOOK_SERVICES_ENGINE_LINEAGE_KEYS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"

namespace daybook::services {

// What all keys of one kind of a subject begin with.
std::string StatedPrefix(absl::string_view subject);
std::string DefinitionPrefix(absl::string_view subject);
std::string BlockPrefix(absl::string_view subject, uint32_t bucket);

std::string StatedKey(absl::string_view subject, Position position);
std::string DefinitionKey(absl::string_view subject, uint32_t bucket);
std::string BlockKey(absl::string_view subject, uint32_t bucket,
                     Position first);

// What the keys of all blocks of a subject begin with, and how each goes on.
std::string BlocksPrefix(absl::string_view subject);
inline constexpr size_t block_suffix_bytes = 12;
std::array<char, block_suffix_bytes> BlockSuffix(uint32_t bucket,
                                                 Position first);

// The position that ends a key with this prefix.
//
// Errors: DATA_LOSS when what follows the prefix is none.
absl::StatusOr<Position> PositionOfKey(absl::string_view key,
                                       absl::string_view prefix);

// The bucket that ends a key with this prefix.
//
// Errors: as PositionOfKey.
absl::StatusOr<uint32_t> BucketOfKey(absl::string_view key,
                                     absl::string_view prefix);

// The subject of any key; empty when it is none.
absl::string_view SubjectOfKey(absl::string_view key);

// A key behind all keys of a subject and before those of every later one.
std::string KeyBehind(absl::string_view subject);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LINEAGE_KEYS_H_
