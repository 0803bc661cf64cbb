// LineageCursor: walks the keys of a subject's lineage in byte order, what is
// stored and what waits to be stored as one.
//
// What waits is copied before the stored rows are looked at. A block may have
// been stored since then, even with rows that are not in the copy; blocks only
// grow, so the longer of the two is the newer.
//
// Thread safety: thread-compatible. It must not outlive its log.

#ifndef DAYBOOK_SERVICES_ENGINE_LINEAGE_CURSOR_H_
#define DAYBOOK_SERVICES_ENGINE_LINEAGE_CURSOR_H_

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/engine/lineage_keys.h"
#include "services/engine/pending_lineage.h"
#include "storage/event_log.h"

namespace daybook::services {

class LineageCursor {
 public:
  // `overlay` is of `subject`, and older than `stored`.
  LineageCursor(absl::string_view subject, LineageOverlay overlay,
                std::unique_ptr<storage::SideCursor> stored);
  LineageCursor(const LineageCursor&) = delete;
  LineageCursor& operator=(const LineageCursor&) = delete;

  // As of storage::SideCursor.
  void Seek(absl::string_view key);
  void SeekBack(absl::string_view key);
  void Next();

  bool valid() const { return at_ != At::kNothing; }
  absl::string_view key() const;
  absl::string_view value() const;

  // Errors: DATA_LOSS also when of a block that waits less is stored than was.
  absl::Status status() const;

 private:
  // A block that waits.
  struct Part {
    // Of its key, behind `prefix_`.
    std::array<char, block_suffix_bytes> suffix;
    size_t stored_bytes = 0;
    // In `bytes_`.
    absl::string_view bytes;

    absl::string_view key_end() const { return {suffix.data(), suffix.size()}; }
  };

  // Which of the two the cursor is on.
  enum class At { kNothing, kStored, kPart, kBoth };

  // Negative, 0 or positive as the key of a part is before, at or behind `key`.
  int Compare(const Part& part, absl::string_view key) const;
  // The first part whose key is not before `key`, or is behind it.
  size_t FirstFrom(absl::string_view key) const;
  size_t FirstBehind(absl::string_view key) const;
  // Takes the lesser of what the stored cursor and `part_` are on.
  void TakeLesser();
  void TakePart();
  void TakeBoth();

  const std::string prefix_;
  const std::string bytes_;
  // In the order of their keys.
  std::vector<Part> parts_;
  const std::unique_ptr<storage::SideCursor> stored_;

  At at_ = At::kNothing;
  // Whether what it is not on lies before what it is on.
  bool backward_ = false;
  size_t part_ = 0;
  // Of a part.
  std::string key_;
  // Of a block of which a part waits.
  std::string value_;
  absl::Status status_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LINEAGE_CURSOR_H_
