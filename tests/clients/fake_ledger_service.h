// FakeLedgerService: a server on the loopback that takes streams as the proto
// says, keeps identities and cursors in memory, and does to a writer what a
// test tells it: breaks streams, loses acks, refuses events, answers late or
// never.
//
// It decides nothing about budgets: an event is refused when its id begins with
// "refused" (for good) or with "early" (retryable), until `Arrive`.
//
// Thread safety: thread-safe.

#ifndef DAYBOOK_TESTS_CLIENTS_FAKE_LEDGER_SERVICE_H_
#define DAYBOOK_TESTS_CLIENTS_FAKE_LEDGER_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "daybook/v1/ledger_service.grpc.pb.h"

namespace daybook::testing {

class FakeLedgerService final : public v1::LedgerService::Service {
 public:
  // What happens with a batch.
  enum class Fate {
    kAck,
    // UNAVAILABLE, before anything is recorded.
    kBreakBefore,
    // CANCELLED, as gRPC says while it shuts down.
    kCancelBefore,
    // Recorded, and the stream ends before the ack.
    kLoseAck,
    // The stream ends, and the batch is recorded only when the next one comes,
    // after another stream has begun.
    kRecordLate,
    // The stream ends after the ack.
    kBreakAfter,
    // Never answered; the stream stays until it is cancelled.
    kHang,
    // The ack is of another batch.
    kWrongAck,
    // INVALID_ARGUMENT, as the answer to the batch.
    kError,
  };
  // Called with the number of the batch among all that ever came, from 0,
  // before it is recorded. May wait.
  using Decider = std::function<Fate(uint64_t)>;

  explicit FakeLedgerService(Decider decider = nullptr);
  ~FakeLedgerService() override;
  FakeLedgerService(const FakeLedgerService&) = delete;
  FakeLedgerService& operator=(const FakeLedgerService&) = delete;

  // Ends all streams and the server; `Start` begins again at the same address.
  void Stop();
  void Start();

  const std::string& address() const { return address_; }

  // "early" events are accepted from now on.
  void Arrive();
  // As another feeder does.
  void SetCursor(const std::string& cursor);
  // Streams end with this instead of opening; OK for no more.
  void SetOpenError(const grpc::Status& status);

  // What ListRefusals answers from now on.
  void SetRefusals(const v1::ListRefusalsResponse& refusals);

  // Ids of what was recorded, in order.
  std::vector<std::string> recorded() const;
  std::string cursor() const;
  uint64_t streams() const;
  // Batches that came.
  uint64_t batches() const;

  grpc::Status StreamEvents(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::StreamEventsResponse,
                               v1::StreamEventsRequest>* stream) override;
  grpc::Status ListRefusals(grpc::ServerContext* context,
                            const v1::ListRefusalsRequest* request,
                            v1::ListRefusalsResponse* response) override;

 private:
  v1::BatchAck Record(const v1::StreamBatch& batch) ABSL_LOCKS_EXCLUDED(mutex_);
  void DecideEvents(const v1::StreamBatch& batch, v1::BatchAck& ack)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Decider decider_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;

  mutable absl::Mutex mutex_;
  std::vector<std::string> recorded_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, uint64_t> positions_ ABSL_GUARDED_BY(mutex_);
  std::string cursor_ ABSL_GUARDED_BY(mutex_);
  std::optional<v1::StreamBatch> late_ ABSL_GUARDED_BY(mutex_);
  bool arrived_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status open_error_ ABSL_GUARDED_BY(mutex_);
  v1::ListRefusalsResponse refusals_ ABSL_GUARDED_BY(mutex_);
  uint64_t streams_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t batches_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CLIENTS_FAKE_LEDGER_SERVICE_H_
