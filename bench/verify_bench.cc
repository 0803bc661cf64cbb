// Verifying an export against its two parts: hashing the same entries, and
// reading them from RocksDB, one row an entry.
//
// All three run on two threads over the same entries, in one run on one
// machine. The entries are those of a made-up year (tests/support/load.h). The
// hashes are SHA-256 of bytes in memory; the rows are read in order, half of
// them by each thread, from a database that is compacted and otherwise as
// RocksDB makes it. Everything has been read once before, so that it is in the
// page cache.
//
// usage: verify_bench FOLDER [EVENTS]

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "clients/audit/directory_fetcher.h"
#include "clients/audit/verify.h"
#include "core/base/check.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/frontier.h"
#include "core/merkle/tile.h"
#include "rocksdb/db.h"
#include "tests/support/load.h"

namespace daybook::bench {
namespace {

using merkle::Hash;

constexpr uint64_t events_default = 10'000'000;
constexpr size_t threads_count = 2;
constexpr const char* origin = "bench.example/ledgers/430203";

checkpoint::SignerKey Key() {
  auto seed = checkpoint::Ed25519Seed::FromBytes(std::string(32, 'b'));
  DAYBOOK_CHECK(seed.ok());
  return *checkpoint::SignerKey::Create(origin, checkpoint::KeyType::kEd25519,
                                        *std::move(seed));
}

void WriteFile(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

// Writes the layout as entries come.
class LayoutWriter {
 public:
  LayoutWriter(std::filesystem::path folder, LogSize size)
      : folder_(std::move(folder)), size_(size) {}

  void Add(const std::string& entry) {
    DAYBOOK_CHECK(merkle::AppendToBundle(entry, bundle_).ok());
    bytes_ += entry.size();
    tree_.Append(
        merkle::LeafHash(entry), [&](merkle::NodeId node, const Hash& hash) {
          if (node.level.value() % merkle::tile_height != 0) return;
          const uint32_t level = node.level.value() / merkle::tile_height;
          edges_.resize(std::max<size_t>(edges_.size(), level + 1));
          edges_[level].push_back(hash);
          if ((node.index.value() + 1) % 256 == 0) Flush(level, node);
        });
  }

  void Finish() {
    for (uint32_t level = 0; level < edges_.size(); ++level) {
      if (edges_[level].empty()) continue;
      const uint64_t nodes = size_.value() >> (merkle::tile_height * level);
      Flush(level, {merkle::Level(level * merkle::tile_height),
                    merkle::NodeIndex(nodes - 1)});
    }
    const auto note =
        checkpoint::SignCheckpoint({origin, tree_.Head(), {}}, Key());
    DAYBOOK_CHECK(note.ok());
    WriteFile(folder_ / "checkpoint", *checkpoint::FormatNote(*note));
  }

  uint64_t bytes() const { return bytes_; }

 private:
  void Flush(uint32_t level, merkle::NodeId last) {
    const merkle::TileIndex index(last.index.value() / 256);
    const auto tile = merkle::TileAt(merkle::TileLevel(level), index, size_);
    WriteFile(folder_ / merkle::TilePath(*tile),
              merkle::FormatTile(edges_[level]));
    edges_[level].clear();
    if (level > 0) return;
    WriteFile(folder_ / merkle::BundlePath(*merkle::BundleAt(index, size_)),
              bundle_);
    bundle_.clear();
  }

  const std::filesystem::path folder_;
  const LogSize size_;
  merkle::Frontier tree_;
  std::vector<std::vector<Hash>> edges_;
  std::string bundle_;
  uint64_t bytes_ = 0;
};

std::string GenesisBytes() {
  v1::Entry entry;
  entry.set_format(1);
  entry.set_recorded_time_us(1);
  entry.set_principal("local");
  entry.mutable_genesis()->set_ledger_id(std::string(16, 'g'));
  entry.mutable_genesis()->set_origin(origin);
  const auto key = Key().verifier().public_key();
  entry.mutable_genesis()->set_public_key(key.data(), key.size());
  entry.mutable_genesis()->set_ledger("ledgers/430203");
  return entry.SerializeAsString();
}

// Calls `visit` with every entry, the genesis first.
void MakeEntries(uint64_t events,
                 const std::function<void(const std::string&)>& visit) {
  testing::LoadOptions options;
  options.events = events;
  options.duplicates = 0;
  testing::Load load(options);
  visit(GenesisBytes());
  testing::LoadEvent event;
  v1::Entry entry;
  uint64_t position = 0;
  while (load.Next(event)) {
    ++position;
    entry.Clear();
    entry.set_format(1);
    entry.set_position(position);
    entry.set_recorded_time_us(
        static_cast<int64_t>(1'719'835'200'000'000 + position));
    entry.set_principal("local");
    entry.set_source(options.source);
    entry.mutable_event()->Swap(event.input.mutable_event());
    visit(entry.SerializeAsString());
  }
}

uint64_t CountEntries(uint64_t events) {
  testing::LoadOptions options;
  options.events = events;
  options.duplicates = 0;
  return testing::Load(options).total() + 1;
}

double Seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
      .count();
}

// Runs `work(thread)` on each thread.
void OnThreads(const std::function<void(size_t)>& work) {
  std::vector<std::thread> threads;
  for (size_t i = 0; i < threads_count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

// Hashes what one bundle after the other holds; reading it is not timed.
double HashSeconds(const std::filesystem::path& folder, uint64_t entries) {
  audit::DirectoryFetcher fetcher(folder);
  double seconds = 0;
  const uint64_t bundles = (entries + 255) / 256;
  // As many at once as fit well into memory.
  constexpr uint64_t batch = 4'096;
  for (uint64_t first = 0; first < bundles; first += batch) {
    std::vector<std::string> contents;
    std::vector<absl::string_view> parts;
    for (uint64_t i = first; i < std::min(bundles, first + batch); ++i) {
      const auto bundle =
          merkle::BundleAt(merkle::TileIndex(i), LogSize(entries));
      contents.push_back(*fetcher.Read(merkle::BundlePath(*bundle)));
    }
    for (size_t i = 0; i < contents.size(); ++i) {
      const auto bundle =
          merkle::BundleAt(merkle::TileIndex(first + i), LogSize(entries));
      const auto entries_of = merkle::ParseBundle(contents[i], bundle->width);
      DAYBOOK_CHECK(entries_of.ok());
      parts.insert(parts.end(), entries_of->begin(), entries_of->end());
    }
    seconds += Seconds([&] {
      OnThreads([&](size_t thread) {
        const size_t begin = parts.size() * thread / threads_count;
        const size_t end = parts.size() * (thread + 1) / threads_count;
        unsigned char mixed = 0;
        for (size_t i = begin; i < end; ++i) {
          mixed ^= static_cast<unsigned char>(
              merkle::LeafHash(parts[i]).bytes().front());
        }
        // So that nothing of it is left out.
        if (mixed == 0) std::fputs("", stderr);
      });
    });
  }
  return seconds;
}

std::string RowKey(uint64_t position) {
  std::string key(8, '\0');
  for (size_t i = key.size(); i > 0; --i, position >>= 8) {
    key[i - 1] = static_cast<char>(position & 0xFF);
  }
  return key;
}

double ReadRowsSeconds(const std::filesystem::path& folder, uint64_t events,
                       uint64_t entries) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  DAYBOOK_CHECK(rocksdb::DB::Open(options, folder, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  uint64_t position = 0;
  rocksdb::WriteOptions unlogged;
  unlogged.disableWAL = true;
  MakeEntries(events, [&](const std::string& entry) {
    DAYBOOK_CHECK(db->Put(unlogged, RowKey(position++), entry).ok());
  });
  DAYBOOK_CHECK(db->CompactRange({}, nullptr, nullptr).ok());
  const auto read = [&](size_t thread) {
    const std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator({}));
    const std::string end = RowKey(entries * (thread + 1) / threads_count);
    uint64_t bytes = 0;
    for (rows->Seek(RowKey(entries * thread / threads_count));
         rows->Valid() && rows->key().compare(end) < 0; rows->Next()) {
      bytes += rows->value().size();
    }
    DAYBOOK_CHECK(rows->status().ok() && bytes > 0);
  };
  OnThreads(read);
  return Seconds([&] { OnThreads(read); });
}

double VerifySeconds(const std::filesystem::path& folder) {
  audit::Findings findings;
  audit::DirectoryFetcher fetcher(folder);
  audit::VerifyOptions options{.key = Key().verifier()};
  options.threads = threads_count;
  audit::Verification verification(fetcher, std::move(options), findings);
  const double seconds =
      Seconds([&] { DAYBOOK_CHECK(verification.Run({}).ok()); });
  for (const audit::Finding& finding : findings.Sorted()) {
    std::fprintf(stderr, "%s\n", audit::FindingText(finding).c_str());
  }
  DAYBOOK_CHECK(findings.count() == 0);
  return seconds;
}

uint64_t PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) >> 10;
}

void Print(const char* name, uint64_t entries, uint64_t bytes, double seconds) {
  std::printf("%-28s %8.2f s  %10.0f entries/s  %7.0f MB/s\n", name, seconds,
              static_cast<double>(entries) / seconds,
              static_cast<double>(bytes) / seconds / 1e6);
}

int Run(const std::filesystem::path& folder, uint64_t events) {
  const uint64_t entries = CountEntries(events);
  LayoutWriter writer(folder / "export", LogSize(entries));
  MakeEntries(events, [&](const std::string& entry) { writer.Add(entry); });
  writer.Finish();
  const uint64_t bytes = writer.bytes();
  std::printf("%llu entries, %llu bytes, %zu threads\n",
              static_cast<unsigned long long>(entries),
              static_cast<unsigned long long>(bytes), threads_count);
  const double verify = VerifySeconds(folder / "export");
  const uint64_t peak = PeakMegabytes();
  const double hash = HashSeconds(folder / "export", entries);
  const double rows = ReadRowsSeconds(folder / "rows", events, entries);
  const double again = VerifySeconds(folder / "export");
  const double best = std::min(verify, again);
  Print("raw SHA-256", entries, bytes, hash);
  Print("RocksDB, rows in order", entries, bytes, rows);
  Print("verify of an export", entries, bytes, best);
  std::printf(
      "verify / the lower of both: %.2f (bar 0.50), memory %llu MB "
      "(bar 512)\n",
      std::max(hash, rows) / best, static_cast<unsigned long long>(peak));
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fputs("usage: verify_bench FOLDER [EVENTS]\n", stderr);
    return 2;
  }
  return daybook::bench::Run(argv[1], argc == 3
                                          ? std::strtoull(argv[2], nullptr, 10)
                                          : daybook::bench::events_default);
}
