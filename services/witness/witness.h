// Witness: cosigns what logs show it, as long as each only grows.
//
// A second institution runs one, with a key and a folder of its own, and does
// not have to trust the log. It answers
//
//   POST /add-checkpoint         a checkpoint, and the proof that it continues
//                                the one that was cosigned last
//   GET /{hex}/checkpoint        the newest that was cosigned of the log whose
//                                origin has this SHA-256
//
// A request is compared with what is stored, the new checkpoint stored durably,
// and only then is its cosignature given out, one request at a time. Once a
// write failed nothing is answered any more: what is on the disk is then
// unknown, and starting again settles it.
//
// Thread safety: may be called from any thread.
//
// Protocol: c2sp.org/tlog-witness; docs/formats/checkpoint.md.

#ifndef DAYBOOK_SERVICES_WITNESS_WITNESS_H_
#define DAYBOOK_SERVICES_WITNESS_WITNESS_H_

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "core/checkpoint/signer_key.h"
#include "core/checkpoint/verifier_key.h"
#include "core/checkpoint/witness.h"
#include "core/merkle/tree.h"
#include "services/http/http_server.h"
#include "services/witness/witness_state.h"

namespace daybook::services {

class Witness {
 public:
  // Reads what was cosigned of `logs`, the keys that it knows logs by; a log
  // may have several, of one name. `clock` must outlive it.
  //
  // Errors:
  //   INVALID_ARGUMENT  the key is not for cosignatures, or that of a log is
  //                     not for signing one.
  //   DATA_LOSS         what is stored is not what this key cosigned; the
  //                     message says what to do.
  //   otherwise as WitnessState::Open and Read.
  static absl::StatusOr<std::unique_ptr<Witness>> Open(
      const std::filesystem::path& folder, checkpoint::SignerKey key,
      std::vector<checkpoint::VerifierKey> logs, const Clock& clock);

  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  // The answer to a request.
  HttpResponse Answer(const HttpRequest& request) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  Witness(std::unique_ptr<WitnessState> state, checkpoint::SignerKey key,
          std::vector<checkpoint::VerifierKey> logs, const Clock& clock);

  // What is stored of a log. Errors: DATA_LOSS.
  absl::StatusOr<merkle::TreeHead> ReadSeen(const std::string& origin) const;

  HttpResponse AddCheckpoint(const std::string& body)
      ABSL_LOCKS_EXCLUDED(mutex_);
  HttpResponse ReadCheckpoint(absl::string_view origin_hash)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Cosigns and stores; answers the signature line.
  absl::StatusOr<std::string> Cosign(const checkpoint::KnownCheckpoint& known,
                                     const std::string& text)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Constant after Open.
  const checkpoint::SignerKey key_;
  const std::vector<checkpoint::VerifierKey> logs_;
  const Clock& clock_;

  absl::Mutex mutex_;
  const std::unique_ptr<WitnessState> state_;
  // What was cosigned last, by origin; those of all logs.
  std::map<std::string, merkle::TreeHead> seen_ ABSL_GUARDED_BY(mutex_);
  // Why nothing is answered any more.
  absl::Status broken_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_WITNESS_WITNESS_H_
