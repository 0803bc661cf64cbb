// EventLog: the one durable, append-only record that everything else is
// derived from.
//
// Entries are numbered from 0, without gaps, in the order they were accepted.
// Nothing is ever changed or removed. An entry is opaque bytes here, and comes
// back exactly as it was appended. Beside the entries lie side tables, named
// spaces of key and value that the layers above keep for themselves; writes to
// them ride in the same atomic, synced write as the entries.
//
// Thread safety: all methods may be called from any thread. Appends are
// serialised inside; reads never wait for an append.
//
// Bytes on disk: docs/formats/event_log.md. Keep it in step with event_log.cc.

#ifndef DAYBOOK_STORAGE_EVENT_LOG_H_
#define DAYBOOK_STORAGE_EVENT_LOG_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "storage/hash_index.h"

namespace daybook::storage {

// The side tables that there are. Which bytes go into them is the callers'
// business; a new one is a new layout version.
enum class Space {
  // What admission needs to know about what is recorded.
  kFact,
  // Personal data and salts. Its values may be deleted singly.
  kPersonal,
  // What projections are rebuilt from; the one space whose values may be
  // appended to.
  kLineage,
  // How far the sources are and what was refused of theirs: no entry tells it,
  // so it is never deleted to be made anew.
  kSource,
  // Hashes of the tree over the entries. What was stored with an entry is what
  // it is held against later, so it is never made anew either.
  kTree,
  // Checkpoints that were signed. Its values may be deleted singly.
  kCheckpoint,
  // The next generation of kFact and kLineage, which is made beside them and
  // takes their place with SwitchGeneration.
  kNextFact,
  kNextLineage,
};

// One change of a side table.
struct SideWrite {
  Space space;
  std::string key;
  // Absent: the key is deleted. Only in Space::kPersonal and kCheckpoint;
  // elsewhere it is a bug of the caller.
  std::optional<std::string> value;
  // Whether the value goes behind what the key holds instead of replacing it.
  // Only in Space::kLineage and kNextLineage.
  bool append = false;
};

// Walks the keys of one space in byte order, as they were at its creation.
//
// Thread safety: thread-compatible. It must not outlive its log.
class SideCursor {
 public:
  ~SideCursor();
  SideCursor(const SideCursor&) = delete;
  SideCursor& operator=(const SideCursor&) = delete;

  // To the first key at or after `key`.
  void Seek(absl::string_view key);
  // To the last key at or before `key`.
  void SeekBack(absl::string_view key);
  void Next();
  void Previous();

  // Whether it stands on a key. False past either end, and after an error.
  bool valid() const;
  // Only when valid; until the next move.
  absl::string_view key() const;
  absl::string_view value() const;

  // Errors: DATA_LOSS when stored bytes are damaged. Ask when `valid` turns
  // false: only then it tells an error from an end.
  absl::Status status() const;

