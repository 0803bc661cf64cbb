// Gateway: a server's ledgers as files that anyone's verifier, mirror or cache
// can read over HTTP.
//
//   /ledgers/{id}/checkpoint            the newest signed checkpoint
//   /ledgers/{id}/tile/{L}/{N}[.p/{W}]  hashes of the tree
//   /ledgers/{id}/tile/entries/{N}[.p/{W}]  the entries themselves
//   /ledgers/{id}/vkey                  the key to check checkpoints with
//
// Tiles are given out as far as a checkpoint covers them, and then never
// change, so caches may keep them for ever; what is only durable is not there
// yet, as a ledger that is restored from a backup may go on differently. A
// checkpoint is never ahead of the tiles. What is read is held against the tree
// before it is given out. Entries hold no personal data.
//
// Thread safety: may be called from any thread.
//
// Layout: c2sp.org/tlog-tiles; docs/formats/checkpoint.md.

#ifndef DAYBOOK_SERVICES_GATEWAY_GATEWAY_H_
#define DAYBOOK_SERVICES_GATEWAY_GATEWAY_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/base/strong_int.h"
#include "services/engine/ledger_registry.h"
#include "services/http/http_server.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

class Gateway {
 public:
  // Both must outlive it.
  Gateway(LedgerRegistry& ledgers, Publishers& publishers);
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // The answer to a request: 200; 404 for what there is not, or not yet; 405
  // for other methods than GET and HEAD; 500 for what is damaged, which is
  // written to standard error; 503 for what may pass.
  HttpResponse Answer(const HttpRequest& request);

 private:
  // A file of one ledger.
  struct Wanted {
    std::string ledger_id;
    // "checkpoint", "tile/0/000".
    absl::string_view file;
    LedgerEngine* engine = nullptr;
    Publisher* publisher = nullptr;
  };

  absl::StatusOr<HttpResponse> Read(absl::string_view path);
  absl::StatusOr<HttpResponse> ReadCheckpoint(const Wanted& wanted);
  absl::StatusOr<HttpResponse> ReadTile(const Wanted& wanted);
  absl::StatusOr<HttpResponse> ReadBundle(const Wanted& wanted);

  // The newest checkpoint.
  absl::StatusOr<v1::Checkpoint> Newest(const Wanted& wanted)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether a checkpoint is of at least this size. Errors: NOT_FOUND.
  absl::Status CheckCovered(const Wanted& wanted, LogSize size)
      ABSL_LOCKS_EXCLUDED(mutex_);

  LedgerRegistry& ledgers_;
  Publishers& publishers_;

  absl::Mutex mutex_;
  // Of each ledger, the size of the largest checkpoint that was given out, by
  // id.
  std::map<std::string, LogSize> covered_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GATEWAY_GATEWAY_H_
