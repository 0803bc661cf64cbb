// What it costs to read a report, by how many events there are: now, as of any
// day, as known at any size, and both far back.
//
// Vouchers of one year are spread over 240 lines and over some reports,
// interleaved, and appended in full batches. Then reports are read through gRPC
// on loopback, by one caller. The server listens in this process.
//
// usage: report_bench FOLDER EVENTS REPORTS [ROUNDS]

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "bench/samples.h"
#include "clients/cpp/client.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "daybook/v1/ledger_service.pb.h"
#include "services/engine/real_clock.h"
#include "services/server/server.h"
#include "storage/data_directory.h"

namespace daybook {
namespace {

constexpr int rounds_default = 1'000;
constexpr uint64_t batch_events = 4'096;
constexpr uint64_t functions = 12;
constexpr uint64_t economic_codes = 20;

std::string Department(uint64_t report) {
  return absl::StrCat("ledgers/1/departments/", report);
}

std::string Report(uint64_t report) {
  return absl::StrCat(Department(report), "/reports/2024");
}

absl::CivilDay DayOf(uint64_t event) {
  // Not in the order of recording: vouchers arrive late for their dates.
  return absl::CivilDay(2024, 1, 1) + static_cast<int>(event * 7'919 % 366);
}

std::string FunctionOf(uint64_t event) {
  return absl::StrCat(2'080'501 + event * 31 % functions);
}

std::string EconomicOf(uint64_t event) {
  return absl::StrCat(30'201 + event * 17 % economic_codes);
}

// The voucher's place within its report decides all but its report.
v1::Event Voucher(uint64_t number, uint64_t reports) {
  const uint64_t event = number / reports;
  v1::Event voucher;
  voucher.set_event_id(absl::StrCat("V", number));
  voucher.set_subject(Report(number % reports));
  *voucher.mutable_effective_date() = ToDate(DayOf(event));
  v1::ExpenditureRecorded& spent = *voucher.mutable_expenditure_recorded();
  spent.mutable_line()->set_fund(v1::FUND_GENERAL);
  spent.mutable_line()->set_nature(v1::NATURE_OPERATING);
  spent.mutable_line()->set_function_code(FunctionOf(event));
  spent.mutable_line()->set_economic_code(EconomicOf(event));
  spent.set_amount_fen(static_cast<int64_t>(event % 99'991) + 1);
  spent.set_voucher_number(absl::StrCat("2024-", number));
  return voucher;
}

class Loader {
 public:
  explicit Loader(client::Client& client) : client_(client) { Clear(); }

  void Add(v1::Event event) {
    *request_.add_inputs()->mutable_event() = std::move(event);
    if (static_cast<uint64_t>(request_.inputs_size()) == batch_events) Send();
  }

  void Send() {
    if (request_.inputs().empty()) return;
    const auto response = client_.AppendEvents(request_);
    if (!response.ok()) std::cerr << response.status() << "\n";
    DAYBOOK_CHECK(response.ok());
    Clear();
  }

 private:
  void Clear() {
    request_.Clear();
    request_.set_ledger("ledgers/1");
    request_.set_source("bench");
  }

  client::Client& client_;
  v1::AppendEventsRequest request_;
};

void Open(Loader& loader, uint64_t report) {
  v1::Event department;
  department.set_event_id(absl::StrCat("D", report));
  department.set_subject(Department(report));
  department.mutable_department_registered()->set_name("bench");
  loader.Add(std::move(department));
  v1::Event event;
  event.set_event_id(absl::StrCat("R", report));
  event.set_subject(Report(report));
  v1::ReportOpened& opened = *event.mutable_report_opened();
  opened.add_funds(v1::FUND_GENERAL);
  opened.set_book_source("bench");
  opened.set_form("zhuzhou-2024");
  loader.Add(std::move(event));
}

void Load(client::Client& client, uint64_t events, uint64_t reports) {
  v1::CreateLedgerRequest create;
  create.set_ledger_id("1");
  DAYBOOK_CHECK(client.CreateLedger(create).ok());
  Loader loader(client);
  for (uint64_t report = 0; report < reports; ++report) Open(loader, report);
  for (uint64_t number = 0; number < events; ++number) {
    loader.Add(Voucher(number, reports));
    if (isatty(STDERR_FILENO) != 0 && number % 100'000 == 0) {
      std::fprintf(stderr, "\r%llu of %llu events",
                   static_cast<unsigned long long>(number),
                   static_cast<unsigned long long>(events));
    }
  }
  loader.Send();
}

class Reader {
 public:
  Reader(client::Client& client, uint64_t events, uint64_t reports)
      : client_(client), events_(events), reports_(reports) {}

  // Reads a random report as of a day of the year, else its end; as known at a
  // size, else now; or early on both axes.
  void Read(bool any_day, bool any_size, bool early) {
    v1::GetReportRequest request;
    request.set_name(Report(random_() % reports_));
    const absl::CivilDay first(2024, 1, 1);
    *request.mutable_as_of() =
        ToDate(early     ? first + 3
               : any_day ? first + static_cast<int>(random_() % 366)
                         : LastDay(2024));
    const uint64_t opened = 1 + 2 * reports_;
    if (early) request.mutable_known_at()->set_size(opened + events_ / 100);
    if (any_size) {
      request.mutable_known_at()->set_size(opened + random_() % events_);
    }
    const auto report = client_.GetReport(request);
    DAYBOOK_CHECK(report.ok());
  }

 private:
  client::Client& client_;
  const uint64_t events_;
  const uint64_t reports_;
  std::mt19937_64 random_{1};
};

double ResidentMegabytes() {
  std::ifstream status("/proc/self/statm");
  long pages = 0;
  status >> pages >> pages;
  return static_cast<double>(pages * sysconf(_SC_PAGESIZE)) / (1 << 20);
}

void Measure(Reader& reader, const char* name, int rounds,
             const std::function<void(Reader&)>& read) {
  Samples samples;
  for (int i = 0; i < rounds / 10 + 1; ++i) read(reader);
  for (int i = 0; i < rounds; ++i) samples.Time([&] { read(reader); });
  samples.Print(name);
}

int Run(const std::filesystem::path& folder, uint64_t events, uint64_t reports,
        int rounds) {
  const services::RealClock clock;
  services::ServerOptions options;
  options.listen = "127.0.0.1:0";
  {
    const auto directory = storage::DataDirectory::Open(folder / "data");
    DAYBOOK_CHECK(directory.ok());
    const auto server = services::Server::Start(options, **directory, clock);
    DAYBOOK_CHECK(server.ok());
    client::Client client((*server)->address());
    Samples load;
    load.Time([&] { Load(client, events, reports); });
    std::printf("%llu events in %llu reports, loaded in %.1f s\n",
                static_cast<unsigned long long>(events),
                static_cast<unsigned long long>(reports),
                load.Percentile(50) / 1e6);
  }
  Samples open;
  Samples first;
  std::unique_ptr<storage::DataDirectory> directory;
  std::unique_ptr<services::Server> server;
  open.Time([&] {
    auto opened = storage::DataDirectory::Open(folder / "data");
    DAYBOOK_CHECK(opened.ok());
    directory = *std::move(opened);
    auto started = services::Server::Start(options, *directory, clock);
    DAYBOOK_CHECK(started.ok());
    server = *std::move(started);
  });
  client::Client client(server->address());
  Reader reader(client, events, reports);
  first.Time([&] { reader.Read(false, false, false); });
  std::printf("start %.1f ms, first report %.1f ms\n",
              open.Percentile(50) / 1'000, first.Percentile(50) / 1'000);
  PrintSamplesTitle(rounds);
  Measure(reader, "now, year's end", rounds,
          [](Reader& r) { r.Read(false, false, false); });
  Measure(reader, "now, as of any day", rounds,
          [](Reader& r) { r.Read(true, false, false); });
  Measure(reader, "known at any size, any day", rounds,
          [](Reader& r) { r.Read(true, true, false); });
  Measure(reader, "known at 1 %, as of 4 January", rounds,
          [](Reader& r) { r.Read(false, false, true); });
  std::printf("\nresident memory %.0f MiB\n", ResidentMegabytes());
  return 0;
}

}  // namespace
}  // namespace daybook

int main(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    std::fprintf(stderr,
                 "usage: report_bench FOLDER EVENTS REPORTS [ROUNDS]\n");
    return 2;
  }
  const uint64_t events = std::strtoull(argv[2], nullptr, 10);
  const uint64_t reports = std::strtoull(argv[3], nullptr, 10);
  DAYBOOK_CHECK(events > 0 && reports > 0);
  return daybook::Run(argv[1], events, reports,
                      argc == 5 ? std::atoi(argv[4]) : daybook::rounds_default);
}
