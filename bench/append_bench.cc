// One caller's single durable append against its two parts: an append of the
// same bytes to a growing file with fdatasync, and an empty unary call.
//
// The three are measured in turns, in one run and one folder, so that whatever
// else the machine does falls on all of them. The server listens on loopback in
// this process; the calls go over TCP all the same.
//
// usage: append_bench FOLDER [ROUNDS]

#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "bench/samples.h"
#include "clients/cpp/client.h"
#include "core/base/check.h"
#include "daybook/v1/ledger_service.pb.h"
#include "services/engine/real_clock.h"
#include "services/server/server.h"
#include "storage/data_directory.h"

namespace daybook {
namespace {

constexpr const char* report = "ledgers/1/departments/1/reports/2024";
constexpr int rounds_default = 2'000;
constexpr int warm_up = 50;

v1::AppendEventsRequest Request(const std::string& event_id) {
  v1::AppendEventsRequest request;
  request.set_ledger("ledgers/1");
  request.set_source("bench");
  request.add_inputs()->mutable_event()->set_event_id(event_id);
  request.mutable_inputs(0)->mutable_event()->set_subject(report);
  return request;
}

v1::AppendEventsRequest Voucher(int number) {
  v1::AppendEventsRequest request = Request(absl::StrCat("voucher-", number));
  v1::Event& event = *request.mutable_inputs(0)->mutable_event();
  event.mutable_effective_date()->set_year(2024);
  event.mutable_effective_date()->set_month(number % 12 + 1);
  event.mutable_effective_date()->set_day(number % 28 + 1);
  v1::ExpenditureRecorded& spent = *event.mutable_expenditure_recorded();
  spent.mutable_line()->set_fund(v1::FUND_GENERAL);
  spent.mutable_line()->set_nature(v1::NATURE_OPERATING);
  spent.mutable_line()->set_function_code("2081101");
  spent.mutable_line()->set_economic_code("30201");
  spent.set_amount_fen(number + 1);
  spent.set_voucher_number(absl::StrCat("2024-", number));
  return request;
}

void Prepare(client::Client& client) {
  v1::CreateLedgerRequest create;
  create.set_ledger_id("1");
  DAYBOOK_CHECK(client.CreateLedger(create).ok());
  v1::AppendEventsRequest department = Request("department");
  v1::Event& event = *department.mutable_inputs(0)->mutable_event();
  event.set_subject("ledgers/1/departments/1");
  event.mutable_department_registered()->set_name("bench");
  DAYBOOK_CHECK(client.AppendEvents(department).ok());
  v1::AppendEventsRequest open = Request("opened");
  v1::ReportOpened& opened =
      *open.mutable_inputs(0)->mutable_event()->mutable_report_opened();
  opened.add_funds(v1::FUND_GENERAL);
  opened.set_book_source("bench");
  opened.set_form("zhuzhou-2024");
  DAYBOOK_CHECK(client.AppendEvents(open).ok());
}

void EmptyCall(grpc::Channel& channel) {
  grpc::ClientContext context;
  // A message without bytes; a buffer without a slice would be no message.
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  const grpc::internal::RpcMethod method("/grpc.health.v1.Health/Check",
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall(
      &channel, method, &context, request, &response);
  DAYBOOK_CHECK(status.ok());
}

int Run(const std::filesystem::path& folder, int rounds) {
  const auto directory = storage::DataDirectory::Open(folder / "data");
  DAYBOOK_CHECK(directory.ok());
  const services::RealClock clock;
  services::ServerOptions options;
  options.listen = "127.0.0.1:0";
  const auto server = services::Server::Start(options, **directory, clock);
  DAYBOOK_CHECK(server.ok());
  client::Client client((*server)->address());
  Prepare(client);
  const std::shared_ptr<grpc::Channel> channel = grpc::CreateChannel(
      (*server)->address(), grpc::InsecureChannelCredentials());
  const int file = open((folder / "peer").c_str(),
                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  DAYBOOK_CHECK(file >= 0);

  Samples append;
  Samples peer;
  Samples empty;
  for (int i = 0; i < warm_up + rounds; ++i) {
    if (i == warm_up) {
      for (Samples* samples : {&append, &peer, &empty}) samples->Forget();
    }
    const v1::AppendEventsRequest request = Voucher(i);
    const std::string bytes = request.inputs(0).event().SerializeAsString();
    append.Time([&] { DAYBOOK_CHECK(client.AppendEvents(request).ok()); });
    peer.Time([&] {
      DAYBOOK_CHECK(write(file, bytes.data(), bytes.size()) ==
                        static_cast<ssize_t>(bytes.size()) &&
                    fdatasync(file) == 0);
    });
    empty.Time([&] { EmptyCall(*channel); });
  }
  close(file);
  PrintSamplesTitle(rounds);
  append.Print("append of one event");
  peer.Print("file append + fdatasync");
  empty.Print("empty unary call");
  const double bar = 1.5 * peer.Percentile(50) + empty.Percentile(50);
  std::printf(
      "\nbar, 1.5 x file + empty call at p50: %.1f; append is %.2f of it\n",
      bar, append.Percentile(50) / bar);
  return 0;
}

}  // namespace
}  // namespace daybook

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: append_bench FOLDER [ROUNDS]\n");
    return 2;
  }
  return daybook::Run(argv[1],
                      argc == 3 ? std::atoi(argv[2]) : daybook::rounds_default);
}
