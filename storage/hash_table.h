// HashTable: positions by hash, in memory; several may share a hash.
//
// Open addressing with linear probing. A hash is looked for at the slot that
// its top bits name, so that the slots are almost in the order of the hashes:
// growing moves entries from left to right, and sorting them is cheap. That
// takes hashes which are spread evenly, as keyed ones are; others are found
// just as surely, and slowly.
//
// At most half of the slots are used: a look-up touches one line of the
// processor's cache as a rule. Memory is 16 bytes a slot.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_STORAGE_HASH_TABLE_H_
#define DAYBOOK_STORAGE_HASH_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/base/strong_int.h"

namespace daybook::storage {

class HashTable {
 public:
  struct Entry {
    uint64_t hash;
    uint64_t position;

    friend bool operator<(const Entry& a, const Entry& b) {
      return a.hash != b.hash ? a.hash < b.hash : a.position < b.position;
    }
  };

  HashTable() = default;
  HashTable(const HashTable&) = delete;
  HashTable& operator=(const HashTable&) = delete;

  // `position` is not 2^64 - 1, which no log reaches.
  void Add(uint64_t hash, Position position) {
    DAYBOOK_CHECK(position.value() != std::numeric_limits<uint64_t>::max());
    if (size_ >= slots_.size() / 2) Grow();
    Place(Slot{hash, position.value() + 1});
    ++size_;
  }

  // Calls `found(Position)` for each position whose hash this is, in any order.
  template <typename Found>
  void ForEach(uint64_t hash, Found&& found) const {
    if (size_ == 0) return;
    for (size_t i = hash >> shift_; slots_[i].next != 0;
         i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i].hash == hash) found(Position(slots_[i].next - 1));
    }
  }

  // Has the processor fetch what Add and ForEach of this hash will touch. Worth
  // it some ten hashes ahead, when the table is larger than the cache.
  void Prefetch(uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash >> shift_]);
  }

  // All entries, by hash and then position.
  std::vector<Entry> Sorted() const {
    std::vector<Entry> entries;
    entries.reserve(size_);
    for (const Slot& slot : slots_) {
      if (slot.next != 0) entries.push_back({slot.hash, slot.next - 1});
    }
    std::sort(entries.begin(), entries.end());
    return entries;
  }

  // Keeps the memory for what comes next.
  void Clear() {
    std::fill(slots_.begin(), slots_.end(), Slot());
    size_ = 0;
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  struct Slot {
    uint64_t hash = 0;
    // The position plus 1; 0 where the slot is free.
    uint64_t next = 0;
  };

  static constexpr size_t slots_min = 16;
  static constexpr unsigned shift_at_min = 60;
  static_assert(slots_min == size_t{1} << (64 - shift_at_min));

  void Place(Slot slot) {
    size_t i = slot.hash >> shift_;
    while (slots_[i].next != 0) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }

  void Grow() {
    const std::vector<Slot> old = std::exchange(
        slots_, std::vector<Slot>(std::max(slots_min, slots_.size() * 2)));
    shift_ = old.empty() ? shift_at_min : shift_ - 1;
    for (const Slot& slot : old) {
      if (slot.next != 0) Place(slot);
    }
  }

  // A power of two of them, 2^(64 - shift_), or none.
  std::vector<Slot> slots_;
  unsigned shift_ = shift_at_min;
  size_t size_ = 0;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_TABLE_H_
