// ServiceTest: a server in this process, called over a real connection.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SERVICES_SERVICE_FIXTURE_H_
#define DAYBOOK_TESTS_SERVICES_SERVICE_FIXTURE_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daybook/v1/admin_service.grpc.pb.h"
#include "daybook/v1/audit_service.grpc.pb.h"
#include "daybook/v1/ledger_service.grpc.pb.h"
#include "daybook/v1/report_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/publisher/key_directory.h"
#include "services/server/server.h"
#include "storage/data_directory.h"
#include "tests/services/test_clock.h"
#include "tests/services/test_events.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {

class ServiceTest : public ::testing::Test {
 protected:
  // With one ledger, which holds its genesis alone; when `with_keys` with its
  // key.
  explicit ServiceTest(bool with_keys = false,
                       Rights rights = {.read_personal_data = true});

  // `inputs` to kLedger from kSource.
  static v1::AppendEventsRequest AppendRequest(const Inputs& inputs);

  grpc::Status Append(const v1::AppendEventsRequest& request,
                      v1::AppendEventsResponse* response = nullptr);
  grpc::Status Append(const Inputs& inputs) {
    return Append(AppendRequest(inputs));
  }

  grpc::Status GetReport(const v1::GetReportRequest& request,
                         v1::Report* response = nullptr);
  grpc::Status ListReports(const v1::ListReportsRequest& request,
                           v1::ListReportsResponse* response);
  grpc::Status GetEvent(const v1::GetEventRequest& request,
                        v1::StoredEntry* response = nullptr);
  grpc::Status Replay(const v1::ReplayEventsRequest& request,
                      std::vector<uint64_t>* positions = nullptr);
  grpc::Status FindEntries(const v1::FindEntriesRequest& request,
                           v1::FindEntriesResponse* response = nullptr);
  grpc::Status CreateLedger(const std::string& ledger_id,
                            v1::Ledger* response = nullptr);
  grpc::Status ListLedgers(const v1::ListLedgersRequest& request,
                           v1::ListLedgersResponse* response);

  testing::TemporaryDirectory temporary_;
  TestClock clock_;
  std::unique_ptr<KeyDirectory> keys_;
  std::unique_ptr<storage::DataDirectory> directory_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Adds a field that no server knows.
void AddUnknownField(google::protobuf::Message& message);

// The details of a refused AppendEvents.
v1::AppendRefused DetailsOf(const grpc::Status& status);

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_SERVICE_FIXTURE_H_
