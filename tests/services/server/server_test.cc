// What the server promises beside its services: the standard health and
// reflection services, one server for each port, and a shutdown that answers
// what was accepted.

#include "services/server/server.h"

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>

#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/service_fixture.h"

namespace daybook::services {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;

// The messages of grpc.health.v1 are not installed, but these have the same
// bytes: a string, and an integer, as field 1.
using HealthCheckRequest = google::protobuf::StringValue;
using HealthCheckResponse = google::protobuf::Int32Value;
constexpr int serving = 1;

class ServerTest : public ServiceTest {
 protected:
  // The status that the health service gives; 0 with an error.
  int Health(const std::string& service, grpc::Status* status = nullptr) {
    grpc::TemplatedGenericStub<HealthCheckRequest, HealthCheckResponse> stub(
        channel_);
    grpc::ClientContext context;
    HealthCheckRequest request;
    request.set_value(service);
    HealthCheckResponse response;
    grpc::CompletionQueue queue;
    grpc::Status ignored;
    const auto call = stub.PrepareUnaryCall(
        &context, "/grpc.health.v1.Health/Check", request, &queue);
    call->StartCall();
    call->Finish(&response, status == nullptr ? &ignored : status, this);
    AwaitOne(queue);
    return response.value();
  }

  // The answer of the reflection service to "list services", as bytes.
  std::string ListServices() {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareCall(
        &context,
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        &queue);
    call->StartCall(this);
    AwaitOne(queue);
    // ServerReflectionRequest{list_services: "*"}.
    const grpc::Slice request(std::string("\x3a\x01*"));
    call->Write(grpc::ByteBuffer(&request, 1), this);
    AwaitOne(queue);
    grpc::ByteBuffer answer;
    call->Read(&answer, this);
    AwaitOne(queue);
    call->WritesDone(this);
    AwaitOne(queue);
    grpc::Status status;
    call->Finish(&status, this);
    AwaitOne(queue);
    grpc::Slice bytes;
    EXPECT_TRUE(answer.DumpToSingleSlice(&bytes).ok());
    return std::string(reinterpret_cast<const char*>(bytes.begin()),
                       bytes.size());
  }

 private:
  static void AwaitOne(grpc::CompletionQueue& queue) {
    void* tag = nullptr;
    bool ok = false;
    ASSERT_TRUE(queue.Next(&tag, &ok));
  }
};

TEST_F(ServerTest, HealthIsServing) {
  EXPECT_EQ(Health(""), serving);
  EXPECT_EQ(Health("daybook.v1.LedgerService"), serving);
  grpc::Status status;
  Health("daybook.v1.NoService", &status);
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
}

TEST_F(ServerTest, ReflectionListsTheFourServices) {
  const std::string services = ListServices();
  for (const char* service :
       {"daybook.v1.LedgerService", "daybook.v1.ReportService",
        "daybook.v1.AuditService", "daybook.v1.AdminService"}) {
    EXPECT_THAT(services, HasSubstr(service));
  }
}

TEST_F(ServerTest, SecondServerOnThePortIsRefused) {
  ServerOptions options;
  options.listen = server_->address();
  const auto second = Server::Start(options, *directory_, clock_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("another process listens there"));
}

TEST_F(ServerTest, MalformedAddressIsRefused) {
  ServerOptions options;
  options.listen = "nowhere";
  EXPECT_EQ(Server::Start(options, *directory_, clock_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(ServerTest, ShutdownAnswersWhatWasAccepted) {
  ASSERT_TRUE(Append(Opening()).ok());
  clock_.Hold();
  std::thread caller([&] {
    const grpc::Status status = Append({Spent("a", "2024-03-15", 1)});
    EXPECT_TRUE(status.ok()) << status.error_message();
  });
  clock_.AwaitCaller();
  std::thread stopper([&] { server_->Shutdown(absl::Seconds(30)); });
  // The shutdown begins by saying so, while the call is being answered.
  while (Health("") == serving) absl::SleepFor(absl::Milliseconds(1));
  clock_.Release();
  caller.join();
  stopper.join();
  EXPECT_EQ(Append({Spent("b", "2024-03-15", 1)}).error_code(),
            StatusCode::UNAVAILABLE);
}

TEST_F(ServerTest, ShutdownCutsOffAReaderThatDoesNotRead) {
  // More than the flow control of a connection takes in advance.
  ASSERT_TRUE(Append(Opening()).ok());
  v1::EventInput text = Spent("text", "2024-12-31", 1);
  v1::NarrativeSectionRecorded& section =
      *text.mutable_event()->mutable_narrative_section_recorded();
  section.set_section("summary");
  section.set_text(std::string(45'000, 'x'));
  Inputs inputs;
  for (int i = 0; i < 200; ++i) {
    text.mutable_event()->set_event_id(absl::StrCat("text ", i));
    inputs.push_back(text);
  }
  ASSERT_TRUE(Append(inputs).ok());
  grpc::ClientContext context;
  v1::ReplayEventsRequest request;
  request.set_ledger(kLedger);
  const auto reader =
      v1::AuditService::NewStub(channel_)->ReplayEvents(&context, request);
  v1::StoredEntry stored;
  ASSERT_TRUE(reader->Read(&stored));
  const absl::Time start = absl::Now();
  server_->Shutdown(absl::Milliseconds(200));
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
  while (reader->Read(&stored)) {
  }
  EXPECT_FALSE(reader->Finish().ok());
}

}  // namespace
}  // namespace daybook::services
