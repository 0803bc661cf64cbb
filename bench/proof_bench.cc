// What evidence costs in the server: growing the tree, and proofs from it.
//
// usage: proof_bench FOLDER [ENTRIES] [ROUNDS]
//
// Appends entries of 228 bytes to a log, with their tree, in groups of 512, and
// prints how long the tree took of it. Then asks proofs of random places, each
// time through everything that a call goes through in the ledger, and prints
// p50, p90 and p99 in microseconds. Ends with 1 when a proof is false or a bar
// is missed.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/samples.h"
#include "core/base/check.h"
#include "core/merkle/hash.h"
#include "core/merkle/verify.h"
#include "services/engine/ledger_tree.h"
#include "storage/event_log.h"

namespace daybook::bench {
namespace {

using merkle::Hash;
using services::LedgerTree;
using Clock = std::chrono::steady_clock;

constexpr size_t entry_bytes = 228;
constexpr uint64_t group_entries = 512;
// What a proof may take, p50.
constexpr double bar_us = 1'000;

double Since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string EntryOf(uint64_t position) {
  std::mt19937_64 bytes(position);
  std::string entry(entry_bytes, '\0');
  // As compressible as events: half of it repeats.
  for (size_t i = 0; i < entry.size() / 2; i += 8) {
    const uint64_t word = bytes();
    for (size_t j = 0; j < 8; ++j) {
      entry[i + j] = static_cast<char>(word >> 8 * j);
    }
  }
  return entry;
}

class ProofBench {
 public:
  ProofBench(const std::filesystem::path& folder, uint64_t entries)
      : entries_(entries),
        log_(*storage::EventLog::Open({.directory = folder / "log"}, shared_)),
        tree_(*LedgerTree::Open(*log_)) {}

  void Load() {
    double tree_seconds = 0;
    double log_seconds = 0;
    for (uint64_t first = 0; first < entries_; first += group_entries) {
      const uint64_t limit = std::min(first + group_entries, entries_);
      std::vector<std::string> entries;
      for (uint64_t i = first; i < limit; ++i) entries.push_back(EntryOf(i));
      std::vector<storage::SideWrite> writes;
      auto begin = Clock::now();
      std::vector<Hash> leaves;
      for (const std::string& entry : entries) {
        leaves.push_back(merkle::LeafHash(entry));
      }
      tree_->Add(leaves, writes);
      tree_seconds += Since(begin);
      begin = Clock::now();
      DAYBOOK_CHECK(log_->Append(log_->size(), entries, writes).ok());
      log_seconds += Since(begin);
      tree_->Written();
    }
    std::printf("%llu entries: tree %.0f ns each, log %.0f ns each\n",
                static_cast<unsigned long long>(entries_),
                tree_seconds * 1e9 / static_cast<double>(entries_),
                log_seconds * 1e9 / static_cast<double>(entries_));
  }

  bool Prove(int rounds) {
    std::mt19937_64 luck(20'251'129);
    Samples inclusion;
    Samples consistency;
    Samples past;
    const merkle::TreeHead now = tree_->Head();
    for (int i = 0; i < rounds; ++i) {
      const Position position(luck() % now.size.value());
      absl::StatusOr<std::vector<Hash>> proof;
      inclusion.Time(
          [&] { proof = tree_->ProveInclusion(position, now.size); });
      const Hash leaf = merkle::LeafHash(EntryOf(position.value()));
      DAYBOOK_CHECK(merkle::VerifyInclusion(*proof, position, leaf, now).ok());
      const LogSize older(1 + luck() % now.size.value());
      consistency.Time(
          [&] { proof = tree_->ProveConsistency(older, now.size); });
      absl::StatusOr<merkle::TreeHead> head;
      past.Time([&] { head = tree_->HeadAt(older); });
      DAYBOOK_CHECK(merkle::VerifyConsistency(*proof, *head, now).ok());
    }
    PrintSamplesTitle(rounds);
    inclusion.Print("inclusion proof");
    consistency.Print("consistency proof");
    past.Print("root of a past size");
    return inclusion.Percentile(50) <= bar_us &&
           consistency.Percentile(50) <= bar_us;
  }

 private:
  const uint64_t entries_;
  storage::SharedResources shared_;
  const std::unique_ptr<storage::EventLog> log_;
  const std::unique_ptr<LedgerTree> tree_;
};

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "usage: proof_bench FOLDER [ENTRIES] [ROUNDS]\n");
    return 2;
  }
  const uint64_t entries =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 2'000;
  daybook::bench::ProofBench bench(argv[1], entries);
  bench.Load();
  return bench.Prove(rounds) ? 0 : 1;
}
