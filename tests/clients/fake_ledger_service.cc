#include "tests/clients/fake_ledger_service.h"

#include <chrono>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/check.h"

namespace daybook::testing {

FakeLedgerService::FakeLedgerService(Decider decider)
    : decider_(std::move(decider)), address_("127.0.0.1:0") {
  Start();
}

FakeLedgerService::~FakeLedgerService() { Stop(); }

void FakeLedgerService::Start() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(address_, grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(32 << 20);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  DAYBOOK_CHECK(server_ != nullptr);
  address_ = absl::StrCat("127.0.0.1:", port);
}

void FakeLedgerService::Stop() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_ = nullptr;
}

void FakeLedgerService::Arrive() {
  const absl::MutexLock lock(&mutex_);
  arrived_ = true;
}

void FakeLedgerService::SetCursor(const std::string& cursor) {
  const absl::MutexLock lock(&mutex_);
  cursor_ = cursor;
}

void FakeLedgerService::SetOpenError(const grpc::Status& status) {
  const absl::MutexLock lock(&mutex_);
  open_error_ = status;
}

std::vector<std::string> FakeLedgerService::recorded() const {
  const absl::MutexLock lock(&mutex_);
  return recorded_;
}

std::string FakeLedgerService::cursor() const {
  const absl::MutexLock lock(&mutex_);
  return cursor_;
}

uint64_t FakeLedgerService::streams() const {
  const absl::MutexLock lock(&mutex_);
  return streams_;
}

uint64_t FakeLedgerService::batches() const {
  const absl::MutexLock lock(&mutex_);
  return batches_;
}

void FakeLedgerService::SetRefusals(const v1::ListRefusalsResponse& refusals) {
  const absl::MutexLock lock(&mutex_);
  refusals_ = refusals;
}

grpc::Status FakeLedgerService::ListRefusals(
    grpc::ServerContext*, const v1::ListRefusalsRequest*,
    v1::ListRefusalsResponse* response) {
  const absl::MutexLock lock(&mutex_);
  *response = refusals_;
  return grpc::Status::OK;
}

grpc::Status FakeLedgerService::StreamEvents(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::StreamEventsResponse, v1::StreamEventsRequest>*
        stream) {
  v1::StreamEventsRequest request;
  v1::StreamEventsResponse response;
  if (!stream->Read(&request) || !request.has_open()) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "message: open it first"};
  }
  {
    const absl::MutexLock lock(&mutex_);
    if (!open_error_.ok()) return open_error_;
    ++streams_;
    response.mutable_opened()->set_source(request.open().source());
    response.mutable_opened()->set_cursor(cursor_);
  }
  stream->Write(response);
  const grpc::Status down(grpc::StatusCode::UNAVAILABLE, "going down");
  while (stream->Read(&request)) {
    uint64_t number = 0;
    {
      const absl::MutexLock lock(&mutex_);
      number = batches_++;
      if (late_.has_value()) static_cast<void>(Record(*late_));
      late_.reset();
    }
    const Fate fate = decider_ == nullptr ? Fate::kAck : decider_(number);
    if (fate == Fate::kBreakBefore) return down;
    if (fate == Fate::kCancelBefore) return grpc::Status::CANCELLED;
    if (fate == Fate::kHang) {
      while (!context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
      return grpc::Status::CANCELLED;
    }
    if (fate == Fate::kError) {
      v1::BatchAck& ack = *response.mutable_ack();
      ack.Clear();
      ack.set_correlation_id(request.batch().correlation_id());
      ack.mutable_error()->set_code(3);
      ack.mutable_error()->set_message("inputs: too odd");
    } else {
      const absl::MutexLock lock(&mutex_);
      if (fate == Fate::kRecordLate) {
        late_ = request.batch();
        return down;
      }
      *response.mutable_ack() = Record(request.batch());
    }
    if (fate == Fate::kLoseAck) return down;
    if (fate == Fate::kWrongAck) {
      response.mutable_ack()->set_correlation_id(number + 1'000);
    }
    stream->Write(response);
    if (fate == Fate::kBreakAfter) return down;
  }
  return grpc::Status::OK;
}

v1::BatchAck FakeLedgerService::Record(const v1::StreamBatch& batch) {
  v1::BatchAck ack;
  ack.set_correlation_id(batch.correlation_id());
  if (batch.has_previous_cursor() && batch.previous_cursor() != cursor_) {
    ack.set_cursor(cursor_);
    ack.mutable_error()->set_code(10);
    ack.mutable_error()->set_message(
        absl::StrCat("previous_cursor: the source stands at '", cursor_, "'"));
    return ack;
  }
  DecideEvents(batch, ack);
  bool retryable = false;
  for (const v1::Refusal& refusal : ack.refusals()) {
    retryable |= refusal.problems(0).retryable();
  }
  const bool nothing = batch.atomic() && ack.refusals_size() > 0;
  if (batch.has_cursor() && !nothing &&
      (!retryable || batch.advance_past_retryable())) {
    cursor_ = batch.cursor();
    ack.set_cursor_kept(true);
  }
  ack.set_cursor(cursor_);
  ack.set_size(recorded_.size());
  return ack;
}

void FakeLedgerService::DecideEvents(const v1::StreamBatch& batch,
                                     v1::BatchAck& ack) {
  for (int i = 0; i < batch.inputs_size(); ++i) {
    const std::string& id = batch.inputs(i).event().event_id();
    const bool early = absl::StartsWith(id, "early") && !arrived_;
    if (!early && !absl::StartsWith(id, "refused")) continue;
    v1::Refusal& refusal = *ack.add_refusals();
    refusal.set_index(static_cast<uint32_t>(i));
    refusal.set_event_id(id);
    refusal.add_problems()->set_code(early ? 5 : 3);
    refusal.mutable_problems(0)->set_retryable(early);
  }
  const bool nothing = batch.atomic() && ack.refusals_size() > 0;
  int refusal = 0;
  for (int i = 0; i < batch.inputs_size(); ++i) {
    const std::string& id = batch.inputs(i).event().event_id();
    ack.add_positions(0);
    if (refusal < ack.refusals_size() &&
        ack.refusals(refusal).index() == static_cast<uint32_t>(i)) {
      ++refusal;
      ack.add_outcomes(v1::STREAM_OUTCOME_REFUSED);
    } else if (nothing) {
      ack.add_outcomes(v1::STREAM_OUTCOME_NOT_RECORDED);
    } else {
      const auto [at, is_new] = positions_.emplace(id, recorded_.size());
      if (is_new) recorded_.push_back(id);
      ack.add_outcomes(is_new ? v1::STREAM_OUTCOME_CREATED
                              : v1::STREAM_OUTCOME_REPLAYED);
      ack.set_positions(i, at->second);
    }
  }
}

}  // namespace daybook::testing
