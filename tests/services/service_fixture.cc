#include "tests/services/service_fixture.h"

#include <filesystem>
#include <utility>

#include "core/base/check.h"
#include "daybook/v1/entry.pb.h"
#include "services/publisher/keygen.h"

namespace daybook::services {

ServiceTest::ServiceTest(bool with_keys, Rights rights) {
  const std::filesystem::path key_dir = temporary_.path() / "keys";
  if (with_keys) {
    DAYBOOK_CHECK(Keygen({key_dir, kLedgerId, KeyRole::kCurrent, ""}).ok());
    auto keys = KeyDirectory::Open(key_dir, KeyDirectory::Use::kSigning);
    DAYBOOK_CHECK(keys.ok());
    keys_ = *std::move(keys);
  }
  auto directory = storage::DataDirectory::Open(temporary_.path() / "data");
  DAYBOOK_CHECK(directory.ok());
  directory_ = *std::move(directory);
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.keys = keys_.get();
  options.rights = rights;
  auto server = Server::Start(options, *directory_, clock_);
  DAYBOOK_CHECK(server.ok());
  server_ = *std::move(server);
  channel_ = grpc::CreateChannel(server_->address(),
                                 grpc::InsecureChannelCredentials());
  DAYBOOK_CHECK(CreateLedger(kLedgerId).ok());
}

v1::AppendEventsRequest ServiceTest::AppendRequest(const Inputs& inputs) {
  v1::AppendEventsRequest request;
  request.set_ledger(kLedger);
  request.set_source(kSource);
  request.mutable_inputs()->Assign(inputs.begin(), inputs.end());
  return request;
}

grpc::Status ServiceTest::Append(const v1::AppendEventsRequest& request,
                                 v1::AppendEventsResponse* response) {
  grpc::ClientContext context;
  v1::AppendEventsResponse ignored;
  return v1::LedgerService::NewStub(channel_)->AppendEvents(
      &context, request, response == nullptr ? &ignored : response);
}

grpc::Status ServiceTest::GetReport(const v1::GetReportRequest& request,
                                    v1::Report* response) {
  grpc::ClientContext context;
  v1::Report ignored;
  return v1::ReportService::NewStub(channel_)->GetReport(
      &context, request, response == nullptr ? &ignored : response);
}

grpc::Status ServiceTest::ListReports(const v1::ListReportsRequest& request,
                                      v1::ListReportsResponse* response) {
  grpc::ClientContext context;
  return v1::ReportService::NewStub(channel_)->ListReports(&context, request,
                                                           response);
}

grpc::Status ServiceTest::GetEvent(const v1::GetEventRequest& request,
                                   v1::StoredEntry* response) {
  grpc::ClientContext context;
  v1::StoredEntry ignored;
  return v1::AuditService::NewStub(channel_)->GetEvent(
      &context, request, response == nullptr ? &ignored : response);
}

grpc::Status ServiceTest::Replay(const v1::ReplayEventsRequest& request,
                                 std::vector<uint64_t>* positions) {
  grpc::ClientContext context;
  const auto reader =
      v1::AuditService::NewStub(channel_)->ReplayEvents(&context, request);
  v1::StoredEntry stored;
  while (reader->Read(&stored)) {
    v1::Entry entry;
    EXPECT_TRUE(entry.ParseFromString(stored.entry()));
    EXPECT_EQ(entry.position(), stored.position());
    if (positions != nullptr) positions->push_back(stored.position());
  }
  return reader->Finish();
}

grpc::Status ServiceTest::FindEntries(const v1::FindEntriesRequest& request,
                                      v1::FindEntriesResponse* response) {
  grpc::ClientContext context;
  v1::FindEntriesResponse ignored;
  return v1::AuditService::NewStub(channel_)->FindEntries(
      &context, request, response == nullptr ? &ignored : response);
}

grpc::Status ServiceTest::CreateLedger(const std::string& ledger_id,
                                       v1::Ledger* response) {
  grpc::ClientContext context;
  v1::CreateLedgerRequest request;
  request.set_ledger_id(ledger_id);
  v1::Ledger ignored;
  return v1::AdminService::NewStub(channel_)->CreateLedger(
      &context, request, response == nullptr ? &ignored : response);
}

grpc::Status ServiceTest::ListLedgers(const v1::ListLedgersRequest& request,
                                      v1::ListLedgersResponse* response) {
  grpc::ClientContext context;
  return v1::AdminService::NewStub(channel_)->ListLedgers(&context, request,
                                                          response);
}

void AddUnknownField(google::protobuf::Message& message) {
  message.GetReflection()->MutableUnknownFields(&message)->AddVarint(1'000, 1);
}

v1::AppendRefused DetailsOf(const grpc::Status& status) {
  v1::ErrorStatus details;
  v1::AppendRefused refused;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.details_size(), 1);
  if (details.details_size() == 1) {
    EXPECT_TRUE(details.details(0).UnpackTo(&refused));
  }
  return refused;
}

}  // namespace daybook::services
