// A replay over a connection against what it is made of: reading the entries
// and holding them against the tree; and a search of the same entries.
//
// The three are measured in turns, in one run. The server listens on loopback
// in this process; the calls go over TCP all the same. Entries are vouchers of
// some 200 bytes, read from the cache of the file system.
//
// usage: replay_bench FOLDER [ENTRIES]

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/vouchers.h"
#include "clients/cpp/client.h"
#include "core/base/check.h"
#include "services/engine/ledger_tree.h"
#include "services/engine/real_clock.h"
#include "services/server/server.h"
#include "storage/data_directory.h"

namespace daybook::bench {
namespace {

constexpr uint64_t entries_default = 1'000'000;
constexpr int rounds = 5;
constexpr uint64_t batch = 4'096;

// How long each round took, in nanoseconds.
class Rounds {
 public:
  void Time(const std::function<uint64_t()>& read) {
    const auto begin = std::chrono::steady_clock::now();
    entries_ = read();
    times_.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::steady_clock::now() - begin)
                         .count());
  }

  double PerSecond() {
    std::sort(times_.begin(), times_.end());
    return static_cast<double>(entries_) * 1e9 /
           static_cast<double>(times_[times_.size() / 2]);
  }

 private:
  std::vector<int64_t> times_;
  uint64_t entries_ = 0;
};

void Append(client::Client& client, const std::vector<v1::Event>& events) {
  v1::AppendEventsRequest request;
  request.set_ledger(ledger);
  request.set_source("bench");
  for (const v1::Event& event : events) {
    *request.add_inputs()->mutable_event() = event;
  }
  const auto answer = client.AppendEvents(request);
  if (!answer.ok())
    std::fprintf(stderr, "%s\n", answer.status().ToString().c_str());
  DAYBOOK_CHECK(answer.ok());
}

void Fill(client::Client& client, uint64_t entries) {
  v1::CreateLedgerRequest create;
  create.set_ledger_id("1");
  DAYBOOK_CHECK(client.CreateLedger(create).ok());
  Append(client, {DepartmentEvent(0), ReportEvent(0)});
  for (uint64_t number = 0; number < entries;) {
    std::vector<v1::Event> events;
    for (; events.size() < batch && number < entries; ++number) {
      events.push_back(VoucherEvent(number, 1, 1));
    }
    Append(client, events);
  }
}

uint64_t ReadChunks(const services::LedgerTree& tree, LogSize size) {
  const Position end = NextPosition(size);
  uint64_t next = 0;
  while (next < end.value()) {
    const auto chunk = tree.ReadEntries(Position(next), end);
    DAYBOOK_CHECK(chunk.ok());
    next += chunk->size();
  }
  return next;
}

uint64_t Replay(client::Client& client) {
  v1::ReplayEventsRequest request;
  request.set_ledger(ledger);
  uint64_t entries = 0;
  const absl::Status status =
      client.ReplayEvents(request, [&](const v1::StoredEntry&) {
        ++entries;
        return absl::OkStatus();
      });
  DAYBOOK_CHECK(status.ok());
  return entries;
}

uint64_t Search(client::Client& client, bool by_number) {
  v1::FindEntriesRequest request;
  request.set_ledger(ledger);
  if (by_number) {
    request.mutable_filter()->set_number("no such number");
  } else {
    request.mutable_filter()->set_amount_from_fen(int64_t{1} << 60);
  }
  uint64_t entries = 0;
  const absl::Status status =
      client.FindEntries(request, [&](const v1::FindEntriesResponse& page) {
        entries = page.read_size();
        return absl::OkStatus();
      });
  DAYBOOK_CHECK(status.ok());
  return entries;
}

int Main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fputs("usage: replay_bench FOLDER [ENTRIES]\n", stderr);
    return 2;
  }
  const uint64_t entries =
      argc == 3 ? std::strtoull(argv[2], nullptr, 10) : entries_default;
  const services::RealClock clock;
  auto directory =
      storage::DataDirectory::Open(std::filesystem::path(argv[1]) / "data");
  DAYBOOK_CHECK(directory.ok());
  services::ServerOptions options;
  options.listen = "127.0.0.1:0";
  auto server = services::Server::Start(options, **directory, clock);
  DAYBOOK_CHECK(server.ok());
  client::Client client((*server)->address(), {.timeout = absl::Minutes(10)});
  Fill(client, entries);
  const auto log = (*directory)->OpenLedger("1");
  DAYBOOK_CHECK(log.ok());
  const auto tree = services::LedgerTree::Open(**log);
  DAYBOOK_CHECK(tree.ok());
  Rounds chunks;
  Rounds replay;
  Rounds number;
  Rounds amount;
  for (int round = 0; round < rounds; ++round) {
    chunks.Time([&] { return ReadChunks(**tree, (*log)->size()); });
    replay.Time([&] { return Replay(client); });
    number.Time([&] { return Search(client, true); });
    amount.Time([&] { return Search(client, false); });
  }
  const double alone = chunks.PerSecond();
  std::printf("%llu entries, median of %d rounds, entries a second\n\n",
              static_cast<unsigned long long>(entries), rounds);
  const auto print = [&](const char* name, double rate) {
    std::printf("%-44s  %12.0f  %5.2f x\n", name, rate, rate / alone);
  };
  print("read and held against the tree", alone);
  print("ReplayEvents of all", replay.PerSecond());
  print("FindEntries by a number that is not there", number.PerSecond());
  print("FindEntries by an amount that is not there", amount.PerSecond());
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) { return daybook::bench::Main(argc, argv); }
