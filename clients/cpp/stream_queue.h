// StreamQueue: the events of a StreamWriter that are not answered yet, in
// batches, and what each batch says about the source's cursor.
//
// Batches are answered in the order in which they are sent, so the queue is
// consistent with one fact: where the source stands. A batch with a cursor also
// says where the source must stand before it, so that neither another feeder
// nor a lost batch goes unnoticed. When a connection broke, `Resume` is told
// where the source stands now:
//
// - where it stood at the last answer: no batch was recorded. All are sent
// again.
// - at the cursor of a batch that waits: that batch and those before it were
//   recorded, and only their answers are lost. They are offered again, because
//   their events' outcomes are still owed, but say no cursor of their own: it
//   must not go back. Those after it are sent as if nothing had happened.
// - anywhere else: somebody else feeds the same source.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_CPP_STREAM_QUEUE_H_
#define DAYBOOK_CLIENTS_CPP_STREAM_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cpp/event_outcome.h"
#include "daybook/v1/ledger_service.pb.h"

namespace daybook::client {

struct StreamQueueLimits {
  // Of one batch.
  size_t batch_events = 0;
  size_t batch_bytes = 0;

  // Of all batches that were made and not answered; the one that is being
  // filled comes on top of `batches`, and not of `bytes`.
  size_t batches = 0;
  size_t bytes = 0;
};

struct StreamBatch {
  v1::StreamEventsRequest request;

  // One for each event; empty while none has one of its own.
  std::vector<OutcomeCallback> callbacks;

  // Number of its first event, and what they weigh.
  uint64_t first_number = 0;
  size_t bytes = 0;

  // Where the source stands once it is recorded; absent when it does not say,
  // or is known to be recorded.
  std::optional<std::string> cursor;

  // Whether it may be recorded only where the source stands.
  bool guarded = false;
};

class StreamQueue {
 public:
  // What batches do with refusals, as in StreamBatch of the proto.
  struct Manner {
    bool atomic = false;
    bool advance_past_retryable = false;
  };

  StreamQueue(StreamQueueLimits limits, Manner manner)
      : limits_(limits), manner_(manner) {}

  // Whether an event of so many bytes may be added now. One always may when
  // nothing waits.
  bool HasRoom(size_t bytes) const;

  // Adds an event of so many bytes, for which there is room. Makes batches of
  // those that are full.
  void Add(v1::EventInput input, size_t bytes,
           std::optional<std::string> cursor, OutcomeCallback callback);

  // Whether what was added, but is not a full batch yet, may be made one.
  bool CanSeal() const;
  void Seal();

  // The next batch to send on this connection, complete; null when there is
  // none. It does not change until it was answered, or Resume is called.
  std::shared_ptr<const StreamBatch> NextToSend();

  // A new connection has begun, and the source stands at `cursor`.
  //
  // Errors: ABORTED when somebody else moved it.
  absl::Status Resume(const std::string& cursor);

  // Whether `ack` answers the batch that is next.
  //
  // Errors: INTERNAL when it does not; the stream is of no use then.
  absl::Status CheckAck(const v1::BatchAck& ack) const;

  // The batch that was sent first, which must be there, and that it was
  // answered.
  std::shared_ptr<const StreamBatch> Front() const { return batches_.front(); }
  void Pop(const std::string& cursor);

  // Everything, in order, as if it had been sent. For those who give up.
  std::deque<std::shared_ptr<StreamBatch>> TakeAll();

  bool empty() const { return batches_.empty() && forming_ == nullptr; }
  // Whether a batch was sent and not answered.
  bool awaits_ack() const { return sent_ > 0; }
  // Events that were added, and that were answered.
  uint64_t added() const { return added_; }
  uint64_t answered() const { return answered_; }
  // Of the batch that is being filled; `added` when there is none.
  uint64_t sealed() const {
    return forming_ == nullptr ? added_ : forming_->first_number;
  }
  // Where the source stands, as far as was answered.
  const std::string& cursor() const { return cursor_; }

 private:
  size_t EventsOf(const StreamBatch& batch) const {
    return static_cast<size_t>(batch.request.batch().inputs_size());
  }
  bool FormingIsFull(size_t bytes) const;

  const StreamQueueLimits limits_;
  const Manner manner_;

  // Made and not answered; the first `sent_` were sent on this connection.
  std::deque<std::shared_ptr<StreamBatch>> batches_;
  size_t sent_ = 0;
  // The one being filled; null when it has no event yet.
  std::shared_ptr<StreamBatch> forming_;
  size_t bytes_ = 0;

  uint64_t added_ = 0;
  uint64_t answered_ = 0;
  uint64_t batches_made_ = 0;

  // Where the source stands as far as was answered, and will once what was sent
  // is recorded. Before the first Resume neither is known.
  std::string cursor_;
  std::string cursor_sent_;
  bool resumed_ = false;
};

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_STREAM_QUEUE_H_
