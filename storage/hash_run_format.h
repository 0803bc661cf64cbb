// The pages that a run is made of, and the footer, which is its last page.
//
// Thread safety: pure functions and values.
//
// Bytes: docs/formats/hash_run.md.

#ifndef DAYBOOK_STORAGE_HASH_RUN_FORMAT_H_
#define DAYBOOK_STORAGE_HASH_RUN_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "storage/hash_filter.h"

namespace daybook::storage {

inline constexpr size_t run_page_bytes = 4'096;

// Entries that a page has room for, and has on average. The difference is room
// for chance: one page in a hundred is full and spills into the next.
inline constexpr size_t run_page_entries_max = 340;
inline constexpr uint64_t run_page_entries = 300;

// Lines of the filter in a page. The place of the 64th is for the checksum.
inline constexpr uint64_t run_page_lines = 63;

// An entry's position is counted from the run's first in 32 bits.
inline constexpr uint64_t run_entries_max = uint64_t{1} << 32;

// What is read and written at once: 256 KiB.
inline constexpr size_t run_chunk_pages = 64;
inline constexpr size_t run_chunk_bytes = run_chunk_pages * run_page_bytes;

// What a run holds and where.
struct RunShape {
  // Positions [first, limit), each with one entry.
  uint64_t first = 0;
  uint64_t limit = 0;
  // Of the log's entry at limit - 1.
  uint64_t digest = 0;
  // Into how many equal parts of all hashes the entries are sorted, each with a
  // page of its own; there may be more pages, behind them.
  uint64_t home_pages = 0;
  uint64_t data_pages = 0;
  uint64_t filter_lines = 0;

  uint64_t entries() const { return limit - first; }
  uint64_t filter_pages() const {
    return (filter_lines + run_page_lines - 1) / run_page_lines;
  }
  uint64_t pages() const { return data_pages + filter_pages() + 1; }
  uint64_t bytes() const { return pages() * run_page_bytes; }
};

// A page of entries in ascending order of their hashes, as it lies in a file.
struct RunDataPage {
  uint64_t hashes[run_page_entries_max];
  uint32_t offsets[run_page_entries_max];
  uint32_t count;
  uint32_t zeros[2];
  uint32_t checksum;
};
static_assert(sizeof(RunDataPage) == run_page_bytes);

// Writes the checksum to the end of a page, the `number`-th of the run.
void SealPage(const RunShape& shape, uint64_t number, char* page);

// Whether the checksum fits. A page that belongs elsewhere, in this run or
// another, is noticed too.
bool PageIsSound(const RunShape& shape, uint64_t number, const char* page);

// Writes the footer of a run to a page.
void MakeFooter(const RunShape& shape, char* page);

// What a footer says; absent when it is none, is damaged, or contradicts itself
// or the length of the file.
std::optional<RunShape> ReadFooter(const char* page, uint64_t file_bytes);

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_RUN_FORMAT_H_
