// tamper_ledger: changes one thing in the database of a log that no process has
// open, so that all checksums fit: what somebody can do who has the disk.
//
// usage: tamper_ledger LOG_DIRECTORY WHAT SEED
//
// WHAT is
//   entry       a byte of an entry
//   swap        two entries of a block change places
//   drop        a block of entries is gone
//   hash        a hash of the tree is another one
//   no-hash     a hash of the tree is gone
//   lineage     a byte of what reports are rebuilt from
//   no-lineage  a row of that is gone
//   source      how many events of a source were recorded
//   checkpoint  a byte of a checkpoint
//   personal    a byte of the personal data of an entry
// SEED says where. Prints what was done. Ends with 1 when there is no such
// thing.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "daybook/v1/sources.pb.h"
#include "storage/entry_block.h"
#include "tests/support/stopped_log.h"

namespace daybook::testing {
namespace {

using Rows = std::vector<StoppedLog::Row>;

class Tamper {
 public:
  Tamper(const char* directory, uint64_t seed) : log_(directory), luck_(seed) {}

  bool Do(absl::string_view what) {
    if (what == "entry") return FlipEntry();
    if (what == "swap") return SwapEntries();
    if (what == "drop") return Drop("entries");
    if (what == "hash") return Flip("tree");
    if (what == "no-hash") return Drop("tree");
    if (what == "lineage") return Flip("lineage");
    if (what == "no-lineage") return Drop("lineage");
    if (what == "source") return Miscount();
    if (what == "checkpoint") return Flip("checkpoint");
    if (what == "personal") return Flip("personal");
    std::fprintf(stderr, "tamper_ledger: there is nothing called so\n");
    return false;
  }

 private:
  size_t Draw(size_t limit) { return luck_() % limit; }

  static void Told(const char* what, absl::string_view family,
                   absl::string_view key) {
    std::printf("%s in %.*s, key", what, static_cast<int>(family.size()),
                family.data());
    for (const char c : key) std::printf(" %02x", c & 0xff);
    std::printf("\n");
  }

  void Put(absl::string_view family, const StoppedLog::Row& row) {
    log_.Put(family, row.first, row.second);
    Told("changed", family, row.first);
  }

  bool Flip(absl::string_view family) {
    const Rows rows = log_.Rows(family);
    if (rows.empty()) return false;
    StoppedLog::Row row = rows[Draw(rows.size())];
    if (row.second.empty()) return false;
    char& byte = row.second[Draw(row.second.size())];
    byte = static_cast<char>(byte ^ (1 << Draw(8)));
    Put(family, row);
    return true;
  }

  bool Drop(absl::string_view family) {
    const Rows rows = log_.Rows(family);
    if (rows.empty()) return false;
    const StoppedLog::Row& row = rows[Draw(rows.size())];
    log_.Delete(family, row.first);
    Told("deleted", family, row.first);
    return true;
  }

  static std::vector<std::string> EntriesOf(const std::string& block) {
    std::vector<std::string> entries;
    storage::BlockReader reader(block);
    while (const auto entry = reader.Next()) entries.emplace_back(*entry);
    return entries;
  }

  void PutBlock(const std::string& key,
                const std::vector<std::string>& entries) {
    std::string block;
    for (const std::string& entry : entries) {
      storage::AppendToBlock(entry, block);
    }
    Put("entries", {key, block});
  }

  bool FlipEntry() {
    const Rows rows = log_.Rows("entries");
    const StoppedLog::Row& row = rows[Draw(rows.size())];
    std::vector<std::string> entries = EntriesOf(row.second);
    std::string& entry = entries[Draw(entries.size())];
    char& byte = entry[Draw(entry.size())];
    byte = static_cast<char>(byte ^ (1 << Draw(8)));
    PutBlock(row.first, entries);
    return true;
  }

  bool SwapEntries() {
    for (const StoppedLog::Row& row : log_.Rows("entries")) {
      std::vector<std::string> entries = EntriesOf(row.second);
      if (entries.size() < 2) continue;
      const size_t at = Draw(entries.size() - 1);
      std::swap(entries[at], entries[at + 1]);
      PutBlock(row.first, entries);
      return true;
    }
    return false;
  }

  bool Miscount() {
    for (StoppedLog::Row& row : log_.Rows("source")) {
      v1::SourceProgress progress;
      if (!progress.ParseFromString(row.second) || progress.created() == 0) {
        continue;
      }
      progress.set_created(progress.created() + 1);
      row.second = progress.SerializeAsString();
      Put("source", row);
      return true;
    }
    return false;
  }

  StoppedLog log_;
  std::mt19937_64 luck_;
};

}  // namespace
}  // namespace daybook::testing

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: tamper_ledger LOG_DIRECTORY WHAT SEED\n");
    return 2;
  }
  daybook::testing::Tamper tamper(argv[1], std::strtoull(argv[3], nullptr, 10));
  return tamper.Do(argv[2]) ? 0 : 1;
}
