// EventStream: one StreamEvents call, from its first message to its status.
//
// gRPC's threads decode what arrives and, while there is room, check it and
// hand it to the ledger's writer; then the next message is read. Where there is
// no room the message is parked and nothing more is read, so that flow control
// holds the client back. One thread of the stream's own waits for what becomes
// of each batch and sends the acks in order; it helps the writer meanwhile. A
// stuck reader of acks therefore stops its own stream and nothing else.
//
// Thread safety: gRPC may call it from any thread. It deletes itself once the
// call is done.
//
// Protocol: proto/daybook/v1/ledger_service.proto.

#ifndef DAYBOOK_SERVICES_LEDGER_EVENT_STREAM_H_
#define DAYBOOK_SERVICES_LEDGER_EVENT_STREAM_H_

#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "daybook/v1/ledger_service.grpc.pb.h"
#include "services/engine/ledger_registry.h"
#include "services/publisher/publisher.h"

namespace daybook::services {

class EventStream;

// The streams that are open.
//
// Thread safety: all methods may be called from any thread.
class EventStreams {
 public:
  static constexpr size_t streams_max = 128;

  // Memory of all messages that were read and wait for room in the writer. One
  // may always wait.
  static constexpr size_t parked_bytes_max = size_t{128} << 20;

  EventStreams() = default;
  // Waits until all are done.
  ~EventStreams();
  EventStreams(const EventStreams&) = delete;
  EventStreams& operator=(const EventStreams&) = delete;

  // False when there are too many, or Stop was called.
  bool Add(EventStream* stream) ABSL_LOCKS_EXCLUDED(mutex_);
  void Remove(EventStream* stream) ABSL_LOCKS_EXCLUDED(mutex_);

  // Makes the stream the only feed of the source: ends those before it, and
  // waits until nothing that they have taken is undecided. Otherwise a feed
  // that was killed and begins again would go on from a cursor that is about to
  // move. Gives up when `wanted`, which is asked now and then, answers false.
  void TakeOver(EventStream* stream, std::string source,
                absl::FunctionRef<bool()> wanted) ABSL_LOCKS_EXCLUDED(mutex_);
  // The stream records nothing more.
  void Leave(EventStream* stream) ABSL_LOCKS_EXCLUDED(mutex_);

  // A message of so many bytes waits; false when there is no memory for it.
  bool Park(size_t bytes);
  // It does no longer.
  void Unpark(size_t bytes) { parked_bytes_ -= bytes; }

  // Lets each ack what it has taken and end with UNAVAILABLE.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopped() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Taken before that of a stream.
  mutable absl::Mutex mutex_;
  absl::CondVar left_;
  // What each feeds alone: its ledger and source, or empty.
  absl::flat_hash_map<EventStream*, std::string> streams_
      ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<size_t> parked_bytes_ = 0;
};

class EventStream final
    : public grpc::ServerBidiReactor<v1::StreamEventsRequest,
                                     v1::StreamEventsResponse> {
 public:
  // Batches that are taken and not acked, and their bytes; one is always taken.
  static constexpr size_t window_batches_max = 32;
  static constexpr size_t window_bytes_max = size_t{4} << 20;

  // All must outlive it.
  EventStream(grpc::CallbackServerContext& context, LedgerRegistry& ledgers,
              Publishers& publishers, const Clock& clock,
              EventStreams& streams);

  // The server shuts down.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // Another stream feeds the source now.
  void Supersede() ABSL_LOCKS_EXCLUDED(mutex_);

  void OnReadDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone() override;

 private:
  // A batch on its way.
  struct Item;

  ~EventStream() override;

  // What the stream's own thread does.
  void Run();
  absl::Status Open() ABSL_LOCKS_EXCLUDED(mutex_);
  // Until everything is acked. The status that the call ends with.
  absl::Status AckAll() ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends the ack of the first, once it is there.
  absl::Status AckFirst() ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes back what can be, waits for the rest, and acks nothing.
  void DropAll() ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits until the message is on its way. False when the client is gone.
  bool Send(const v1::StreamEventsResponse& response)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits for room for what is parked, and takes it.
  void TakeParked() ABSL_LOCKS_EXCLUDED(mutex_);

  // The message that was read does not wait any more.
  void Unpark() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Hands the message that was read to the writer, where so much is reserved,
  // and reads the next. Only by who counted itself into `taking_`.
  void Take(size_t reserved_bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::unique_ptr<Item>> MakeItem();
  // Whether the message that is parked may be taken as far as the stream goes.
  bool HasWindow() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsEnding() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return cancelled_ || stopping_ || ended_ || !failure_.ok();
  }

  grpc::CallbackServerContext& context_;
  LedgerRegistry& ledgers_;
  Publishers& publishers_;
  const Clock& clock_;
  EventStreams& streams_;

  // Set by Open, before any batch is read.
  LedgerEngine* ledger_ = nullptr;
  // Null unless acks are to hold proofs.
  Publisher* publisher_ = nullptr;
  std::string principal_;
  std::string source_;

  // Has gRPC read the next message, into an arena of its own.
  void ReadNext();

  // Between a read that was started and what is made of it, gRPC's.
  std::shared_ptr<google::protobuf::Arena> arena_;
  v1::StreamEventsRequest* request_ = nullptr;

  absl::Mutex mutex_;
  absl::CondVar changed_;
  std::deque<std::unique_ptr<Item>> items_ ABSL_GUARDED_BY(mutex_);
  size_t window_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // Whether request_ holds a message that nobody took yet, and its bytes.
  bool parked_ ABSL_GUARDED_BY(mutex_) = false;
  size_t parked_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // What it counts for in `streams_` until it is taken.
  size_t parked_memory_ ABSL_GUARDED_BY(mutex_) = 0;
  // How many threads make an item of one, or begin the next read after it.
  int taking_ ABSL_GUARDED_BY(mutex_) = 0;
  bool opened_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Nothing more is taken.
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  // What ends the stream before its time.
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  // When a reader of acks that keeps others waiting is given up.
  absl::Time patient_until_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  // Of the write that is on its way.
  std::optional<bool> written_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_LEDGER_EVENT_STREAM_H_
