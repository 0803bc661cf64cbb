// SigningPublisher: a Publisher that signs when a test says so, keeps what it
// signed in memory, and fails when a test says so.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_TESTS_SERVICES_GATEWAY_SIGNING_PUBLISHER_H_
#define DAYBOOK_TESTS_SERVICES_GATEWAY_SIGNING_PUBLISHER_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/checkpoint/signer_key.h"
#include "services/engine/ledger_engine.h"
#include "services/engine/ledger_registry.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

class SigningPublisher final : public Publisher {
 public:
  // Its key has the engine's origin as name.
  explicit SigningPublisher(const LedgerEngine& engine);

  // Signs all that is durable.
  void Sign() ABSL_LOCKS_EXCLUDED(mutex_) { Sign(engine_.tree().Head()); }
  void Sign(const merkle::TreeHead& head) ABSL_LOCKS_EXCLUDED(mutex_);

  // From now on Newest fails so.
  void Fail(absl::Status status) ABSL_LOCKS_EXCLUDED(mutex_);

  // As without a key.
  void LoseKey() ABSL_LOCKS_EXCLUDED(mutex_);

  const checkpoint::VerifierKey& key() const { return key_.verifier(); }

  absl::StatusOr<v1::Checkpoint> Newest() override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<v1::Checkpoint> Await(LogSize size,
                                       absl::Time deadline) override;
  absl::StatusOr<std::vector<v1::Checkpoint>> List(LogSize before,
                                                   size_t count) const override;
  absl::Status AddCosignatures(LogSize size,
                               const std::string& signature_lines) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::string verifier_key() const override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const LedgerEngine& engine_;
  const checkpoint::SignerKey key_;

  mutable absl::Mutex mutex_;
  std::map<LogSize, v1::Checkpoint> kept_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  bool has_key_ ABSL_GUARDED_BY(mutex_) = true;
};

// One for each ledger of a registry.
class SigningPublishers final : public Publishers {
 public:
  explicit SigningPublishers(LedgerRegistry& ledgers) : ledgers_(ledgers) {}

  absl::StatusOr<Publisher*> Find(absl::string_view ledger_id) override;

  // The same of a ledger that there is.
  SigningPublisher& Of(absl::string_view ledger_id);

 private:
  LedgerRegistry& ledgers_;

  absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<SigningPublisher>, std::less<>>
      publishers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_GATEWAY_SIGNING_PUBLISHER_H_
