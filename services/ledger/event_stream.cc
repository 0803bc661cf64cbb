#include "services/ledger/event_stream.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/admission/well_formed.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "services/engine/append_queue.h"
#include "services/engine/prepared_batch.h"
#include "services/grpc/authorize.h"
#include "services/grpc/find_ledger.h"
#include "services/grpc/grpc_status.h"
#include "services/grpc/request_check.h"
#include "services/ledger/batch_ack.h"
#include "services/ledger/publication.h"
#include "services/ledger/source_progress.h"

namespace daybook::services {
namespace {

// How often one who waits for another stream asks whether it is still wanted.
constexpr absl::Duration asked_every = absl::Milliseconds(100);
// What an event counts for in the window at least: what is said of a refused
// one may be longer than it was.
constexpr size_t answer_bytes = 512;
// How long a feed that was superseded may take to read its acks.
constexpr absl::Duration superseded_wait_max = absl::Seconds(1);

absl::Status ShutsDown() {
  return absl::UnavailableError(
      "the server shuts down; connect again and go on from the source's "
      "cursor");
}

absl::Status TooMuchWaits() {
  return absl::ResourceExhaustedError(absl::StrCat(
      "batch: what waits on all streams would take more than ",
      EventStreams::parked_bytes_max >> 20,
      " MiB; connect again after a moment, and send smaller batches"));
}

// That it shuts down is nothing for the server's log.
grpc::Status EndOf(const absl::Status& status) {
  if (status != ShutsDown()) return ToGrpcStatus(status);
  return grpc::Status(grpc::StatusCode::UNAVAILABLE,
                      std::string(status.message()));
}

absl::Status CheckOpen(const v1::StreamEventsRequest& request) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  if (!request.has_open()) {
    return absl::InvalidArgumentError(
        "message: the first message of a stream must be `open`; name the "
        "ledger "
        "and the source in it");
  }
  RETURN_IF_ERROR(
      AsksForPublication(request.open().ack_level(), "open.ack_level")
          .status());
  const std::vector<v1::Problem> problems =
      CheckSource(request.open().source());
  if (problems.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("open.source: \"", problems[0].value(),
                   "\": ", problems[0].message(), "; ", problems[0].remedy()));
}

}  // namespace

struct EventStream::Item {
  uint64_t correlation_id = 0;
  size_t bytes = 0;
  size_t events = 0;
  // Never absent once it is made.
  std::optional<AppendTicket> ticket;
};

EventStreams::~EventStreams() {
  absl::MutexLock lock(&mutex_);
  const auto done = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return streams_.empty();
  };
  mutex_.Await(absl::Condition(&done));
}

bool EventStreams::Add(EventStream* stream) {
  absl::MutexLock lock(&mutex_);
  if (stopped_ || streams_.size() >= streams_max) return false;
  return streams_.try_emplace(stream).second;
}

void EventStreams::Remove(EventStream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
}

void EventStreams::TakeOver(EventStream* stream, std::string source,
                            absl::FunctionRef<bool()> wanted) {
  absl::MutexLock lock(&mutex_);
  const auto others = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::vector<EventStream*> found;
    for (const auto& [other, of] : streams_) {
      if (other != stream && of == source) found.push_back(other);
    }
    return found;
  };
  for (EventStream* other : others()) other->Supersede();
  streams_.at(stream) = source;
  // One that comes later supersedes this one, which is not wanted then.
  while (wanted() && !others().empty()) {
    left_.WaitWithTimeout(&mutex_, asked_every);
  }
}

void EventStreams::Leave(EventStream* stream) {
  absl::MutexLock lock(&mutex_);
  if (const auto it = streams_.find(stream); it != streams_.end()) {
    it->second.clear();
  }
  left_.SignalAll();
}

bool EventStreams::Park(size_t bytes) {
  const size_t before = parked_bytes_.fetch_add(bytes);
  if (before == 0 || before + bytes <= parked_bytes_max) return true;
  parked_bytes_ -= bytes;
  return false;
}

void EventStreams::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  for (const auto& [stream, source] : streams_) stream->Stop();
}

bool EventStreams::stopped() const {
  absl::MutexLock lock(&mutex_);
  return stopped_;
}

EventStream::EventStream(grpc::CallbackServerContext& context,
                         LedgerRegistry& ledgers, Publishers& publishers,
                         const Clock& clock, EventStreams& streams)
    : context_(context),
      ledgers_(ledgers),
      publishers_(publishers),
      clock_(clock),
      streams_(streams) {
  if (!streams_.Add(this)) {
    Finish(
        EndOf(streams_.stopped()
                  ? ShutsDown()
                  : absl::ResourceExhaustedError(absl::StrCat(
                        EventStreams::streams_max,
                        " streams are open, as many as may be; retry later"))));
    return;
  }
  ReadNext();
  std::thread([this] { Run(); }).detach();
}

EventStream::~EventStream() = default;

