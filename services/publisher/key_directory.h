// KeyDirectory: the folder with the keys that sign ledgers, and what each has
// signed last.
//
//   LOCK                      held by the one server that signs with them
//   430203.key                the private key of a ledger, NAME its origin
//   430203.next.key           the one that is to sign after it
//   430203.c3cc8e41.retired.key  one that signed before it
//   430203.signed             the largest size and its root that were signed
//
// It lies outside the data directory and its backups: an older copy of the data
// must not bring back an older idea of what was signed.
//
// Thread safety: may be called from any thread; one writer of each ledger at a
// time.
//
// Bytes: docs/formats/key_directory.md.

#ifndef DAYBOOK_SERVICES_PUBLISHER_KEY_DIRECTORY_H_
#define DAYBOOK_SERVICES_PUBLISHER_KEY_DIRECTORY_H_

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signer_key.h"

namespace daybook::services {

// Which key of a ledger.
enum class KeyRole { kCurrent, kNext };

class KeyDirectory {
 public:
  enum class Use {
    // Keys may be made.
    kKeys,
    // Nobody else signs with them meanwhile.
    kSigning,
  };

  // Opens the folder.
  //
  // Errors (each message names the path and the remedy):
  //   NOT_FOUND            it is not there.
  //   FAILED_PRECONDITION  another server signs with its keys.
  //   PERMISSION_DENIED, UNAVAILABLE  the file system refused.
  static absl::StatusOr<std::unique_ptr<KeyDirectory>> Open(
      const std::filesystem::path& path, Use use);

  // Makes the folder, for its owner alone, where there is none; its parent must
  // exist.
  //
  // Errors: NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE.
  static absl::Status Make(const std::filesystem::path& path);

  ~KeyDirectory();
  KeyDirectory(const KeyDirectory&) = delete;
  KeyDirectory& operator=(const KeyDirectory&) = delete;

  // Errors:
  //   NOT_FOUND            there is no such key; make it with keygen.
  //   FAILED_PRECONDITION  others than its owner may read it, or it is no key
  //                        that signs a log.
  //   PERMISSION_DENIED, UNAVAILABLE  the file system refused.
  absl::StatusOr<checkpoint::SignerKey> ReadKey(absl::string_view ledger_id,
                                                KeyRole role) const;

  // Those that signed before it, in no order.
  //
  // Errors: as ReadKey, but NOT_FOUND.
  absl::StatusOr<std::vector<checkpoint::SignerKey>> ReadRetired(
      absl::string_view ledger_id) const;

  // Errors: ALREADY_EXISTS when there is such a key; otherwise as CreateFile.
  absl::Status CreateKey(absl::string_view ledger_id, KeyRole role,
                         const checkpoint::SignerKey& key);

  // Puts the key that signs away, under its id.
  //
  // Errors: as RenameFile.
  absl::Status Retire(absl::string_view ledger_id, checkpoint::KeyId id);

  // Puts the next key in its place.
  //
  // Errors: as RenameFile.
  absl::Status Advance(absl::string_view ledger_id);

  // What was signed last; absent when that is not known.
  //
  // Errors: FAILED_PRECONDITION when it can not be read as such.
  absl::StatusOr<std::optional<checkpoint::Checkpoint>> ReadSigned(
      absl::string_view ledger_id) const;

  // Durable on return. Errors: as ReplaceFile; UNAVAILABLE when the folder is
  // gone.
  absl::Status WriteSigned(absl::string_view ledger_id,
                           const checkpoint::Checkpoint& checkpoint);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path KeyPath(absl::string_view ledger_id,
                                KeyRole role) const;
  std::filesystem::path SignedPath(absl::string_view ledger_id) const;

 private:
  KeyDirectory(std::filesystem::path path, int lock)
      : path_(std::move(path)), lock_(lock) {}

  const std::filesystem::path path_;
  // -1 without one.
  const int lock_;
};

// Whether a ledger holds all that was signed of it, as far as that is known.
//
// Errors: DATA_LOSS when it is smaller.
absl::Status CheckNotBehind(const KeyDirectory& keys,
                            absl::string_view ledger_id,
                            absl::string_view origin, LogSize size);

// Whether the keys lie where no copy of the data holds them.
//
// Errors: INVALID_ARGUMENT when `keys` is within `data`, or the same.
absl::Status CheckApart(const std::filesystem::path& keys,
                        const std::filesystem::path& data);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_KEY_DIRECTORY_H_
