// The commitment that stands in an entry for the personal data beside it.
//
// SHA-256(salt || for each present field, ascending by number: u32be number ||
// u32be length || bytes). A field is present when it is not empty; without
// present fields there is no commitment.
//
// Thread safety: pure functions.
//
// Bytes: docs/formats/entry.md.

#ifndef DAYBOOK_CORE_ADMISSION_PERSONAL_DATA_H_
#define DAYBOOK_CORE_ADMISSION_PERSONAL_DATA_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// Bytes of a salt; the server draws one for each event with personal data.
inline constexpr size_t salt_bytes = 16;

// Whether any field is present.
bool HasPersonalData(const v1::PersonalData& data);

// 32 bytes; empty when no field is present. `salt` must have `salt_bytes`.
std::string PersonalDataCommitment(absl::string_view salt,
                                   const v1::PersonalData& data);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_PERSONAL_DATA_H_
