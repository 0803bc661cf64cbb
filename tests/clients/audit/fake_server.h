// FakeServer: a server on the loopback that answers an auditor from a
// SignedLedger, and lies where a test says so.
//
// Thread safety: fill it before the first call; then calls may come from any
// thread.

#ifndef DAYBOOK_TESTS_CLIENTS_AUDIT_FAKE_SERVER_H_
#define DAYBOOK_TESTS_CLIENTS_AUDIT_FAKE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daybook/v1/audit_service.grpc.pb.h"
#include "daybook/v1/ledger_service.grpc.pb.h"
#include "daybook/v1/report_service.grpc.pb.h"
#include "tests/clients/audit/signed_ledger.h"

namespace daybook::audit {

class FakeServer {
 public:
  // `ledger` must outlive it, and not change.
  explicit FakeServer(const SignedLedger& ledger);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  std::string address;

  // What is answered; made of the ledger.
  std::map<std::string, std::string> files;
  std::vector<v1::SourceProgress> sources;
  std::vector<std::string> checkpoints;
  std::vector<v1::StorageDamage> damages;
  // Changes a report before it is answered.
  std::function<void(v1::Report&)> lie;

 private:
  class Audit;
  class Reports;
  class Ledgers;

  const SignedLedger& ledger_;
  std::unique_ptr<Audit> audit_;
  std::unique_ptr<Reports> reports_;
  std::unique_ptr<Ledgers> ledgers_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_TESTS_CLIENTS_AUDIT_FAKE_SERVER_H_