void EventStream::ReadNext() {
  // Of a batch of some hundred events.
  constexpr size_t block_bytes = size_t{64} << 10;
  google::protobuf::ArenaOptions options;
  options.max_block_size = block_bytes;
  arena_ = std::make_shared<google::protobuf::Arena>(options);
  request_ = google::protobuf::Arena::CreateMessage<v1::StreamEventsRequest>(
      arena_.get());
  StartRead(request_);
}

void EventStream::Unpark() {
  parked_ = false;
  streams_.Unpark(std::exchange(parked_memory_, 0));
}

void EventStream::OnDone() {
  {
    absl::MutexLock lock(&mutex_);
    Unpark();
  }
  streams_.Remove(this);
  delete this;
}

void EventStream::Stop() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
  changed_.SignalAll();
}

void EventStream::Supersede() {
  absl::MutexLock lock(&mutex_);
  if (failure_.ok()) {
    failure_ = absl::AbortedError(absl::StrCat(
        "open.exclusive: a later stream feeds source \"", source_,
        "\" now; stop one of the two, and go on from the source's cursor"));
    patient_until_ = absl::Now() + superseded_wait_max;
  }
  changed_.SignalAll();
}

void EventStream::OnCancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  changed_.SignalAll();
}

void EventStream::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  written_ = ok;
  changed_.SignalAll();
}

void EventStream::OnReadDone(bool ok) {
  size_t reserved = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (ok) {
      parked_bytes_ = request_->ByteSizeLong();
      // Messages, and the strings that they hold.
      const size_t memory = arena_->SpaceAllocated() + parked_bytes_;
      parked_ = streams_.Park(memory);
      if (parked_) {
        parked_memory_ = memory;
      } else {
        failure_ = TooMuchWaits();
        request_ = nullptr;
        arena_ = nullptr;
      }
    } else {
      read_all_ = true;
    }
    const bool take = parked_ && opened_ && !IsEnding() && HasWindow() &&
                      ledger_->writer().Reserve(parked_bytes_);
    if (!take) {
      changed_.SignalAll();
      return;
    }
    reserved = parked_bytes_;
    ++taking_;
  }
  Take(reserved);
}

void EventStream::Take(size_t reserved_bytes) {
  absl::StatusOr<std::unique_ptr<Item>> item = MakeItem();
  absl::MutexLock lock(&mutex_);
  Unpark();
  if (item.ok()) {
    AppendTicket& ticket = *(*item)->ticket;
    window_bytes_ += (*item)->bytes;
    items_.push_back(*std::move(item));
    ledger_->writer().Enqueue(ticket, reserved_bytes);
    changed_.SignalAll();
    // While it counts as taking, so that the call does not end in between. What
    // is read may be here at once, and be taken by another thread.
    mutex_.Unlock();
    ReadNext();
    mutex_.Lock();
  } else {
    ledger_->writer().GiveBack(reserved_bytes);
    failure_ = item.status();
  }
  --taking_;
  changed_.SignalAll();
}

absl::StatusOr<std::unique_ptr<EventStream::Item>> EventStream::MakeItem() {
  RETURN_IF_ERROR(CheckKnownFields(*request_, Depth::kEnvelope));
  if (!request_->has_batch()) {
    return absl::InvalidArgumentError(
        "message: a later message of a stream must be `batch`; open another "
        "stream for another ledger or source");
  }
  v1::StreamBatch& batch = *request_->mutable_batch();
  RETURN_IF_ERROR(CheckKnownFields(batch, Depth::kEnvelope));
  auto item = std::make_unique<Item>();
  item->correlation_id = batch.correlation_id();
  item->events = static_cast<size_t>(batch.inputs_size());
  AppendCommand command;
  command.inputs = InputList(arena_);
  command.principal = principal_;
  command.source = source_;
  command.inputs->Swap(batch.mutable_inputs());
  command.atomic = batch.atomic();
  if (batch.has_cursor()) command.cursor = batch.cursor();
  if (batch.has_previous_cursor()) {
    command.previous_cursor = batch.previous_cursor();
  }
  command.advance_past_retryable = batch.advance_past_retryable();
  command.list_all_refusals = true;
  if (publisher_ != nullptr) command.events_limit = published_events_max;
  ASSIGN_OR_RETURN(PreparedBatch prepared,
                   ledger_->writer().Prepare(std::move(command)));
  item->bytes = std::max(prepared.bytes, item->events * answer_bytes);
  item->ticket.emplace(std::move(prepared));
  return item;
}

bool EventStream::HasWindow() const {
  return items_.empty() || (items_.size() < window_batches_max &&
                            window_bytes_ + parked_bytes_ <= window_bytes_max);
}

bool EventStream::Send(const v1::StreamEventsResponse& response) {
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return false;
    written_.reset();
  }
  StartWrite(&response);
  absl::MutexLock lock(&mutex_);
  while (!written_.has_value()) {
    if (changed_.WaitWithDeadline(&mutex_, patient_until_)) {
      patient_until_ = absl::InfiniteFuture();
      mutex_.Unlock();
      context_.TryCancel();
      mutex_.Lock();
    }
  }
  return *written_;
}

