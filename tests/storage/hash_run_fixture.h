// HashRunTest: runs in a temporary directory, and the verbs that tests of runs
// use.
//
// Thread safety: belongs to one test.

#ifndef DAYBOOK_TESTS_STORAGE_HASH_RUN_FIXTURE_H_
#define DAYBOOK_TESTS_STORAGE_HASH_RUN_FIXTURE_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "storage/hash_run.h"
#include "storage/hash_run_directory.h"
#include "storage/hash_run_writer.h"
#include "tests/support/luck.h"
#include "tests/support/temporary_directory.h"

namespace daybook::storage {

// What a test's luck begins with; printed, and taken from DAYBOOK_SEED.
inline uint64_t SeedOfTest() {
  const char* const given = std::getenv("DAYBOOK_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  std::cout << "DAYBOOK_SEED=" << seed << "\n";
  return seed;
}

class HashRunTest : public ::testing::Test {
 protected:
  using Match = std::pair<size_t, uint64_t>;

  static std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  static void WriteFile(const std::filesystem::path& path,
                        const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  static std::vector<uint64_t> SomeHashes(size_t count, uint64_t seed) {
    ::daybook::testing::Luck luck(seed);
    std::vector<uint64_t> hashes(count);
    for (uint64_t& hash : hashes) hash = luck.Next();
    return hashes;
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(path_)) {
      names.push_back(file.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  // Writes the run of the positions from `first` on with these hashes.
  std::filesystem::path WriteRun(uint64_t first,
                                 const std::vector<uint64_t>& hashes,
                                 uint64_t digest = 7) {
    RunShape shape;
    shape.first = first;
    shape.limit = first + hashes.size();
    shape.digest = digest;
    std::vector<std::pair<uint64_t, uint64_t>> entries;
    for (const uint64_t hash : hashes) {
      entries.emplace_back(hash, first + entries.size());
    }
    std::sort(entries.begin(), entries.end());
    const std::filesystem::path path =
        directory_.PathOf(shape.first, shape.limit);
    auto writer = HashRunWriter::Create(path, shape, *rocksdb::Env::Default());
    EXPECT_TRUE(writer.ok()) << writer.status();
    for (const auto& [hash, position] : entries) {
      EXPECT_TRUE((*writer)->Add(hash, Position(position)).ok());
    }
    const absl::Status finished = (*writer)->Finish();
    EXPECT_TRUE(finished.ok()) << finished;
    return path;
  }

  std::shared_ptr<const HashRun> OpenRun(const std::filesystem::path& path) {
    auto run = HashRun::Open(path);
    EXPECT_TRUE(run.ok()) << run.status();
    return *std::move(run);
  }

  // What is found, in order.
  template <typename Index>
  static absl::StatusOr<std::vector<Match>> Find(
      const Index& index, const std::vector<uint64_t>& hashes) {
    std::vector<Match> matches;
    const absl::Status status =
        index.Find(hashes, [&](size_t i, Position position) {
          matches.emplace_back(i, position.value());
        });
    if (!status.ok()) return status;
    std::sort(matches.begin(), matches.end());
    return matches;
  }

  const ::daybook::testing::TemporaryDirectory parent_;
  const std::filesystem::path path_ = parent_.path() / "identity";
  const bool created_ = std::filesystem::create_directory(path_);
  HashRunDirectory directory_{path_, *rocksdb::Env::Default()};
};

}  // namespace daybook::storage

#endif  // DAYBOOK_TESTS_STORAGE_HASH_RUN_FIXTURE_H_
