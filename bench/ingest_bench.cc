// What it costs to write, seen by the client: streams of several sizes, and
// single events by one caller and by many, alone and beside a stream.
//
// bench/ingest.py starts the servers and peers, and holds the figures against
// the bars; docs/benchmarks.md says what is measured.
//
// usage: ingest_bench create ADDRESS LEDGER
//        ingest_bench stream ADDRESS LEDGER EVENTS BATCH STREAMS
//        ingest_bench sustained ADDRESS LEDGER EVENTS BATCH PERSONAL
//        ingest_bench single ADDRESS LEDGER FOLDER ROUNDS
//        ingest_bench callers ADDRESS LEDGER CALLERS ROUNDS
//        ingest_bench behind ADDRESS LEDGER ROUNDS
//        ingest_bench sql EVENTS BATCH
//
// `stream` makes its events before the clock starts, `sustained` as it sends
// them, with personal data if PERSONAL is 1. Both print seconds and bytes of
// events. `single` and `behind` print a line for each kind of call, with p50,
// p90 and p99 in microseconds; `callers` prints calls a second. `sql` prints
// the events of `stream` as inserts for PostgreSQL, BATCH rows in each.

#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "bench/ingest_load.h"
#include "bench/samples.h"
#include "clients/cpp/client.h"
#include "core/base/check.h"
#include "daybook/v1/ledger_service.pb.h"