 private:
  friend class EventLog;
  struct Impl;
  explicit SideCursor(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

// What the logs of one process share: block cache, write buffers and
// background threads, so that memory does not grow with the number of ledgers.
class SharedResources {
 public:
  // Bytes for cached blocks and for write buffers, each over all ledgers.
  explicit SharedResources(size_t cache_bytes = size_t{64} << 20,
                           size_t write_buffer_bytes = size_t{64} << 20);
  ~SharedResources();
  SharedResources(const SharedResources&) = delete;
  SharedResources& operator=(const SharedResources&) = delete;

  struct Impl;
  Impl& impl() const { return *impl_; }

 private:
  const std::unique_ptr<Impl> impl_;
};

struct EventLogOptions {
  // Directory of the log. Created when missing; its parent must exist.
  std::filesystem::path directory;

  // Longest entry accepted, in bytes.
  uint32_t entry_bytes_max = 65'535;

  // Most entries of one Append.
  uint32_t entries_max = 65'536;

  // What stays free on the disk; see CheckDiskRoom.
  uint64_t free_bytes_min = uint64_t{64} << 20;
};

struct CheckedFile;

class EventLog {
 public:
  // Opens the log, taking an exclusive lock on its directory until destroyed.
  // `shared` must outlive it.
  //
  // Errors:
  //   NOT_FOUND            the parent directory is missing.
  //   FAILED_PRECONDITION  another process holds the log, or the directory has
  //                        an unknown layout version or is not a log.
  //   DATA_LOSS            stored bytes fail their checksum, or entries are
  //                        missing.
  //   RESOURCE_EXHAUSTED   the disk is full; make room.
  //   PERMISSION_DENIED, UNAVAILABLE  the file system refused.
  static absl::StatusOr<std::unique_ptr<EventLog>> Open(
      const EventLogOptions& options, SharedResources& shared);

  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // Whether the disk has room for more than what must be written. Whoever
  // lets a log grow asks before each write.
  //
  // Errors: RESOURCE_EXHAUSTED when less than `free_bytes_min` is left. Nothing
  // happened to the log; ask again once there is room.
  absl::Status CheckDiskRoom() const;

  // Appends all of `entries` and applies `side_writes`, or does nothing, and
  // returns the position of the first. On OK everything is synced: it survives
  // a crash or loss of power.
  //
  // `expected_size` is the size the caller based its decision on.
  //
  // Errors:
  //   INVALID_ARGUMENT  no entries, too many, or one longer than
  //                     `entry_bytes_max`.
  //   ABORTED           the log does not have `expected_size`; read the new
  //                     entries, decide again, retry.
  //   UNAVAILABLE       the disk refused the write. Whether the entries were
  //                     kept is unknown, so every later Append fails too;
  //                     reopening the log settles it.
  absl::StatusOr<Position> Append(LogSize expected_size,
                                  const std::vector<std::string>& entries,
                                  const std::vector<SideWrite>& side_writes);

  // Writes to side tables alone, all or none, durable on return.
  //
  // Errors: UNAVAILABLE as Append.
  absl::Status WriteSide(const std::vector<SideWrite>& side_writes);

  // Deletes the keys of one space in [first, limit), durable on return. Only in
  // kFact, kLineage and their next generation, which can be made anew from the
  // entries.
  //
  // Errors: UNAVAILABLE as Append.
  absl::Status ClearSide(Space space, absl::string_view first,
                         absl::string_view limit);

  // Makes the values of `keys`, which were deleted from Space::kPersonal, leave
  // the disk: on OK neither a table nor a write-ahead log holds them, but for
  // one that a cursor still reads. Reads and appends go on meanwhile; it takes
  // as long as rewriting the tables that the keys lie in. Interrupted, it may
  // be called again, also after the log was opened anew.
  //
  // Errors: CANCELLED once `stopped` is true; RESOURCE_EXHAUSTED when the disk
  // is full; UNAVAILABLE as Append.
  absl::Status PurgeDeleted(std::vector<std::string> keys,
                            const std::atomic<bool>& stopped);

  // Whether anything deleted from Space::kPersonal is left on disk, of a log
  // that was only just opened.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<bool> HoldsDeleted() const;

  // Makes the next generation of kFact and kLineage the one that serves, with
  // `side_writes`, all or nothing, durable on return. What served until now is
  // the next generation then; clear it.
  //
  // Errors: UNAVAILABLE as Append.
  absl::Status SwitchGeneration(const std::vector<SideWrite>& side_writes);

  // How often the generation was switched. Whoever reads kFact or kLineage more
  // than once, and finds the same number before and after, read one generation.
  uint64_t generation() const;

  // Calls `visit` for each entry with position in [first, limit), in order.
  // Stops at the first status that is not OK, and returns it. The bytes passed
  // to `visit` are valid only during the call.
  //
  // Errors: OUT_OF_RANGE when `limit` is past the end; DATA_LOSS when an entry
  // within the range is missing or damaged.
  absl::Status Scan(
      Position first, Position limit,
      absl::FunctionRef<absl::Status(Position, absl::string_view)> visit) const;

  // One entry.
  //
  // Errors: OUT_OF_RANGE past the end; DATA_LOSS when missing or damaged.
  absl::StatusOr<std::string> Read(Position position) const;

  // Reads all its files; see file_check.h.
  absl::Status Check(absl::FunctionRef<bool(const CheckedFile&)> visit) const;

  // Opens an index of hashes beside the log, which must outlive it. There is
  // one. Errors: as HashIndex::Open.
  absl::StatusOr<std::unique_ptr<HashIndex>> OpenIndex(
      HashIndex::DigestAt digest_at);

  // The values of `keys` in one space, in their order, absent where there is
  // none; fetched together, from one generation.
  //
  // Errors: DATA_LOSS when stored bytes are damaged.
  absl::StatusOr<std::vector<std::optional<std::string>>> ReadSide(
      Space space, const std::vector<std::string>& keys) const;

  // A cursor over one space, which stands nowhere yet. It stays in the
  // generation that served at its creation.
  std::unique_ptr<SideCursor> NewCursor(Space space) const;

  // Number of entries that are durable. Never decreases.
  LogSize size() const;

 private:
  struct Impl;  // Keeps RocksDB headers out of every file that includes this.

  explicit EventLog(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_STORAGE_EVENT_LOG_H_
