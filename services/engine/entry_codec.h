// The bytes that a ledger keeps: entries, and the keys of their side tables.
//
// Entries are serialised once, when they are accepted, and never again: what is
// hashed is what was stored.
//
// Thread safety: pure functions.
//
// Bytes: docs/formats/entry.md.

#ifndef DAYBOOK_SERVICES_ENGINE_ENTRY_CODEC_H_
#define DAYBOOK_SERVICES_ENGINE_ENTRY_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook::services {

// The one format of entries that there is.
inline constexpr uint32_t entry_format = 1;

// Longest entry, serialised.
inline constexpr size_t entry_bytes_max = 65'535;

// Who writes, until there is authentication.
inline constexpr char local_principal[] = "local";

// Random bytes that set a ledger apart from every other.
inline constexpr size_t ledger_id_bytes = 16;

// A position as 8 bytes, big-endian: the key in Space::kPersonal.
std::string PositionBytes(Position position);

// Errors: DATA_LOSS when `bytes` are not 8.
absl::StatusOr<Position> ParsePosition(absl::string_view bytes);

// Personal data with the salt of its commitment, as kept beside the entry.
struct PersonalRecord {
  std::string salt;
  v1::PersonalData data;
};

// Value in Space::kPersonal: the salt, then the serialised message.
std::string PersonalRecordBytes(const PersonalRecord& record);

// Errors: DATA_LOSS when `bytes` are no such value.
absl::StatusOr<PersonalRecord> ParsePersonalRecord(absl::string_view bytes);

// `entry` as it is stored. Its format, position and content must be set.
std::string EntryBytes(const v1::Entry& entry);

// The same of an entry with an event, whose bytes these are.
std::string EntryBytes(const v1::Entry& entry, absl::string_view event_bytes);

// Reads the stored bytes of the entry at `position`.
//
// Errors:
//   DATA_LOSS            these bytes are not an entry of this position.
//   FAILED_PRECONDITION  a later version of Daybook wrote it; run that.
absl::StatusOr<v1::Entry> ParseEntry(Position position,
                                     absl::string_view bytes);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_ENTRY_CODEC_H_
