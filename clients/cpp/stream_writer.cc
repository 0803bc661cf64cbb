// Three threads: one runs connection after connection; for each of these, one
// sends and one receives, so that neither waits for the other.

#include "clients/cpp/stream_writer.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "clients/cpp/channel.h"
#include "clients/cpp/outcome_teller.h"
#include "clients/cpp/stream_queue.h"
#include "core/base/status_macros.h"
#include "daybook/v1/ledger_service.grpc.pb.h"

namespace daybook::client {
namespace {

using Stream =
    grpc::ClientReaderWriter<v1::StreamEventsRequest, v1::StreamEventsResponse>;

// Whether the same may succeed on another connection.
bool IsTransient(const absl::Status& status) {
  return status.ok() || absl::IsUnavailable(status) ||
         absl::IsResourceExhausted(status);
}

}  // namespace

class StreamWriter::Impl {
 public:
  Impl(const std::string& address, StreamWriterOptions options)
      : address_(address),
        options_(std::move(options)),
        stub_(v1::LedgerService::NewStub(ConnectTo(address))),
        queue_({options_.batch_events, options_.batch_bytes,
                options_.in_flight_batches_max, options_.in_flight_bytes_max},
               {options_.atomic, options_.advance_past_retryable}) {
    runner_ = std::thread([this] { Run(); });
  }

  ~Impl() {
    Fail(absl::CancelledError("the writer was given up before Finish"));
    if (runner_.joinable()) runner_.join();
  }

  absl::Status AwaitOpened() {
    const absl::MutexLock lock(&mutex_);
    while (!ever_opened_ && !over_) changed_.Wait(&mutex_);
    return ever_opened_ ? absl::OkStatus() : status_;
  }

  absl::Status Add(v1::EventInput input, AddOptions how);
  absl::Status Flush();
  absl::Status Finish();
  void Fail(const absl::Status& status);

  // Does not change once AwaitOpened returned OK.
  const v1::SourceProgress& opened() const ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return opened_;
  }
  std::string cursor() const {
    const absl::MutexLock lock(&mutex_);
    return queue_.cursor();
  }
  uint64_t size() const {
    const absl::MutexLock lock(&mutex_);
    return size_;
  }

 private:
  // One stream. All but `stream` and `context` is guarded by `mutex_`.
  struct Connection {
    grpc::ClientContext context;
    std::unique_ptr<Stream> stream;
    bool opened = false;
    // Nothing more will be received.
    bool ended = false;
    // Why this side ended it; OK when it did not.
    absl::Status given_up;
    // What is given up for may pass.
    bool may_pass = false;
  };

  void Run();
  absl::Status RunConnection(Connection& connection);
  void Supervise(Connection& connection);
  bool WaitToTryAgain(absl::Duration wait);
  void Close();

  void Send(Connection& connection);
  std::shared_ptr<const StreamBatch> AwaitBatch(Connection& connection)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void Receive(Connection& connection);
  absl::Status Take(Connection& connection,
                    const v1::StreamEventsResponse& message);
  absl::Status TakeOpened(Connection& connection,
                          const v1::SourceProgress& progress);
  absl::Status TakeAck(Connection& connection, const v1::BatchAck& ack);
  absl::Status TakeError(Connection& connection, const StreamBatch& batch,
                         const v1::ErrorStatus& error);

  const std::string address_;
  const StreamWriterOptions options_;
  const std::unique_ptr<v1::LedgerService::Stub> stub_;
  std::thread runner_;

  mutable absl::Mutex mutex_;
  // Of those who add, flush, finish and wait to try again.
  absl::CondVar changed_;
  // Of the sender, and of who supervises the connection.
  absl::CondVar send_;
  absl::CondVar ended_;

  StreamQueue queue_ ABSL_GUARDED_BY(mutex_);
  // When the batch that is being filled is sent as it is.
  absl::Time linger_until_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  // Events below this number do not wait for a full batch.
  uint64_t flush_until_ ABSL_GUARDED_BY(mutex_) = 0;
  bool finishing_ ABSL_GUARDED_BY(mutex_) = false;

