// IdentityTable: which identity stands at which position, for all entries of a
// ledger, in 16 bytes each.
//
// Identities are kept as hashes of 64 bits, in 256 parts by their first bits;
// when all are in, each part is sorted on its own, so that equal ones stand
// side by side and any can be found. A part grows by a quarter at a time: ten
// million entries take 160 to 200 MB. Refused: a hash map (twice as much, and a
// miss of the cache for each entry), and the identities themselves (five times
// as much).
//
// Two identities with one hash are to be expected once in 370,000 ledgers of
// ten million entries. What looks like a repetition is therefore read again
// before it is called one; the hash is keyed anew in each process, so that
// nobody can prepare such entries.
//
// Thread safety: thread-compatible; Find may be called from any thread.

#ifndef DAYBOOK_CLIENTS_AUDIT_IDENTITY_TABLE_H_
#define DAYBOOK_CLIENTS_AUDIT_IDENTITY_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"

namespace daybook::audit {

// The same for equal identities within a process.
uint64_t IdentityHash(absl::string_view source, absl::string_view event_id);

class IdentityTable {
 public:
  // In rising positions.
  void Add(uint64_t identity, Position position);

  // Sorts with so many threads, once all are added. Pairs of positions whose
  // hashes are equal, at most `pairs_max`, by position.
  std::vector<std::pair<Position, Position>> Settle(size_t threads,
                                                    size_t pairs_max);

  // The first position with this hash. After Settle.
  std::optional<Position> Find(uint64_t identity) const;

 private:
  static constexpr size_t parts_count = 256;

  struct Row {
    uint64_t identity;
    uint64_t position;

    friend auto operator<=>(const Row&, const Row&) = default;
  };
  using Part = std::vector<Row>;

  std::array<Part, parts_count> parts_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_IDENTITY_TABLE_H_