void EventStream::Run() {
  absl::Status status = Open();
  if (status.ok()) status = AckAll();
  DropAll();
  streams_.Leave(this);
  Finish(EndOf(status));
}

absl::Status EventStream::Open() {
  {
    absl::MutexLock lock(&mutex_);
    while (!parked_ && !read_all_ && !IsEnding()) changed_.Wait(&mutex_);
    if (cancelled_) return absl::CancelledError("the writer is gone");
    if (stopping_) return ShutsDown();
    if (!parked_) {
      return absl::InvalidArgumentError(
          "message: the stream ended without `open`; name the ledger and the "
          "source in a first message");
    }
  }
  RETURN_IF_ERROR(CheckOpen(*request_));
  ASSIGN_OR_RETURN(const Principal writer, Authorize(context_));
  principal_ = writer.name;
  source_ = request_->open().source();
  ASSIGN_OR_RETURN(ledger_, FindLedger(ledgers_, request_->open().ledger()));
  if (request_->open().ack_level() == v1::ACK_LEVEL_PUBLISHED) {
    ASSIGN_OR_RETURN(const std::string ledger_id,
                     ParseLedgerName(request_->open().ledger()));
    ASSIGN_OR_RETURN(publisher_, publishers_.Find(ledger_id));
  }
  if (request_->open().exclusive()) {
    const auto wanted = [this] {
      absl::MutexLock lock(&mutex_);
      return !IsEnding();
    };
    streams_.TakeOver(this, absl::StrCat(ledger_->ledger(), " ", source_),
                      wanted);
  }
  v1::StreamEventsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_opened(), ledger_->ReadProgress(source_));
  AddTimes(clock_.Now(), *response.mutable_opened());
  if (!Send(response)) return absl::CancelledError("the writer is gone");
  {
    absl::MutexLock lock(&mutex_);
    Unpark();
    opened_ = true;
  }
  ReadNext();
  return absl::OkStatus();
}

absl::Status EventStream::AckAll() {
  while (true) {
    bool take = false;
    {
      absl::MutexLock lock(&mutex_);
      while (items_.empty() && !cancelled_ &&
             (taking_ > 0 || (!parked_ && !read_all_ && !IsEnding()))) {
        changed_.Wait(&mutex_);
      }
      if (cancelled_) return absl::CancelledError("the writer is gone");
      if (items_.empty()) {
        if (!failure_.ok()) return failure_;
        if (stopping_) return ShutsDown();
        if (!parked_ && read_all_) return absl::OkStatus();
        take = parked_;
      }
    }
    if (take) {
      TakeParked();
    } else {
      RETURN_IF_ERROR(AckFirst());
    }
  }
}

void EventStream::TakeParked() {
  size_t bytes = 0;
  {
    absl::MutexLock lock(&mutex_);
    bytes = parked_bytes_;
    ++taking_;
  }
  const auto wanted = [this] {
    absl::MutexLock lock(&mutex_);
    return !IsEnding();
  };
  if (ledger_->writer().AwaitRoom(bytes, wanted)) return Take(bytes);
  absl::MutexLock lock(&mutex_);
  --taking_;
}

absl::Status EventStream::AckFirst() {
  Item* item = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    item = items_.front().get();
  }
  v1::StreamEventsResponse response;
  ASSIGN_OR_RETURN(AppendOutcome outcome,
                   ledger_->writer().Await(*item->ticket));
  std::vector<Position> recorded;
  if (publisher_ != nullptr) recorded = RecordedPositions(outcome);
  v1::BatchAck& ack = *response.mutable_ack();
  ack = AckOf(item->correlation_id, item->events, std::move(outcome));
  if (!recorded.empty()) {
    AddPublication(Publish(*ledger_, *publisher_, recorded), ack);
  }
  const bool sent = Send(response);
  bool take = false;
  size_t reserved = 0;
  {
    absl::MutexLock lock(&mutex_);
    window_bytes_ -= items_.front()->bytes;
    items_.pop_front();
    take = parked_ && taking_ == 0 && !IsEnding() && HasWindow() &&
           ledger_->writer().Reserve(parked_bytes_);
    if (take) {
      reserved = parked_bytes_;
      ++taking_;
    }
  }
  if (take) Take(reserved);
  return sent ? absl::OkStatus() : absl::CancelledError("the writer is gone");
}

void EventStream::DropAll() {
  absl::MutexLock lock(&mutex_);
  ended_ = true;
  while (taking_ > 0) changed_.Wait(&mutex_);
  while (!items_.empty()) {
    const std::unique_ptr<Item> item = std::move(items_.back());
    items_.pop_back();
    if (ledger_->writer().Withdraw(*item->ticket)) continue;
    mutex_.Unlock();
    ledger_->writer().Await(*item->ticket).status().IgnoreError();
    mutex_.Lock();
  }
}

}  // namespace daybook::services
