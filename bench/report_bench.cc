// What it costs to read a report, by how many events there are: now, as of any
// day, as known at any size, and both far back. One caller, through gRPC.
//
// bench/reports.py starts the server, gives its address and reads the rows, so
// that the server's memory and start are its own.
//
// usage: report_bench load ADDRESS EVENTS REPORTS CORRECTIONS
//        report_bench read ADDRESS EVENTS REPORTS CORRECTIONS ROUNDS
//        report_bench rows EVENTS REPORTS
//
// `load` prints seconds. `read` prints a line for each way of reading: its name
// and p50, p90 and p99 in microseconds, between tabs. `rows` prints the
// vouchers for PostgreSQL's COPY: position, report, day, codes, amount.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "bench/samples.h"
#include "bench/vouchers.h"
#include "clients/cpp/client.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "daybook/v1/ledger_service.pb.h"

namespace daybook::bench {
namespace {

constexpr int batch_events = 4'096;

struct Size {
  uint64_t events = 0;
  uint64_t reports = 0;
  uint64_t corrections = 0;

  // Entries before the first voucher.
  uint64_t opening() const { return 1 + 2 * reports; }
  // Entries after that.
  uint64_t recorded() const { return events + 2 * corrections; }
};

class Loader {
 public:
  Loader(client::Client& client, uint64_t events)
      : client_(client), events_(events) {
    Clear();
  }

  void Add(v1::Event event) {
    *request_.add_inputs()->mutable_event() = std::move(event);
    if (request_.inputs_size() == batch_events) Send();
  }

  void Send() {
    if (request_.inputs().empty()) return;
    const auto response = client_.AppendEvents(request_);
    if (!response.ok()) std::cerr << response.status() << "\n";
    DAYBOOK_CHECK(response.ok());
    if (isatty(STDERR_FILENO) != 0) {
      std::cerr << "\r" << response->size() << " of " << events_ << " events ";
    }
    Clear();
  }

 private:
  void Clear() {
    request_.Clear();
    request_.set_ledger(ledger);
    request_.set_source("bench");
  }

  client::Client& client_;
  const uint64_t events_;
  v1::AppendEventsRequest request_;
};

void Load(client::Client& client, const Size& size) {
  v1::CreateLedgerRequest create;
  create.set_ledger_id("1");
  DAYBOOK_CHECK(client.CreateLedger(create).ok());
  Loader loader(client, size.opening() + size.recorded());
  for (uint64_t report = 0; report < size.reports; ++report) {
    loader.Add(DepartmentEvent(report));
    loader.Add(ReportEvent(report));
  }
  for (uint64_t number = 0; number < size.events; ++number) {
    loader.Add(VoucherEvent(number, size.reports));
  }
  for (uint64_t number = 0; number < size.corrections; ++number) {
    loader.Add(CancellingEvent(number));
    loader.Add(ReplacingEvent(number));
  }
  loader.Send();
}

class Reader {
 public:
  Reader(client::Client& client, const Size& size)
      : client_(client), size_(size) {}

  void Now() { Read(LastDay(2024), 0); }
  void AnyDay() { Read(RandomDay(), 0); }
  void AnySize() {
    Read(RandomDay(), size_.opening() + random_() % size_.recorded());
  }
  // At 1 % of both axes.
  void Early() {
    Read(absl::CivilDay(2024, 1, 4), size_.opening() + size_.recorded() / 100);
  }

 private:
  absl::CivilDay RandomDay() {
    return absl::CivilDay(2024, 1, 1) + static_cast<int>(random_() % 366);
  }

  // Any report; `known_at` 0 is now.
  void Read(absl::CivilDay as_of, uint64_t known_at) {
    v1::GetReportRequest request;
    request.set_name(ReportName(random_() % size_.reports));
    *request.mutable_as_of() = ToDate(as_of);
    if (known_at != 0) request.mutable_known_at()->set_size(known_at);
    const auto report = client_.GetReport(request);
    if (!report.ok()) std::cerr << report.status() << "\n";
    DAYBOOK_CHECK(report.ok());
  }

  client::Client& client_;
  const Size size_;
  std::mt19937_64 random_{1};
};

void Measure(Reader& reader, const char* name, int rounds,
             void (Reader::*read)()) {
  Samples samples;
  for (int i = 0; i < rounds / 10; ++i) (reader.*read)();
  for (int i = 0; i < rounds; ++i) samples.Time([&] { (reader.*read)(); });
  std::printf("%s\t%.1f\t%.1f\t%.1f\n", name, samples.Percentile(50),
              samples.Percentile(90), samples.Percentile(99));
}

void MeasureAll(client::Client& client, const Size& size, int rounds) {
  Reader reader(client, size);
  Measure(reader, "first", 1, &Reader::Now);
  Measure(reader, "now", rounds, &Reader::Now);
  Measure(reader, "any day", rounds, &Reader::AnyDay);
  Measure(reader, "any size", rounds, &Reader::AnySize);
  Measure(reader, "early", rounds, &Reader::Early);
}

void PrintRows(const Size& size) {
  for (uint64_t number = 0; number < size.events; ++number) {
    const Voucher voucher = VoucherOf(number, size.reports);
    std::printf("%llu\t%llu\t2024-%02d-%02d\t%llu\t%llu\t%lld\n",
                static_cast<unsigned long long>(size.opening() + number),
                static_cast<unsigned long long>(voucher.report),
                voucher.day.month(), voucher.day.day(),
                static_cast<unsigned long long>(voucher.function),
                static_cast<unsigned long long>(voucher.economic),
                static_cast<long long>(voucher.fen));
  }
}

int Run(int argc, char** argv) {
  const auto number = [&](int index) {
    return std::strtoull(argv[index], nullptr, 10);
  };
  const absl::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "rows" && argc == 4) {
    PrintRows({number(2), number(3), 0});
    return 0;
  }
  if ((mode != "load" || argc != 6) && (mode != "read" || argc != 7)) {
    std::cerr << "report_bench: see the head of bench/report_bench.cc\n";
    return 2;
  }
  const Size size{number(3), number(4), number(5)};
  DAYBOOK_CHECK(size.events > 0 && size.reports > 0);
  client::Client client(argv[2]);
  if (mode == "read") {
    MeasureAll(client, size, static_cast<int>(number(6)));
    return 0;
  }
  Samples load;
  load.Time([&] { Load(client, size); });
  std::printf("%.1f\n", load.Percentile(50) / 1e6);
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) { return daybook::bench::Run(argc, argv); }
