// What EventLog promises when the disk fails or power is lost, at any moment.
//
// A log is opened and appended to over a file system whose n-th operation
// fails, for each n until one is so late that nothing fails. Then the process
// ends or the machine loses power, the log is opened again over a healthy disk,
// and is compared with a model: every acknowledged append is there once and
// unchanged, the refused one is there whole or not at all, nothing else is, and
// the side tables agree with the entries.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "storage/event_log.h"
#include "storage/event_log_test_peer.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::FaultFileSystem;
using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::daybook::testing::TemporaryDirectory;
using ::testing::AnyOf;
using ::testing::Eq;

constexpr size_t kAppends = 8;

// Every operation fails once; under AddressSanitizer, which makes a life some
// times as long and sees the same code whichever fails, every third.
#ifdef __SANITIZE_ADDRESS__
constexpr uint64_t kStep = 3;
#else
constexpr uint64_t kStep = 1;
#endif

// What the n-th append writes. Sizes vary so that records begin anywhere in a
// block, span blocks, and fill write buffers, so that tables are written too.
std::vector<std::string> EntriesOf(size_t n) {
  std::vector<std::string> entries;
  for (size_t i = 0; i <= n % 3; ++i) {
    const size_t bytes = n % 4 == 3 ? 40'000 : 10 + 700 * n;
    entries.push_back(absl::StrCat("entry ", n, ".", i, " ") +
                      std::string(bytes, static_cast<char>('a' + n)));
  }
  return entries;
}

std::vector<SideWrite> SideWritesOf(size_t n) {
  std::vector<SideWrite> writes = {
      {Space::kSource, absl::StrCat("identity ", n), absl::StrCat(n)},
      {Space::kFact, "appends", absl::StrCat(n + 1)},
      {Space::kPersonal, absl::StrCat("person ", n), std::string(300, 'p')}};
  if (n > 0) {
    writes.push_back(
        {Space::kPersonal, absl::StrCat("person ", n - 1), std::nullopt});
  }
  return writes;
}

uint64_t SizeAfter(size_t appends) {
  uint64_t size = 0;
  for (size_t n = 0; n < appends; ++n) size += EntriesOf(n).size();
  return size;
}

std::vector<std::string> EntriesAfter(size_t appends) {
  std::vector<std::string> all;
  for (size_t n = 0; n < appends; ++n) {
    for (std::string& entry : EntriesOf(n)) all.push_back(std::move(entry));
  }
  return all;
}

enum class Aftermath { kProcessEnds, kUnsyncedGone, kUnsyncedHalf, kZeros };

using Parameters = std::tuple<FaultFileSystem::Failure, Aftermath>;

class CrashTest : public ::testing::TestWithParam<Parameters> {
 protected:
  absl::StatusOr<std::unique_ptr<EventLog>> Open() {
    // Little, so that the appends write tables and change logs.
    shared_ = std::make_unique<SharedResources>(1 << 20, 128 << 10);
    EventLogTestPeer::UseEnv(*env_, *shared_);
    EventLogOptions options;
    options.directory = directory_;
    return EventLog::Open(options, *shared_);
  }

  // Appends until one fails. Returns how many were acknowledged.
  size_t AppendUntilFailure(EventLog& log) {
    for (size_t n = 0; n < kAppends; ++n) {
      const LogSize size(SizeAfter(n));
      const auto appended = log.Append(size, EntriesOf(n), SideWritesOf(n));
      if (appended.ok()) continue;
      EXPECT_THAT(appended, StatusIs(absl::StatusCode::kUnavailable));
      EXPECT_EQ(log.size(), size);
      // The disk may be well by now; what it holds is still unknown.
      EXPECT_THAT(log.Append(size, EntriesOf(n), SideWritesOf(n)),
                  StatusIs(absl::StatusCode::kUnavailable));
      EXPECT_THAT(ReadAll(log), IsOkAndHolds(Eq(EntriesAfter(n))));
      return n;
    }
    return kAppends;
  }

  static absl::StatusOr<std::vector<std::string>> ReadAll(EventLog& log) {
    std::vector<std::string> entries;
    const absl::Status scanned =
        log.Scan(Position(0), NextPosition(log.size()),
                 [&](Position position, absl::string_view entry) {
                   EXPECT_EQ(position, Position(entries.size()));
                   entries.emplace_back(entry.data(), entry.size());
                   return absl::OkStatus();
                 });
    if (!scanned.ok()) return scanned;
    return entries;
  }

  void Fall(Aftermath aftermath) {
    switch (aftermath) {
      case Aftermath::kProcessEnds:
        break;
      case Aftermath::kUnsyncedGone:
        files_->LosePower(FaultFileSystem::Unsynced::kGone);
        break;
      case Aftermath::kUnsyncedHalf:
        files_->LosePower(FaultFileSystem::Unsynced::kHalfThere);
        break;
      case Aftermath::kZeros:
        files_->LosePower(FaultFileSystem::Unsynced::kZeroed);
        break;
    }
  }

