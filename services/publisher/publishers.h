// LedgerPublishers: the publishers of a server's ledgers, each made when its
// ledger is opened.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_SERVICES_PUBLISHER_PUBLISHERS_H_
#define DAYBOOK_SERVICES_PUBLISHER_PUBLISHERS_H_

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "daybook/v1/admin_service.pb.h"
#include "daybook/v1/entry.pb.h"
#include "services/engine/ledger_registry.h"
#include "services/publisher/key_directory.h"
#include "services/publisher/ledger_publisher.h"
#include "services/publisher/publisher.h"
#include "storage/data_directory.h"

namespace daybook::services {

class LedgerPublishers final : public Publishers, public LedgerKeeper {
 public:
  struct Options {
    // Null: nothing is signed.
    KeyDirectory* keys = nullptr;
    bool read_only = false;
  };

  // All must outlive it. Becomes the keeper of `ledgers`, which must not be
  // asked for any once this is gone.
  LedgerPublishers(LedgerRegistry& ledgers, storage::DataDirectory& directory,
                   const Clock& clock, Options options);
  LedgerPublishers(const LedgerPublishers&) = delete;
  LedgerPublishers& operator=(const LedgerPublishers&) = delete;

  absl::StatusOr<Publisher*> Find(absl::string_view ledger_id) override;

  // See AdminService.RotateKey; `ledger_id` as in Find.
  absl::StatusOr<v1::RotateKeyResponse> RotateKey(absl::string_view ledger_id,
                                                  const std::string& principal,
                                                  const std::string& reason);

  absl::Status Begin(absl::string_view ledger_id,
                     v1::Genesis& genesis) override;
  absl::Status Opened(absl::string_view ledger_id,
                      LedgerEngine& engine) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Describe(absl::string_view ledger_id,
                        v1::Ledger& ledger) override
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Null when its ledger is not open.
  LedgerPublisher* FindOpened(absl::string_view ledger_id) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<LedgerPublisher*> Open(absl::string_view ledger_id);
  // Of a ledger that is not open.
  void DescribeKey(absl::string_view ledger_id, v1::Ledger& ledger) const;

  LedgerRegistry& ledgers_;
  storage::DataDirectory& directory_;
  const Clock& clock_;
  const Options options_;

  mutable absl::Mutex mutex_;
  // By id; never removed.
  std::map<std::string, std::unique_ptr<LedgerPublisher>, std::less<>>
      publishers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_PUBLISHER_PUBLISHERS_H_