  // Null between connections.
  Connection* connection_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool ever_opened_ ABSL_GUARDED_BY(mutex_) = false;
  v1::SourceProgress opened_ ABSL_GUARDED_BY(mutex_);
  uint64_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  // Since the last break something was answered.
  bool progressed_ ABSL_GUARDED_BY(mutex_) = false;
  int refused_tries_ ABSL_GUARDED_BY(mutex_) = 0;
  // When the server last showed that it is there, or was first waited for.
  absl::Time heard_ ABSL_GUARDED_BY(mutex_);

  // Not OK once it can not go on; `over_` when all callbacks were called too.
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
};

absl::Status StreamWriter::Impl::Add(v1::EventInput input, AddOptions how) {
  const size_t bytes = input.ByteSizeLong();
  if (bytes > StreamWriterOptions::event_bytes_max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "input: event and personal data have ", bytes, " bytes, at most ",
        StreamWriterOptions::event_bytes_max, "; split longer text"));
  }
  if (how.cursor.has_value() &&
      how.cursor->size() > StreamWriterOptions::cursor_bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("cursor: has ", how.cursor->size(), " bytes, at most ",
                     StreamWriterOptions::cursor_bytes_max,
                     "; use a shorter mark, such as a line"));
  }
  const absl::MutexLock lock(&mutex_);
  while (status_.ok() && !finishing_ && !queue_.HasRoom(bytes)) {
    if (changed_.WaitWithDeadline(&mutex_, how.deadline) &&
        !queue_.HasRoom(bytes)) {
      return absl::DeadlineExceededError(
          "no room: the server has not answered enough yet; add it again");
    }
  }
  if (!status_.ok()) return status_;
  if (finishing_) return absl::FailedPreconditionError("Add after Finish");
  const uint64_t sealed = queue_.sealed();
  const bool first = sealed == queue_.added();
  queue_.Add(std::move(input), bytes, std::move(how.cursor),
             std::move(how.callback));
  if (first || queue_.sealed() != sealed) {
    linger_until_ = absl::Now() + options_.linger;
    send_.Signal();
  }
  return absl::OkStatus();
}

absl::Status StreamWriter::Impl::Flush() {
  const absl::MutexLock lock(&mutex_);
  const uint64_t target = queue_.added();
  flush_until_ = std::max(flush_until_, target);
  send_.Signal();
  while (!over_ && (!status_.ok() || queue_.answered() < target)) {
    changed_.Wait(&mutex_);
  }
  return status_;
}

absl::Status StreamWriter::Impl::Finish() {
  {
    const absl::MutexLock lock(&mutex_);
    finishing_ = true;
    flush_until_ = queue_.added();
    send_.Signal();
    changed_.SignalAll();
    while (!over_) changed_.Wait(&mutex_);
  }
  if (runner_.joinable()) runner_.join();
  const absl::MutexLock lock(&mutex_);
  return status_;
}

void StreamWriter::Impl::Fail(const absl::Status& status) {
  const absl::MutexLock lock(&mutex_);
  if (!status_.ok() || over_) return;
  status_ = status;
  if (connection_ != nullptr) connection_->context.TryCancel();
  changed_.SignalAll();
  send_.SignalAll();
}

void StreamWriter::Impl::Run() {
  int tries = 0;
  absl::Duration wait = options_.wait;
  while (true) {
    Connection connection;
    const absl::Status ended = RunConnection(connection);
    {
      const absl::MutexLock lock(&mutex_);
      if (progressed_) {
        progressed_ = false;
        tries = 0;
        wait = options_.wait;
      }
      // Once all is answered, only what the last answer said matters.
      const bool done = finishing_ && queue_.empty();
      if (!status_.ok() || (done && IsTransient(connection.given_up))) break;
      const bool may_pass = connection.may_pass || IsTransient(ended);
      if (!ever_opened_ || !may_pass || tries == options_.tries_max) {
        status_ =
            !ended.ok()
                ? ended
                : absl::UnavailableError(absl::StrCat(
                      address_, " ended the stream before all was acked"));
        break;
      }
      ++tries;
    }
    if (!WaitToTryAgain(wait)) break;
    wait = std::min(wait * 2, options_.wait_max);
  }
  Close();
}

// False when there is no more to try.
bool StreamWriter::Impl::WaitToTryAgain(absl::Duration wait) {
  const absl::Time until = absl::Now() + wait;
  const absl::MutexLock lock(&mutex_);
  while (status_.ok() && absl::Now() < until) {
    changed_.WaitWithDeadline(&mutex_, until);
  }
  return status_.ok();
}

