// What it costs to read a report, by how many events there are: now, as of any
// day, as known at any size, and both far back; to explain its largest figure,
// to compare it with itself, and to trace an event. One caller, through gRPC.
//
// bench/reports.py starts the server, gives its address and reads the rows, so
// that the server's memory and start are its own.
//
// usage: report_bench load ADDRESS EVENTS REPORTS CORRECTIONS UNITS
//        report_bench read ADDRESS EVENTS REPORTS CORRECTIONS UNITS ROUNDS
//        report_bench rows EVENTS REPORTS
//
// Each of UNITS units has lines of its own, 240 in a report.
//
// `load` prints seconds. `read` prints a line for each way of reading: its name
// and p50, p90 and p99 in microseconds, between tabs. `rows` prints the
// vouchers for PostgreSQL's COPY: position, report, day, codes, amount.

#include <unistd.h>

#include <algorithm>
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
  uint64_t units = 1;

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
    loader.Add(VoucherEvent(number, size.reports, size.units));
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
  void AnySize() { Read(RandomDay(), RandomSize()); }
  // At 1 % of both axes.
  void Early() { Read(EarlyDay(), EarlySize()); }
  // The first page of each.
  void Explain() { Explain(RandomDay(), RandomSize()); }
  void ExplainEarly() { Explain(EarlyDay(), EarlySize()); }
  void CompareSizes() {
    const absl::CivilDay day = RandomDay();
    Compare({day, RandomSize()}, {day, RandomSize()});
  }
  void CompareDays() { Compare({RandomDay(), 0}, {RandomDay(), 0}); }
  // Of a voucher of the year's end.
  void Trace() {
    const uint64_t report = RandomReport();
    v1::TraceEventRequest request;
    SetCoordinates(report, {LastDay(2024), 0}, *request.mutable_coordinates());
    request.set_position(size_.opening() + report +
                         random_() % (size_.events / size_.reports) *
                             size_.reports);
    Check(client_.TraceEvent(request).status());
  }

 private:
  // `known_at` 0 is now.
  struct Place {
    absl::CivilDay as_of;
    uint64_t known_at = 0;
  };

  static absl::CivilDay EarlyDay() { return absl::CivilDay(2024, 1, 4); }
  uint64_t EarlySize() const {
    return size_.opening() + size_.recorded() / 100;
  }
  uint64_t RandomSize() {
    return size_.opening() + random_() % size_.recorded();
  }
  uint64_t RandomReport() { return random_() % size_.reports; }

  static void Check(const absl::Status& status) {
    if (!status.ok()) std::cerr << status << "\n";
    DAYBOOK_CHECK(status.ok());
  }

  static void SetCoordinates(uint64_t report, const Place& place,
                             v1::Coordinates& coordinates) {
    coordinates.set_name(ReportName(report));
    *coordinates.mutable_as_of() = ToDate(place.as_of);
    if (place.known_at == 0) return;
    coordinates.mutable_known_at()->set_size(place.known_at);
  }

  void Explain(absl::CivilDay as_of, uint64_t known_at) {
    v1::ExplainFigureRequest request;
    SetCoordinates(RandomReport(), {as_of, known_at},
                   *request.mutable_coordinates());
    request.set_figure("all.executed");
    Check(client_.ExplainFigure(request).status());
  }

  void Compare(const Place& before, const Place& after) {
    v1::CompareReportsRequest request;
    const uint64_t report = RandomReport();
    SetCoordinates(report, before, *request.mutable_before());
    SetCoordinates(report, after, *request.mutable_after());
    const absl::Status stopped = absl::CancelledError("one page is enough");
    const absl::Status status = client_.CompareReports(
        request, [&](const v1::CompareReportsResponse&) { return stopped; });
    Check(status == stopped ? absl::OkStatus() : status);
  }

  absl::CivilDay RandomDay() {
    return absl::CivilDay(2024, 1, 1) + static_cast<int>(random_() % 366);
  }

  // Any report; `known_at` 0 is now.
  void Read(absl::CivilDay as_of, uint64_t known_at) {
    v1::GetReportRequest request;
    request.set_name(ReportName(RandomReport()));
    *request.mutable_as_of() = ToDate(as_of);
    if (known_at != 0) request.mutable_known_at()->set_size(known_at);
    Check(client_.GetReport(request).status());
  }

  client::Client& client_;
  const Size size_;
  std::mt19937_64 random_{1};
};

// After as many that do not count: so that what can be cached is.
void Measure(Reader& reader, const char* name, int rounds,
             void (Reader::*read)(), int warm) {
  Samples samples;
  for (int i = 0; i < warm; ++i) (reader.*read)();
  for (int i = 0; i < rounds; ++i) samples.Time([&] { (reader.*read)(); });
  std::printf("%s\t%.1f\t%.1f\t%.1f\n", name, samples.Percentile(50),
              samples.Percentile(90), samples.Percentile(99));
}

void MeasureAll(client::Client& client, const Size& size, int rounds) {
  Reader reader(client, size);
  const int few = std::max(rounds / 10, 1);
  // Enough to meet most reports.
  const int warm = static_cast<int>(
      std::max<uint64_t>(static_cast<uint64_t>(few),
                         std::min<uint64_t>(2 * size.reports, 20'000)));
  Measure(reader, "first", 1, &Reader::Now, 0);
  Measure(reader, "now", rounds, &Reader::Now, warm);
  Measure(reader, "any day", rounds, &Reader::AnyDay, few);
  Measure(reader, "any size", rounds, &Reader::AnySize, few);
  Measure(reader, "early", rounds, &Reader::Early, few);
  Measure(reader, "explain", rounds, &Reader::Explain, few);
  Measure(reader, "explain early", rounds, &Reader::ExplainEarly, few);
  Measure(reader, "compare sizes", few, &Reader::CompareSizes, 1);
  Measure(reader, "compare days", few, &Reader::CompareDays, 1);
  Measure(reader, "trace", few, &Reader::Trace, 1);
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
    PrintRows({number(2), number(3)});
    return 0;
  }
  if ((mode != "load" || argc != 7) && (mode != "read" || argc != 8)) {
    std::cerr << "report_bench: see the head of bench/report_bench.cc\n";
    return 2;
  }
  const Size size{number(3), number(4), number(5), number(6)};
  DAYBOOK_CHECK(size.events >= size.reports && size.reports > 0 &&
                size.units > 0);
  client::Client client(argv[2]);
  if (mode == "read") {
    MeasureAll(client, size, static_cast<int>(number(7)));
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