  // That the log holds the first `appends` appends and nothing else.
  static void ExpectHolds(EventLog& log, size_t appends) {
    EXPECT_THAT(ReadAll(log), IsOkAndHolds(Eq(EntriesAfter(appends))));
    std::vector<std::string> identities;
    std::vector<std::string> persons;
    std::vector<std::optional<std::string>> positions;
    std::vector<std::optional<std::string>> personal;
    for (size_t n = 0; n < kAppends; ++n) {
      identities.push_back(absl::StrCat("identity ", n));
      persons.push_back(absl::StrCat("person ", n));
      positions.push_back(n < appends
                              ? std::optional<std::string>(absl::StrCat(n))
                              : std::nullopt);
      personal.push_back(n + 1 == appends
                             ? std::optional<std::string>(std::string(300, 'p'))
                             : std::nullopt);
    }
    EXPECT_THAT(log.ReadSide(Space::kSource, identities),
                IsOkAndHolds(Eq(positions)));
    EXPECT_THAT(log.ReadSide(Space::kPersonal, persons),
                IsOkAndHolds(Eq(personal)));
    std::vector<std::optional<std::string>> fact(1);
    if (appends > 0) fact[0] = absl::StrCat(appends);
    EXPECT_THAT(log.ReadSide(Space::kFact, {"appends"}),
                IsOkAndHolds(Eq(fact)));
  }

  // Fails operation `operation` of a life of the log, ends that life, and looks
  // at what is left. Returns whether there was such an operation.
  bool FailAt(uint64_t operation) {
    const TemporaryDirectory parent;
    directory_ = parent.path() / "log";
    files_ = std::make_shared<FaultFileSystem>();
    env_ = ::daybook::testing::MakeFaultEnv(files_);

    files_->FailAfter(operation, std::get<0>(GetParam()));
    size_t acknowledged = 0;
    if (absl::StatusOr<std::unique_ptr<EventLog>> log = Open(); log.ok()) {
      acknowledged = AppendUntilFailure(**log);
    }
    const bool failed = files_->failed();
    files_->StopFailing();
    Fall(std::get<1>(GetParam()));

    size_t kept = acknowledged;
    {
      const absl::StatusOr<std::unique_ptr<EventLog>> log = Open();
      EXPECT_THAT(log, IsOk());
      if (!log.ok()) return false;
      if ((*log)->size() != LogSize(SizeAfter(acknowledged))) ++kept;
      EXPECT_THAT((*log)->size(), LogSize(SizeAfter(kept)));
      ExpectHolds(**log, kept);
      if (kept == kAppends) return failed;
      EXPECT_THAT((*log)->Append(LogSize(SizeAfter(kept)), EntriesOf(kept),
                                 SideWritesOf(kept)),
                  IsOkAndHolds(Position(SizeAfter(kept))));
    }
    Fall(std::get<1>(GetParam()));
    const absl::StatusOr<std::unique_ptr<EventLog>> log = Open();
    EXPECT_THAT(log, IsOk());
    if (log.ok()) ExpectHolds(**log, kept + 1);
    return failed;
  }

  std::filesystem::path directory_;
  std::shared_ptr<FaultFileSystem> files_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<SharedResources> shared_;
};

TEST_P(CrashTest, WhateverFailsWhatWasAcknowledgedIsThereOnce) {
  uint64_t operation = 0;
  bool failed = true;
  while (failed && !HasFailure()) {
    SCOPED_TRACE(absl::StrCat("failing file operation ", operation));
    failed = FailAt(operation);
    operation += kStep;
  }
  // The creation of a log and eight appends take many more than this.
  EXPECT_GT(operation, uint64_t{60});
}

std::string NameOf(const ::testing::TestParamInfo<Parameters>& info) {
  const auto [failure, aftermath] = info.param;
  const char* const endings[] = {"ProcessEnds", "UnsyncedGone", "UnsyncedHalf",
                                 "UnsyncedZeros"};
  const char* const failures[] = {"FailsOnce", "FailsForEver", "IsFull"};
  return absl::StrCat(failures[static_cast<size_t>(failure)], "Then",
                      endings[static_cast<size_t>(aftermath)]);
}

INSTANTIATE_TEST_SUITE_P(
    All, CrashTest,
    ::testing::Combine(::testing::Values(FaultFileSystem::Failure::kOnce,
                                         FaultFileSystem::Failure::kFromThenOn,
                                         FaultFileSystem::Failure::kFull),
                       ::testing::Values(Aftermath::kProcessEnds,
                                         Aftermath::kUnsyncedGone,
                                         Aftermath::kUnsyncedHalf,
                                         Aftermath::kZeros)),
    NameOf);

}  // namespace
}  // namespace daybook::storage