namespace daybook::bench {
namespace {

constexpr int warm_up = 50;
// Of what runs beside single appends.
constexpr size_t behind_batch = 512;

double SecondsOf(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
      .count();
}

void PrintRow(const char* name, Samples& samples) {
  std::printf("%s\t%.1f\t%.1f\t%.1f\n", name, samples.Percentile(50),
              samples.Percentile(90), samples.Percentile(99));
}

int Create(const Target& target) {
  v1::CreateLedgerRequest request;
  request.set_ledger_id(target.ledger.substr(target.ledger.find('/') + 1));
  Check(client::Client(target.address).CreateLedger(request).status());
  return 0;
}

int Stream(const Target& target, uint64_t events, size_t batch, int streams) {
  std::vector<std::unique_ptr<Feed>> feeds;
  uint64_t bytes = 0;
  for (int i = 0; i < streams; ++i) {
    feeds.push_back(std::make_unique<Feed>(
        target, OptionsOf(target, i, events / static_cast<uint64_t>(streams)),
        batch));
    feeds.back()->MakeAll();
    for (const v1::EventInput& input : feeds.back()->inputs()) {
      bytes += input.event().ByteSizeLong();
    }
  }
  const double seconds = SecondsOf([&] {
    std::vector<std::thread> threads;
    for (const auto& feed : feeds) {
      threads.emplace_back([&feed] { feed->Run(); });
    }
    for (std::thread& thread : threads) thread.join();
  });
  std::printf("%.6f\t%ju\n", seconds, static_cast<uintmax_t>(bytes));
  return 0;
}

int Sustained(const Target& target, uint64_t events, size_t batch,
              bool personal) {
  testing::LoadOptions options = OptionsOf(target, 0, events);
  options.personal_data = personal;
  Feed feed(target, options, batch);
  const double seconds = SecondsOf([&] { feed.Run(); });
  std::printf("%.6f\t%ju\n", seconds, static_cast<uintmax_t>(feed.bytes()));
  return 0;
}

// Vouchers alone, each in a request of its own.
std::vector<v1::AppendEventsRequest> Requests(const Target& target, int source,
                                              int count) {
  testing::LoadOptions options =
      OptionsOf(target, source, static_cast<uint64_t>(count));
  options.refunds = options.adjustments = options.corrections = 0;
  options.duplicates = 0;
  Feed feed(target, options, behind_batch);
  feed.MakeAll();
  std::vector<v1::AppendEventsRequest> requests;
  for (v1::EventInput& input : feed.inputs()) {
    v1::AppendEventsRequest& request = requests.emplace_back();
    request.set_ledger(target.ledger);
    request.set_source(feed.source());
    *request.add_inputs() = std::move(input);
  }
  return requests;
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

std::shared_ptr<grpc::Channel> ChannelTo(const Target& target) {
  return grpc::CreateChannel(target.address,
                             grpc::InsecureChannelCredentials());
}

int Single(const Target& target, const std::string& folder, int rounds) {
  const auto requests = Requests(target, 0, warm_up + rounds);
  client::Client client(target.address);
  const std::shared_ptr<grpc::Channel> channel = ChannelTo(target);
  const int file = open((folder + "/peer").c_str(),
                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  DAYBOOK_CHECK(file >= 0);
  Samples append;
  Samples peer;
  Samples empty;
  for (size_t i = 0; i < requests.size(); ++i) {
    if (i == warm_up) {
      for (Samples* samples : {&append, &peer, &empty}) samples->Forget();
    }
    const std::string bytes = requests[i].inputs(0).event().SerializeAsString();
    append.Time([&] { Check(client.AppendEvents(requests[i]).status()); });
    peer.Time([&] {
      DAYBOOK_CHECK(write(file, bytes.data(), bytes.size()) ==
                        static_cast<ssize_t>(bytes.size()) &&
                    fdatasync(file) == 0);
    });
    empty.Time([&] { EmptyCall(*channel); });
  }
  close(file);
  PrintRow("append", append);
  PrintRow("file", peer);
  PrintRow("empty", empty);
  return 0;
}

// Calls a second of `count` calls by so many threads; call(i) makes one.
double Rate(int callers, size_t count,
            const std::function<void(size_t)>& call) {
  std::atomic<size_t> next{0};
  const double seconds = SecondsOf([&] {
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&] {
        for (size_t at = next++; at < count; at = next++) call(at);
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  return static_cast<double>(count) / seconds;
}

int Callers(const Target& target, int callers, int rounds) {
  const auto requests = Requests(target, callers, warm_up + rounds);
  client::Client client(target.address);
  const std::shared_ptr<grpc::Channel> channel = ChannelTo(target);
  const auto count = static_cast<size_t>(rounds);
  for (size_t i = 0; i < warm_up; ++i) {
    Check(client.AppendEvents(requests[count + i]).status());
    EmptyCall(*channel);
  }
  const double appends = Rate(callers, count, [&](size_t i) {
    Check(client.AppendEvents(requests[i]).status());
  });
  const double empties =
      Rate(callers, count, [&](size_t) { EmptyCall(*channel); });
  std::printf("%.1f\t%.1f\n", appends, empties);
  return 0;
}

int Behind(const Target& target, int rounds) {
  const auto requests = Requests(target, 200, 2 * rounds);
  client::Client client(target.address);
  Samples idle;
  Samples loaded;
  const auto append = [&](Samples& samples, size_t i) {
    samples.Time([&] { Check(client.AppendEvents(requests[i]).status()); });
  };
  const auto half = static_cast<size_t>(rounds);
  for (size_t i = 0; i < half; ++i) append(idle, i);
  // As much as the year has to offer: it is stopped before.
  Feed feed(target, OptionsOf(target, 201, 1'000'000'000), behind_batch);
  std::atomic<bool> on{true};
  std::atomic<uint64_t> fed{0};
  std::thread bulk([&] {
    feed.Run([&] {
      ++fed;
      return on.load();
    });
  });
  // Until it is at full speed.
  while (fed < 40 * behind_batch) std::this_thread::yield();
  for (size_t i = half; i < 2 * half; ++i) append(loaded, i);
  on = false;
  bulk.join();
  PrintRow("idle", idle);
  PrintRow("loaded", loaded);
  return 0;
}

// `text` has no quotes: it is made of codes and numbers.
std::string SqlRow(uint64_t position, const std::string& source,
                   const v1::Event& event) {
  const v1::Date& day = event.effective_date();
  return absl::StrCat("(", position, ",'", source, "','", event.event_id(),
                      "','", event.subject(), "','", day.year(), "-",
                      day.month(), "-", day.day(), "','\\x",
                      absl::BytesToHexString(event.SerializeAsString()), "')");
}

int Sql(uint64_t events, uint64_t batch) {
  const testing::LoadOptions options = OptionsOf({"", "ledgers/1"}, 0, events);
  testing::Load load(options);
  testing::LoadEvent event;
  uint64_t row = 0;
  for (uint64_t i = 0; load.Next(event); ++i) {
    if (i < load.set_up_total()) continue;
    std::cout << (row % batch == 0 ? "insert into ingest values " : ",")
              << SqlRow(row, options.source, event.input.event());
    ++row;
    if (row % batch == 0 || row == events) {
      std::cout << " on conflict do nothing;\n";
    }
  }
  return 0;
}

int Run(const std::vector<std::string>& words) {
  const auto number = [&](size_t i) {
    return std::strtoull(words[i].c_str(), nullptr, 10);
  };
  const auto small = [&](size_t i) { return static_cast<int>(number(i)); };
  const std::string what =
      words.empty() ? "" : absl::StrCat(words[0], " ", words.size() - 1);
  if (what == "sql 2") return Sql(number(1), number(2));
  if (words.size() < 3) return 2;
  const Target target{words[1], absl::StrCat("ledgers/", words[2])};
  if (what == "create 2") return Create(target);
  if (what == "stream 5") {
    return Stream(target, number(3), number(4), small(5));
  }
  if (what == "sustained 5") {
    return Sustained(target, number(3), number(4), number(5) != 0);
  }
  if (what == "single 4") return Single(target, words[3], small(4));
  if (what == "callers 4") return Callers(target, small(3), small(4));
  if (what == "behind 3") return Behind(target, small(3));
  return 2;
}

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) {
  const int code = daybook::bench::Run({argv + 1, argv + argc});
  if (code == 2) std::cerr << "ingest_bench: wrong arguments; see its source\n";
  return code;
}
