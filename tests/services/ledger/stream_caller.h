// Batch and Stream: one StreamEvents call, as tests make it.
//
// Thread safety: thread-compatible; Send may run beside Ack.

#ifndef DAYBOOK_TESTS_SERVICES_LEDGER_STREAM_CALLER_H_
#define DAYBOOK_TESTS_SERVICES_LEDGER_STREAM_CALLER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daybook/v1/ledger_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {

// How a batch differs from a plain one.
struct Batch {
  Inputs inputs;
  std::optional<std::string> cursor = std::nullopt;
  std::optional<std::string> previous = std::nullopt;
  bool atomic = false;
  bool advance = false;
};

// One stream, with the verbs Send and Ack.
class Stream {
 public:
  explicit Stream(const std::shared_ptr<grpc::Channel>& channel,
                  absl::Duration timeout = absl::InfiniteDuration())
      : stub_(v1::LedgerService::NewStub(channel)) {
    if (timeout < absl::InfiniteDuration()) {
      context_.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    }
    call_ = stub_->StreamEvents(&context_);
  }

  bool Open(const std::string& source = kSource,
            const std::string& ledger = kLedger, bool exclusive = false,
            v1::AckLevel level = v1::ACK_LEVEL_UNSPECIFIED) {
    v1::StreamEventsRequest request;
    request.mutable_open()->set_ack_level(level);
    request.mutable_open()->set_exclusive(exclusive);
    request.mutable_open()->set_ledger(ledger);
    request.mutable_open()->set_source(source);
    v1::StreamEventsResponse response;
    if (!call_->Write(request) || !call_->Read(&response)) return false;
    opened_ = response.opened();
    return response.has_opened();
  }

  bool Send(const Batch& batch) {
    v1::StreamEventsRequest request;
    v1::StreamBatch& sent = *request.mutable_batch();
    sent.set_correlation_id(++sent_);
    sent.mutable_inputs()->Assign(batch.inputs.begin(), batch.inputs.end());
    if (batch.cursor) sent.set_cursor(*batch.cursor);
    if (batch.previous) sent.set_previous_cursor(*batch.previous);
    sent.set_atomic(batch.atomic);
    sent.set_advance_past_retryable(batch.advance);
    return call_->Write(request);
  }

  // The next ack; with id 0 when there is none.
  v1::BatchAck Ack() {
    v1::StreamEventsResponse response;
    if (!call_->Read(&response)) return v1::BatchAck();
    EXPECT_EQ(response.ack().correlation_id(), ++acked_);
    return response.ack();
  }

  v1::BatchAck SendAndAck(const Batch& batch) {
    EXPECT_TRUE(Send(batch));
    return Ack();
  }

  bool OpenFeed() { return Open(kSource, kLedger, true); }

  grpc::Status Close() {
    call_->WritesDone();
    return call_->Finish();
  }

  grpc::ClientContext context_;
  v1::SourceProgress opened_;
  const std::unique_ptr<v1::LedgerService::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::StreamEventsRequest,
                                           v1::StreamEventsResponse>>
      call_;

 private:
  uint64_t sent_ = 0;
  uint64_t acked_ = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_LEDGER_STREAM_CALLER_H_
