// WitnessClient: asks one witness to cosign one log's checkpoints.
//
// It remembers which size the witness has cosigned last, and proves from there.
// Where it does not know, or the witness knows better, the witness answers with
// the size, and is asked again.
//
// Thread safety: thread-compatible, but Cancel may be called from any thread.
//
// Protocol: c2sp.org/tlog-witness; docs/formats/checkpoint.md.

#ifndef DAYBOOK_SERVICES_COSIGNING_WITNESS_CLIENT_H_
#define DAYBOOK_SERVICES_COSIGNING_WITNESS_CLIENT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/policy.h"
#include "core/merkle/hash.h"
#include "services/http/http_client.h"

namespace daybook::services {

class WitnessClient {
 public:
  // The hashes that prove that the tree of `newer` entries continues that of
  // `older`.
  using Prove = absl::FunctionRef<absl::StatusOr<std::vector<merkle::Hash>>(
      LogSize older, LogSize newer)>;

  // The witness must have a URL.
  WitnessClient(checkpoint::PolicyWitness witness, HttpClient::Limits limits);

  const checkpoint::PolicyWitness& witness() const { return witness_; }

  // Whether the witness has cosigned this note.
  bool HasCosigned(const checkpoint::Note& note) const;

  // Asks for a cosignature of a checkpoint that the log has signed, and answers
  // the signature line, verified.
  //
  // Errors:
  //   DATA_LOSS            the witness has cosigned a larger checkpoint of this
  //                        log, or one that this does not continue: the log was
  //                        restored from an older copy, or has forked.
  //   FAILED_PRECONDITION  it does not know the log, or the key that signed.
  //   UNAVAILABLE          it can not be reached, or answers what it must not.
  //   otherwise those of `prove` and of HttpClient::Post.
  absl::StatusOr<std::string> Ask(const checkpoint::Note& note, Prove prove);

  // Ends the request that is under way, and refuses further ones.
  void Cancel() { http_.Cancel(); }

 private:
  absl::StatusOr<std::string> ReadCosignature(const checkpoint::Note& note,
                                              absl::string_view lines) const;
  absl::Status ErrorOf(const HttpReply& reply) const;

  const checkpoint::PolicyWitness witness_;
  const std::string url_;
  HttpClient http_;

  // What the witness has cosigned last, as far as is known, by origin.
  std::map<std::string, LogSize> seen_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_COSIGNING_WITNESS_CLIENT_H_
