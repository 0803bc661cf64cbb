// HashRun: an immutable file of the hashes of the positions [first, limit), in
// the order of the hashes.
//
// A hash belongs to the page that its place among all hashes names, so that a
// look-up reads one page as a rule and no index of pages is kept. It reads none
// where the filter, which is mapped into memory, says that the hash is absent:
// the page cache holds what is asked for, and gives it back when others need
// it.
//
// Pages are verified whenever they are read, those of the filter once, when
// they are first asked.
//
// Thread safety: all methods of a run may be called from any thread; a cursor
// belongs to one.
//
// Bytes on disk: docs/formats/hash_run.md.

#ifndef DAYBOOK_STORAGE_HASH_RUN_H_
#define DAYBOOK_STORAGE_HASH_RUN_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/base/strong_int.h"
#include "storage/hash_run_format.h"

namespace daybook::storage {

class HashRun {
 public:
  // Opens a file and verifies its footer and length; the other pages are
  // verified as they are read, so that opening costs the same whatever the
  // size.
  //
  // Errors: DATA_LOSS when it is damaged, or no run; UNAVAILABLE when the file
  // system refused.
  static absl::StatusOr<std::shared_ptr<const HashRun>> Open(
      const std::filesystem::path& path);

  // The file may have been deleted by now; until here it could be read.
  ~HashRun();
  HashRun(const HashRun&) = delete;
  HashRun& operator=(const HashRun&) = delete;

  // Calls `found(i, position)` for each position whose hash is hashes[i].
  //
  // Errors: DATA_LOSS when a page that was asked is damaged; UNAVAILABLE when
  // the file system refused.
  absl::Status Find(absl::Span<const uint64_t> hashes,
                    absl::FunctionRef<void(size_t, Position)> found) const;

  // Reads `count` pages from the `first`-th on, and verifies them. `pages` has
  // room for them.
  //
  // Errors: as Find.
  absl::Status ReadPages(uint64_t first, size_t count, char* pages) const;

  const std::filesystem::path& path() const { return path_; }
  const RunShape& shape() const { return shape_; }

 private:
  HashRun(std::filesystem::path path, int descriptor);

  absl::Status Map();
  absl::Status ReadBytes(uint64_t offset, size_t bytes, char* to) const;
  absl::Status VerifyFilterPage(uint64_t page) const;
  absl::Status FindInPages(uint64_t hash,
                           absl::FunctionRef<void(Position)> found) const;

  // The place of a line in the mapping.
  const char* Line(uint64_t line) const {
    return map_ + (shape_.data_pages + line / run_page_lines) * run_page_bytes +
           line % run_page_lines * filter_line_bytes;
  }

  // Constant after Open.
  const std::filesystem::path path_;
  const int descriptor_;
  RunShape shape_;
  const char* map_ = nullptr;

  // A bit for each page of the filter: whether it was verified. Two threads may
  // verify a page at once; it does not change.
  mutable std::vector<std::atomic<uint64_t>> verified_;
};

// Walks through the entries of a run in the order of their hashes, in large
// reads.
class HashRunCursor {
 public:
  explicit HashRunCursor(std::shared_ptr<const HashRun> run);

  // To the next entry; to the first when called for the first time.
  //
  // Errors: as HashRun::Find.
  absl::Status Next() {
    if (++place_ < count_) return absl::OkStatus();
    return NextPage();
  }

  // False before the first Next, and past the last entry.
  bool valid() const { return place_ < count_; }
  // Only when valid.
  uint64_t hash() const { return pages_[page_].hashes[place_]; }
  Position position() const {
    return Position(run_->shape().first + pages_[page_].offsets[place_]);
  }

 private:
  absl::Status NextPage();

  std::shared_ptr<const HashRun> run_;
  std::vector<RunDataPage> pages_;
  // Pages of the file that were read so far.
  uint64_t pages_read_ = 0;
  // How many of `pages_` hold something, and which is read.
  size_t pages_held_ = 0;
  size_t page_ = 0;
  // The entry of the page, and how many it has.
  size_t place_ = 0;
  size_t count_ = 0;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_HASH_RUN_H_
