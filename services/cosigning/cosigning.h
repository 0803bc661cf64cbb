// Cosigning: has the witnesses of a policy cosign the checkpoints of a server's
// ledgers.
//
// Each witness has a thread, so that a slow one holds up nobody else, and no
// commit and no signature waits for any. Of each open ledger the newest
// checkpoint is submitted, not each: what a busy ledger signs while a witness
// answers is covered by the next. A witness that fails is asked again after a
// while that doubles up to five minutes; standard error says so at the first
// failure, then once a minute, and when it is over. Cosignatures are verified,
// and kept with their checkpoint.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_COSIGNING_COSIGNING_H_
#define DAYBOOK_SERVICES_COSIGNING_COSIGNING_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/checkpoint/policy.h"
#include "services/cosigning/witness_client.h"
#include "services/engine/ledger_registry.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

class Cosigning {
 public:
  struct Options {
    // How often it is looked whether there is a newer checkpoint.
    absl::Duration interval = absl::Seconds(1);

    // After a failure; doubled with each one more.
    absl::Duration pause_min = absl::Seconds(1);
    absl::Duration pause_max = absl::Minutes(5);

    HttpClient::Limits limits;
  };

  // Begins. Witnesses of the policy that have no URL are not asked; where it
  // names logs, ledgers of other keys are left out. Both must outlive it.
  Cosigning(LedgerRegistry& ledgers, Publishers& publishers,
            const checkpoint::Policy& policy, Options options);

  // Ends what is under way.
  ~Cosigning();
  Cosigning(const Cosigning&) = delete;
  Cosigning& operator=(const Cosigning&) = delete;

 private:
  // How it stands between a witness and a ledger.
  struct Standing {
    // Size of the checkpoint that was cosigned last.
    LogSize cosigned{0};
    int failures = 0;
    // Not before.
    absl::Time next = absl::InfinitePast();
    absl::Time told = absl::InfinitePast();
  };

  // What a witness's thread does.
  void Run(WitnessClient& client) ABSL_LOCKS_EXCLUDED(mutex_);
  // Sleeps for the interval; false when it is to end.
  bool Rest() ABSL_LOCKS_EXCLUDED(mutex_);
  // One submission, when there is something to submit.
  absl::Status Submit(const std::string& ledger_id, WitnessClient& client,
                      Standing& standing);
  void Note(const std::string& ledger_id, const WitnessClient& client,
            const absl::Status& status, Standing& standing) const;

  LedgerRegistry& ledgers_;
  Publishers& publishers_;
  const Options options_;
  // Those whose ledgers are submitted; empty: all.
  std::vector<std::string> verifier_keys_;
  std::vector<std::unique_ptr<WitnessClient>> clients_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // The last, as they use the rest.
  std::vector<std::thread> threads_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_COSIGNING_COSIGNING_H_
