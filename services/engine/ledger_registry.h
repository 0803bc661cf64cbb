// LedgerRegistry: the ledgers of one data directory, each opened at its first
// use.
//
// Thread safety: all methods may be called from any thread. Opening a ledger
// keeps nobody waiting who asks for another.

#ifndef DAYBOOK_SERVICES_ENGINE_LEDGER_REGISTRY_H_
#define DAYBOOK_SERVICES_ENGINE_LEDGER_REGISTRY_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "core/base/strong_int.h"
#include "daybook/v1/admin_service.pb.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/ledger_engine.h"
#include "storage/data_directory.h"

namespace daybook::services {

// LedgerKeeper: keeps the keys of ledgers, and is asked about each.
//
// Thread safety: all methods may be called from any thread.
class LedgerKeeper {
 public:
  virtual ~LedgerKeeper() = default;

  // Says of a genesis under which origin and with which key the ledger begins;
  // its origin is empty unless the caller chose one.
  //
  // Errors: INVALID_ARGUMENT when the ledger's key has another origin; those of
  // reading it. The ledger is not created then.
  virtual absl::Status Begin(absl::string_view ledger_id,
                             v1::Genesis& genesis) = 0;

  // A ledger was opened, and stays so as long as the registry.
  //
  // Errors: any; then the ledger is not served, and opened again at its next
  // use.
  virtual absl::Status Opened(absl::string_view ledger_id,
                              LedgerEngine& engine) = 0;

  // Adds which key signs a ledger that has this origin and size, or why none
  // does.
  //
  // Errors: those of Opened, as far as they are known without opening it.
  virtual absl::Status Describe(absl::string_view ledger_id,
                                v1::Ledger& ledger) = 0;
};

// Longest origin name, in bytes.
inline constexpr size_t origin_bytes_max = 128;

// Whether a ledger's log may have this name; an empty one is left to others.
//
// Errors: INVALID_ARGUMENT.
absl::Status CheckOrigin(absl::string_view origin);

class LedgerRegistry {
 public:
  // Both must outlive the registry.
  LedgerRegistry(storage::DataDirectory& directory, const Clock& clock,
                 LedgerEngineOptions options = {});
  ~LedgerRegistry();
  LedgerRegistry(const LedgerRegistry&) = delete;
  LedgerRegistry& operator=(const LedgerRegistry&) = delete;

  // Asks `keeper`, which must outlive every call, about each ledger. To be
  // called before all others.
  void SetKeeper(LedgerKeeper* keeper) { keeper_ = keeper; }

  // Creates a ledger, durable on return. An empty `origin` means that of its
  // key, or "daybook.local/ledgers/{ledger_id}" without one.
  //
  // Errors:
  //   INVALID_ARGUMENT     a malformed id, origin or lost log.
  //   FAILED_PRECONDITION  the registry is read only, or the key can not be
  //                        used.
  //   ALREADY_EXISTS       there is such a ledger; nothing was changed.
  //   otherwise as storage::EventLog::Open and Append.
  absl::StatusOr<v1::Ledger> Create(const v1::CreateLedgerRequest& request);
  absl::StatusOr<v1::Ledger> Create(absl::string_view ledger_id,
                                    absl::string_view origin);

  // The ledger with this id ("430203"). It stays open, and valid, as long as
  // this object.
  //
  // Errors: NOT_FOUND when there is none; otherwise as
  // storage::EventLog::Open and LedgerEngine::Open, and tried again at the
  // next call.
  absl::StatusOr<LedgerEngine*> Find(absl::string_view ledger_id);

  // The ids of the ledgers that are open.
  std::vector<std::string> Opened() const;

  // At most `count` ledgers after `after` in order of their ids; empty `after`
  // means from the first.
  //
  // One that can not be opened says so in its `problem`.
  //
  // Errors: those of reading the data directory.
  absl::StatusOr<std::vector<v1::Ledger>> List(absl::string_view after,
                                               size_t count);

 private:
  // A ledger that exists, opened or not.
  struct Slot {
    absl::Mutex mutex;
    std::unique_ptr<LedgerEngine> engine ABSL_GUARDED_BY(mutex);
  };

  absl::StatusOr<v1::Ledger> Describe(absl::string_view ledger_id);

  // Constant.
  storage::DataDirectory& directory_;
  const Clock& clock_;
  const LedgerEngineOptions options_;
  LedgerKeeper* keeper_ = nullptr;

  mutable absl::Mutex mutex_;
  // By id. A slot is never removed.
  std::map<std::string, std::unique_ptr<Slot>, std::less<>> slots_
      ABSL_GUARDED_BY(mutex_);
  // In the order in which they were opened.
  std::vector<std::string> opened_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_LEDGER_REGISTRY_H_