// Tells what is owed and lets everybody go.
void StreamWriter::Impl::Close() {
  absl::Status status;
  std::deque<std::shared_ptr<StreamBatch>> left;
  {
    const absl::MutexLock lock(&mutex_);
    status = status_;
    left = queue_.TakeAll();
    changed_.SignalAll();
  }
  for (const std::shared_ptr<StreamBatch>& batch : left) {
    TellAll(*batch, EventOutcome::Kind::kUnknown, status, options_.on_outcome);
  }
  const absl::MutexLock lock(&mutex_);
  over_ = true;
  changed_.SignalAll();
}

absl::Status StreamWriter::Impl::RunConnection(Connection& connection) {
  {
    const absl::MutexLock lock(&mutex_);
    if (!status_.ok()) return status_;
    connection_ = &connection;
    heard_ = absl::Now();
  }
  connection.stream = stub_->StreamEvents(&connection.context);
  std::thread sender([&] { Send(connection); });
  std::thread receiver([&] { Receive(connection); });
  Supervise(connection);
  receiver.join();
  sender.join();
  const absl::Status ended = ToStatus(connection.stream->Finish(), address_);
  const absl::MutexLock lock(&mutex_);
  connection_ = nullptr;
  return connection.given_up.ok() ? ended : connection.given_up;
}

// Waits for the end of a connection, and ends one that has gone silent.
void StreamWriter::Impl::Supervise(Connection& connection) {
  const absl::MutexLock lock(&mutex_);
  while (!connection.ended) {
    ended_.WaitWithTimeout(&mutex_, options_.ack_timeout);
    const bool waits = !connection.opened || queue_.awaits_ack() ||
                       (finishing_ && queue_.empty());
    if (connection.ended || !waits ||
        absl::Now() < heard_ + options_.ack_timeout) {
      continue;
    }
    if (connection.given_up.ok()) {
      connection.given_up = absl::UnavailableError(
          absl::StrCat(address_, " acked nothing for ",
                       absl::FormatDuration(options_.ack_timeout)));
    }
    connection.context.TryCancel();
  }
}

void StreamWriter::Impl::Send(Connection& connection) {
  v1::StreamEventsRequest open;
  open.mutable_open()->set_ledger(options_.ledger);
  open.mutable_open()->set_source(options_.source);
  open.mutable_open()->set_exclusive(options_.exclusive);
  open.mutable_open()->set_ack_level(options_.ack_level);
  bool sent = connection.stream->Write(open);
  while (sent) {
    std::shared_ptr<const StreamBatch> batch;
    {
      const absl::MutexLock lock(&mutex_);
      batch = AwaitBatch(connection);
    }
    if (batch == nullptr) {
      connection.stream->WritesDone();
      return;
    }
    sent = connection.stream->Write(batch->request);
  }
}

// Null when the connection needs no more.
std::shared_ptr<const StreamBatch> StreamWriter::Impl::AwaitBatch(
    Connection& connection) {
  while (status_.ok() && !connection.ended && connection.given_up.ok()) {
    if (connection.opened) {
      const bool idle = !queue_.awaits_ack();
      if (auto batch = queue_.NextToSend(); batch != nullptr) {
        if (idle) heard_ = absl::Now();
        return batch;
      }
      const bool due =
          queue_.sealed() < flush_until_ || absl::Now() >= linger_until_;
      if (queue_.CanSeal() && due) {
        queue_.Seal();
        continue;
      }
      if (finishing_ && queue_.empty()) return nullptr;
    }
    send_.WaitWithDeadline(&mutex_, connection.opened && queue_.CanSeal()
                                        ? linger_until_
                                        : absl::InfiniteFuture());
  }
  return nullptr;
}

void StreamWriter::Impl::Receive(Connection& connection) {
  v1::StreamEventsResponse message;
  bool on = true;
  while (connection.stream->Read(&message)) {
    if (!on) continue;
    const absl::Status taken = Take(connection, message);
    if (taken.ok()) continue;
    on = false;
    {
      const absl::MutexLock lock(&mutex_);
      connection.given_up = taken;
    }
    connection.context.TryCancel();
  }
  const absl::MutexLock lock(&mutex_);
  connection.ended = true;
  ended_.Signal();
  send_.SignalAll();
}

