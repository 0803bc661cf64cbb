// LedgerPublisher: the Publisher of one open ledger.
//
// Whether it signs is decided when it is opened, from three witnesses that must
// agree: the ledger, which names its key; the key; and what was signed last,
// which lies beside the key. A rotation is an entry of the ledger, and the rest
// of it is what opening finds left to do; so it goes on after a crash at any
// step.
//
// One thread signs. It sleeps while the ledger rests, and no commit waits for
// it.
//
// Thread safety: all methods may be called from any thread.
//
// Rules: docs/operation.md. Bytes: docs/formats/key_directory.md.

#ifndef DAYBOOK_SERVICES_PUBLISHER_LEDGER_PUBLISHER_H_
#define DAYBOOK_SERVICES_PUBLISHER_LEDGER_PUBLISHER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/signer_key.h"
#include "core/merkle/hash.h"
#include "core/merkle/tree.h"
#include "daybook/v1/admin_service.pb.h"
#include "daybook/v1/event.pb.h"
#include "daybook/v1/evidence.pb.h"
#include "services/engine/ledger_engine.h"
#include "services/publisher/kept_checkpoints.h"
#include "services/publisher/key_directory.h"
#include "services/publisher/ledger_keys.h"
#include "services/publisher/publisher.h"
#include "storage/event_log.h"

namespace daybook::services {

class LedgerPublisher final : public Publisher {
 public:
  // How long it waits between checkpoints that nobody waits for.
  static constexpr absl::Duration interval = absl::Seconds(1);

  struct Ledger {
    // "430203".
    std::string id;
    LedgerEngine& engine;
    storage::EventLog& log;
    // Null: nothing is signed.
    KeyDirectory* keys = nullptr;
    const Clock& clock;
    // Nothing is signed, and a ledger below what was signed can be read.
    bool read_only = false;
  };

  // What it names must outlive it. Finishes a rotation that was cut short. When
  // the ledger may not be signed it is opened all the same, and says why.
  //
  // Errors: DATA_LOSS when the ledger is smaller than what was signed of it:
  // entries are lost, and must not be replaced by others.
  static absl::StatusOr<std::unique_ptr<LedgerPublisher>> Open(Ledger ledger);

  ~LedgerPublisher() override;
  LedgerPublisher(const LedgerPublisher&) = delete;
  LedgerPublisher& operator=(const LedgerPublisher&) = delete;

  absl::StatusOr<v1::Checkpoint> Newest() override;
  absl::StatusOr<v1::Checkpoint> Await(LogSize size,
                                       absl::Time deadline) override;
  absl::StatusOr<std::vector<v1::Checkpoint>> List(LogSize before,
                                                   size_t count) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status AddCosignatures(LogSize size,
                               const std::string& signature_lines) override
      ABSL_LOCKS_EXCLUDED(signing_mutex_, mutex_);
  std::string verifier_key() const override ABSL_LOCKS_EXCLUDED(mutex_);

  // Why nothing is signed; OK when it is.
  absl::Status problem() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Has the next key sign from now on, or the first one. Errors: see
  // AdminService.RotateKey.
  absl::StatusOr<v1::RotateKeyResponse> Rotate(const std::string& principal,
                                               const std::string& reason)
      ABSL_LOCKS_EXCLUDED(signing_mutex_, mutex_);

 private:
  explicit LedgerPublisher(Ledger ledger);

  // Finds out whether it may sign, and with what. The status is the reason why
  // not.
  absl::Status Load() ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_mutex_)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status LoadSigned(const LedgerKeys& keys)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_mutex_) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status LoadKey(const LedgerKeys& keys)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_mutex_) ABSL_LOCKS_EXCLUDED(mutex_);
  // Does what a rotation left to do, where it did.
  absl::Status FinishRotation(const LedgerKeys& keys)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_mutex_) ABSL_LOCKS_EXCLUDED(mutex_);
  // The key that the ledger is to be signed with after a rotation.
  absl::StatusOr<checkpoint::SignerKey> FindNext(const LedgerKeys& keys) const;
  absl::StatusOr<Position> Append(v1::Event event,
                                  const std::string& principal) const;

  // Loads, and has everybody know what came of it.
  void Settle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_mutex_)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Signs all that is durable, and keeps the checkpoint.
  absl::Status Sign(const checkpoint::SignerKey& key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_mutex_) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether the tree leads to a checkpoint that was signed.
  absl::Status CheckContinues(const merkle::TreeHead& head) const;
  // Whether a kept checkpoint is of this ledger.
  absl::Status CheckKept(const v1::Checkpoint& kept,
                         const LedgerKeys& keys) const;

  // What the thread does.
  void Run() ABSL_LOCKS_EXCLUDED(signing_mutex_, mutex_);
  // Waits until there may be something to do; false when it is to be signed.
  bool Rest() ABSL_LOCKS_EXCLUDED(signing_mutex_, mutex_);
  // One checkpoint; what came of it is told to all who wait.
  void Attempt() ABSL_LOCKS_EXCLUDED(signing_mutex_, mutex_);

  const Ledger ledger_;

  // Held while anything is signed.
  absl::Mutex signing_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  // Changed by who holds it, read by anyone.
  KeptCheckpoints kept_;
  std::optional<checkpoint::SignerKey> key_ ABSL_GUARDED_BY(signing_mutex_);
  // The largest that was signed; of size 0 before any was.
  merkle::TreeHead signed_ ABSL_GUARDED_BY(signing_mutex_){LogSize(0),
                                                           merkle::EmptyRoot()};

  mutable absl::Mutex mutex_;
  absl::CondVar changed_;
  // Of the ledger; what kept checkpoints are checked with.
  LedgerKeys keys_ ABSL_GUARDED_BY(mutex_);
  std::string verifier_key_ ABSL_GUARDED_BY(mutex_);
  absl::Status problem_ ABSL_GUARDED_BY(mutex_);
  // Of size 0 before there is one.
  v1::Checkpoint newest_ ABSL_GUARDED_BY(mutex_);
  // The largest size that somebody waits for.
  LogSize wanted_ ABSL_GUARDED_BY(mutex_){0};
  // Of attempts that failed, how many there were and what the last one said.
  uint64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::Time attempted_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::atomic<bool> stopping_ = false;

  // The last, as it uses the rest.
  std::thread thread_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_LEDGER_PUBLISHER_H_
