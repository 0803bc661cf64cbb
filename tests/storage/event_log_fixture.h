// EventLogTest: a log in a temporary directory, with the verbs that its tests
// use.
//
// Thread safety: belongs to one test.

#ifndef DAYBOOK_TESTS_STORAGE_EVENT_LOG_FIXTURE_H_
#define DAYBOOK_TESTS_STORAGE_EVENT_LOG_FIXTURE_H_

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "storage/event_log.h"
#include "tests/support/temporary_directory.h"

namespace daybook::storage {

class EventLogTest : public ::testing::Test {
 protected:
  EventLogTest() { options_.directory = parent_.path() / "log"; }

  absl::StatusOr<std::unique_ptr<EventLog>> TryOpen() {
    return EventLog::Open(options_, *shared_);
  }

  // Opens the log, again if it is open, with nothing left in memory.
  void Open() {
    log_.reset();
    shared_ = std::make_unique<SharedResources>();
    auto opened = TryOpen();
    ASSERT_TRUE(opened.ok()) << opened.status();
    log_ = *std::move(opened);
  }

  void Close() { log_.reset(); }

  // Appends one entry, whatever the size.
  void Append(const std::string& entry) {
    const auto appended = log_->Append(log_->size(), {entry}, {});
    ASSERT_TRUE(appended.ok()) << appended.status();
  }

  absl::StatusOr<std::vector<std::string>> ReadAll() {
    std::vector<std::string> entries;
    const absl::Status scanned =
        log_->Scan(Position(0), NextPosition(log_->size()),
                   [&](Position, absl::string_view entry) {
                     entries.emplace_back(entry.data(), entry.size());
                     return absl::OkStatus();
                   });
    if (!scanned.ok()) return scanned;
    return entries;
  }

  // The newest file of RocksDB's with this ending.
  std::filesystem::path NewestFile(const std::string& ending) const {
    std::filesystem::path newest;
    for (const auto& file :
         std::filesystem::directory_iterator(options_.directory / "rocksdb")) {
      if (file.path().extension() == ending) {
        newest = std::max(newest, file.path());
      }
    }
    return newest;
  }

  static std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  static void WriteFile(const std::filesystem::path& path,
                        const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  const ::daybook::testing::TemporaryDirectory parent_;
  EventLogOptions options_;
  std::unique_ptr<SharedResources> shared_ =
      std::make_unique<SharedResources>();
  std::unique_ptr<EventLog> log_;
};

}  // namespace daybook::storage

#endif  // DAYBOOK_TESTS_STORAGE_EVENT_LOG_FIXTURE_H_
