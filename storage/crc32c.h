// CRC-32C (Castagnoli), as in RFC 3720: finds damaged bytes.
//
// In hardware where the processor has it, which costs a third of a nanosecond a
// byte; otherwise by a table.
//
// Thread safety: a pure function.

#ifndef DAYBOOK_STORAGE_CRC32C_H_
#define DAYBOOK_STORAGE_CRC32C_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace daybook::storage {

// The checksum of what `crc` is of, followed by `bytes`; 0 is that of nothing.
uint32_t ExtendCrc32c(uint32_t crc, absl::string_view bytes);

// The same by the table, which also runs where there is no hardware for it.
uint32_t ExtendCrc32cByTable(uint32_t crc, absl::string_view bytes);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_CRC32C_H_