absl::Status StreamWriter::Impl::Take(Connection& connection,
                                      const v1::StreamEventsResponse& message) {
  switch (message.message_case()) {
    case v1::StreamEventsResponse::kOpened:
      return TakeOpened(connection, message.opened());
    case v1::StreamEventsResponse::kAck:
      return TakeAck(connection, message.ack());
    case v1::StreamEventsResponse::MESSAGE_NOT_SET:
      break;
  }
  return absl::InternalError(
      "the server answered what this client does not know; update the client");
}

absl::Status StreamWriter::Impl::TakeOpened(
    Connection& connection, const v1::SourceProgress& progress) {
  const absl::MutexLock lock(&mutex_);
  if (connection.opened) {
    return absl::InternalError(
        "the server opened the stream twice; it is not to be trusted");
  }
  RETURN_IF_ERROR(queue_.Resume(progress.cursor()));
  connection.opened = true;
  heard_ = absl::Now();
  if (!ever_opened_) {
    ever_opened_ = true;
    opened_ = progress;
  }
  send_.SignalAll();
  changed_.SignalAll();
  return absl::OkStatus();
}

absl::Status StreamWriter::Impl::TakeAck(Connection& connection,
                                         const v1::BatchAck& ack) {
  std::shared_ptr<const StreamBatch> batch;
  bool stuck = false;
  {
    const absl::MutexLock lock(&mutex_);
    heard_ = absl::Now();
    RETURN_IF_ERROR(queue_.CheckAck(ack));
    batch = queue_.Front();
    // Its place in the queue is its own until it was told.
    stuck = batch->cursor.has_value() && !ack.cursor_kept() && !ack.has_error();
    if (stuck && refused_tries_ < options_.refused_tries_max) {
      ++refused_tries_;
      progressed_ = refused_tries_ == 1;
      connection.may_pass = true;
      return RefusalStatus(ack);
    }
  }
  if (ack.has_error()) return TakeError(connection, *batch, ack.error());
  TellAck(*batch, ack, options_.on_outcome);
  absl::Status end;
  if (options_.end_at_refusal) end = RefusalStatus(ack);
  if (end.ok() && stuck) end = StuckStatus(ack);
  const absl::MutexLock lock(&mutex_);
  queue_.Pop(ack.cursor());
  size_ = ack.size();
  progressed_ = true;
  refused_tries_ = 0;
  // In the same breath, or the sender would go on.
  connection.given_up = end;
  send_.Signal();
  changed_.SignalAll();
  return end;
}

// Nothing of the batch was decided.
absl::Status StreamWriter::Impl::TakeError(Connection& connection,
                                           const StreamBatch& batch,
                                           const v1::ErrorStatus& error) {
  const absl::Status status(static_cast<absl::StatusCode>(error.code()),
                            error.message());
  // ABORTED may be our own doing: a batch of the connection before, which the
  // server was recording when it broke. Asking where the source stands tells.
  if (absl::IsAborted(status) || IsTransient(status)) {
    const absl::MutexLock lock(&mutex_);
    connection.may_pass = true;
    return status;
  }
  TellAll(batch, EventOutcome::Kind::kNotRecorded, status, options_.on_outcome);
  const absl::MutexLock lock(&mutex_);
  queue_.Pop(queue_.cursor());
  connection.given_up = status;
  return status;
}

StreamWriter::StreamWriter(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}

StreamWriter::~StreamWriter() = default;

absl::StatusOr<std::unique_ptr<StreamWriter>> StreamWriter::Open(
    const std::string& address, StreamWriterOptions options) {
  RETURN_IF_ERROR(Check(options));
  auto impl = std::make_unique<Impl>(address, std::move(options));
  RETURN_IF_ERROR(impl->AwaitOpened());
  return std::unique_ptr<StreamWriter>(new StreamWriter(std::move(impl)));
}

const v1::SourceProgress& StreamWriter::opened() const {
  return impl_->opened();
}

absl::Status StreamWriter::Add(v1::EventInput input, AddOptions how) {
  return impl_->Add(std::move(input), std::move(how));
}

absl::Status StreamWriter::Flush() { return impl_->Flush(); }
absl::Status StreamWriter::Finish() { return impl_->Finish(); }

void StreamWriter::Cancel() {
  impl_->Fail(absl::CancelledError("the writer was cancelled"));
}

std::string StreamWriter::cursor() const { return impl_->cursor(); }

uint64_t StreamWriter::size() const { return impl_->size(); }

}  // namespace daybook::client
