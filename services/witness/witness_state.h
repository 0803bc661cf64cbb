// WitnessState: what a witness must never forget, the newest checkpoint that it
// has cosigned of each log.
//
//   LOCK               held by the one process that writes here
//   {hex}.checkpoint   the cosigned note of the log whose origin has this
//                      SHA-256
//
// A note is written beside its place, synced, put there in one step, and the
// folder is synced, so that a loss of power leaves the one or the other. A
// folder that is lost or replaced by an older copy lets a log show the witness
// another history: it is no backup's business.
//
// Thread safety: Read may be called from any thread, Write by one at a time.

#ifndef DAYBOOK_SERVICES_WITNESS_WITNESS_STATE_H_
#define DAYBOOK_SERVICES_WITNESS_WITNESS_STATE_H_

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::services {

class WitnessState {
 public:
  // Opens the folder, or makes it; its parent must exist.
  //
  // Errors (each message names the path and the remedy):
  //   FAILED_PRECONDITION  another witness uses it.
  //   UNAVAILABLE          the file system refuses.
  static absl::StatusOr<std::unique_ptr<WitnessState>> Open(
      const std::filesystem::path& folder);

  ~WitnessState();
  WitnessState(const WitnessState&) = delete;
  WitnessState& operator=(const WitnessState&) = delete;

  // What was written last under the SHA-256 of an origin, in hexadecimal digits
  // of lower case; absent when nothing was.
  //
  // Errors: UNAVAILABLE when the file system refuses.
  absl::StatusOr<std::optional<std::string>> Read(
      absl::string_view origin_hash) const;

  // Durable on return.
  //
  // Errors: UNAVAILABLE when the file system refused; what is there may be the
  // old or the new.
  absl::Status Write(absl::string_view origin_hash, absl::string_view note);

  // SHA-256 of an origin, as files and URLs name it.
  static std::string HashOf(absl::string_view origin);

 private:
  WitnessState(std::filesystem::path folder, int lock)
      : folder_(std::move(folder)), lock_(lock) {}

  std::filesystem::path PathOf(absl::string_view origin_hash) const;

  const std::filesystem::path folder_;
  const int lock_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_WITNESS_WITNESS_STATE_H_
