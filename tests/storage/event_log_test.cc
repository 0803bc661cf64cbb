// What EventLog promises: dense positions, all-or-nothing appends, exact bytes
// back, side tables in step, and everything acknowledged still there after the
// log is opened again. Damage to its files is tested in
// event_log_damage_test.cc, failing disks and loss of power in
// tests/simulation/crash_test.cc.

#include "storage/event_log.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/event_log_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

// Where a child process finds the directory of the parent's log.
constexpr char kDirectoryVariable[] = "DAYBOOK_EVENT_LOG_TEST_DIRECTORY";

TEST_F(EventLogTest, NewLogIsEmpty) {
  Open();
  EXPECT_EQ(log_->size(), LogSize(0));
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre()));
}

TEST_F(EventLogTest, AppendReturnsPositionOfFirstEntry) {
  Open();
  EXPECT_THAT(log_->Append(LogSize(0), {"a", "b"}, {}),
              IsOkAndHolds(Position(0)));
  EXPECT_THAT(log_->Append(LogSize(2), {"c"}, {}), IsOkAndHolds(Position(2)));
  EXPECT_EQ(log_->size(), LogSize(3));
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre("a", "b", "c")));
}

TEST_F(EventLogTest, AnyBytesComeBackUnchanged) {
  Open();
  const std::string zeros("\0a\0", 3);
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte) {
    all_bytes.push_back(static_cast<char>(byte));
  }
  ASSERT_THAT(log_->Append(LogSize(0), {zeros, "", all_bytes}, {}), IsOk());
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre(zeros, "", all_bytes)));
  EXPECT_THAT(log_->Read(Position(0)), IsOkAndHolds(zeros));
}

TEST_F(EventLogTest, EntriesAndSideTablesSurviveReopening) {
  Open();
  ASSERT_THAT(
      log_->Append(LogSize(0), {"a", "b"}, {{Space::kSource, "key", "value"}}),
      IsOk());
  Open();
  EXPECT_EQ(log_->size(), LogSize(2));
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre("a", "b")));
  EXPECT_THAT(log_->ReadSide(Space::kSource, {"key"}),
              IsOkAndHolds(ElementsAre(Optional(std::string("value")))));
  EXPECT_THAT(log_->Append(LogSize(2), {"c"}, {}), IsOkAndHolds(Position(2)));
}

TEST_F(EventLogTest, AppendOnStaleSizeIsAbortedAndLeavesTheLogAlone) {
  Open();
  Append("first");
  EXPECT_THAT(
      log_->Append(LogSize(0), {"second"}, {{Space::kFact, "key", "value"}}),
      StatusIs(absl::StatusCode::kAborted,
               AllOf(HasSubstr(options_.directory.string()),
                     HasSubstr("size is 1, not 0"))));
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre("first")));
  EXPECT_THAT(log_->ReadSide(Space::kFact, {"key"}),
              IsOkAndHolds(ElementsAre(std::nullopt)));
}

TEST_F(EventLogTest, AppendOnSizeNotReachedIsAborted) {
  Open();
  EXPECT_THAT(log_->Append(LogSize(1), {"a"}, {}),
              StatusIs(absl::StatusCode::kAborted));
}

TEST_F(EventLogTest, AppendOfNothingIsRefused) {
  Open();
  EXPECT_THAT(log_->Append(LogSize(0), {}, {{Space::kFact, "key", "value"}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(log_->size(), LogSize(0));
}

TEST_F(EventLogTest, LongestEntryIsAccepted) {
  Open();
  const std::string longest(options_.entry_bytes_max, 'x');
  ASSERT_THAT(log_->Append(LogSize(0), {longest}, {}), IsOk());
  EXPECT_THAT(log_->Read(Position(0)), IsOkAndHolds(longest));
}

TEST_F(EventLogTest, OneOversizedEntryRejectsTheWholeAppend) {
  Open();
  const std::string oversized(options_.entry_bytes_max + 1, 'x');
  EXPECT_THAT(log_->Append(LogSize(0), {"fits", oversized}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("entry 1"), HasSubstr("65536 bytes"),
                             HasSubstr("65535"))));
  EXPECT_EQ(log_->size(), LogSize(0));
}

TEST_F(EventLogTest, TooManyEntriesAreRefusedAndTheMostAreNot) {
  options_.entries_max = 3;
  Open();
  EXPECT_THAT(log_->Append(LogSize(0), {"a", "b", "c", "d"}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(log_->Append(LogSize(0), {"a", "b", "c"}, {}), IsOk());
}

TEST_F(EventLogTest, ScanVisitsItsRangeInOrder) {
  Open();
  ASSERT_THAT(log_->Append(LogSize(0), {"a", "b", "c", "d"}, {}), IsOk());
  std::vector<std::string> seen;
  const auto note = [&](Position position, absl::string_view entry) {
    seen.push_back(absl::StrCat(position.value(), entry));
    return absl::OkStatus();
  };
  EXPECT_THAT(log_->Scan(Position(1), Position(3), note), IsOk());
  EXPECT_THAT(log_->Scan(Position(3), Position(3), note), IsOk());
  EXPECT_THAT(seen, ElementsAre("1b", "2c"));
}

TEST_F(EventLogTest, ScanPastTheEndIsOutOfRange) {
  Open();
  Append("a");
  const auto ignore = [](Position, absl::string_view) {
    return absl::OkStatus();
  };
  EXPECT_THAT(log_->Scan(Position(0), Position(1), ignore), IsOk());
  EXPECT_THAT(log_->Scan(Position(0), Position(2), ignore),
              StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(EventLogTest, ScanStopsAtTheStatusOfTheVisitor) {
  Open();
  ASSERT_THAT(log_->Append(LogSize(0), {"a", "b", "c"}, {}), IsOk());
  int visits = 0;
  EXPECT_THAT(log_->Scan(Position(0), Position(3),
                         [&](Position position, absl::string_view) {
                           ++visits;
                           return position == Position(1)
                                      ? absl::CancelledError("enough")
                                      : absl::OkStatus();
                         }),
              StatusIs(absl::StatusCode::kCancelled, "enough"));
  EXPECT_EQ(visits, 2);
}

TEST_F(EventLogTest, ReadPastTheEndIsOutOfRange) {
  Open();
  EXPECT_THAT(log_->Read(Position(0)), StatusIs(absl::StatusCode::kOutOfRange));
  Append("a");
  EXPECT_THAT(log_->Read(Position(0)), IsOkAndHolds("a"));
  EXPECT_THAT(log_->Read(Position(1)), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(EventLogTest, ReadSideKeepsTheOrderOfKeysAndSaysWhatIsAbsent) {
  Open();
  ASSERT_THAT(log_->Append(LogSize(0), {"entry"},
                           {{Space::kFact, "a", "1"},
                            {Space::kFact, "b", std::string("\0", 1)},
                            {Space::kFact, "empty", ""}}),
              IsOk());
  EXPECT_THAT(log_->ReadSide(Space::kFact, {"b", "none", "a", "empty", "b"}),
              IsOkAndHolds(ElementsAre(Optional(std::string("\0", 1)),
                                       std::nullopt, Optional(std::string("1")),
                                       Optional(std::string()),
                                       Optional(std::string("\0", 1)))));
  EXPECT_THAT(log_->ReadSide(Space::kFact, {}), IsOkAndHolds(ElementsAre()));
}

TEST_F(EventLogTest, SpacesDoNotSeeEachOther) {
  Open();
  ASSERT_THAT(log_->Append(LogSize(0), {"entry"},
                           {{Space::kSource, "key", "identity"},
                            {Space::kPersonal, "key", "personal"}}),
              IsOk());
  EXPECT_THAT(log_->ReadSide(Space::kSource, {"key"}),
              IsOkAndHolds(ElementsAre(Optional(std::string("identity")))));
  EXPECT_THAT(log_->ReadSide(Space::kFact, {"key"}),
              IsOkAndHolds(ElementsAre(std::nullopt)));
  EXPECT_THAT(log_->ReadSide(Space::kPersonal, {"key"}),
              IsOkAndHolds(ElementsAre(Optional(std::string("personal")))));
}

TEST_F(EventLogTest, LaterSideWriteOfOneKeyWins) {
  Open();
  ASSERT_THAT(
      log_->Append(LogSize(0), {"entry"},
                   {{Space::kFact, "key", "1"}, {Space::kFact, "key", "2"}}),
      IsOk());
  EXPECT_THAT(log_->ReadSide(Space::kFact, {"key"}),
              IsOkAndHolds(ElementsAre(Optional(std::string("2")))));
}

TEST_F(EventLogTest, LineageGrowsAtItsEnd) {
  Open();
  ASSERT_THAT(log_->Append(LogSize(0), {"entry"},
                           {{Space::kLineage, "key", "a"},
                            {Space::kLineage, "key", "b", true},
                            {Space::kLineage, "new", "x", true}}),
              IsOk());
  ASSERT_THAT(
      log_->Append(LogSize(1), {"entry"},
                   {{Space::kLineage, "key", std::string("\0c", 2), true}}),
      IsOk());
  for (int opened = 0; opened < 2; ++opened) {
    EXPECT_THAT(log_->ReadSide(Space::kLineage, {"key", "new"}),
                IsOkAndHolds(ElementsAre(Optional(std::string("ab\0c", 4)),
                                         Optional(std::string("x")))));
    Open();
  }
  ASSERT_THAT(
      log_->Append(LogSize(2), {"entry"}, {{Space::kLineage, "key", "again"}}),
      IsOk());
  EXPECT_THAT(log_->ReadSide(Space::kLineage, {"key"}),
              IsOkAndHolds(ElementsAre(Optional(std::string("again")))));
}

TEST_F(EventLogTest, GrowthElsewhereIsABug) {
  Open();
  EXPECT_DEATH(
      log_->Append(LogSize(0), {"entry"}, {{Space::kFact, "key", "a", true}})
          .IgnoreError(),
      "broken invariant");
}

TEST_F(EventLogTest, CursorWalksOneSpaceInByteOrder) {
  Open();
  ASSERT_THAT(log_->Append(LogSize(0), {"entry"},
                           {{Space::kLineage, "b", "2"},
                            {Space::kFact, "a0", "other"},
                            {Space::kLineage, "a", "1"},
                            {Space::kLineage, "c", "3"}}),
              IsOk());
  const auto cursor = log_->NewCursor(Space::kLineage);
  cursor->Seek("");
  std::string walked;
  for (; cursor->valid(); cursor->Next()) {
    absl::StrAppend(&walked, cursor->key(), cursor->value());
  }
  EXPECT_EQ(walked, "a1b2c3");
  EXPECT_THAT(cursor->status(), IsOk());
  cursor->Seek("aa");
  ASSERT_TRUE(cursor->valid());
  EXPECT_EQ(cursor->key(), "b");
  cursor->Previous();
  ASSERT_TRUE(cursor->valid());
  EXPECT_EQ(cursor->key(), "a");
  cursor->SeekBack("bb");
  ASSERT_TRUE(cursor->valid());
  EXPECT_EQ(cursor->key(), "b");
  cursor->SeekBack("b");
  EXPECT_EQ(cursor->value(), "2");
  cursor->SeekBack("Z");
  EXPECT_FALSE(cursor->valid());
}

TEST_F(EventLogTest, PersonalDataCanBeDeleted) {
  Open();
  ASSERT_THAT(log_->Append(LogSize(0), {"fact"},
                           {{Space::kPersonal, "0", "payee"},
                            {Space::kPersonal, "1", "other"}}),
              IsOk());
  ASSERT_THAT(log_->Append(LogSize(1), {"erased"},
                           {{Space::kPersonal, "0", std::nullopt}}),
              IsOk());
  for (int opened = 0; opened < 2; ++opened) {
    EXPECT_THAT(log_->ReadSide(Space::kPersonal, {"0", "1"}),
                IsOkAndHolds(
                    ElementsAre(std::nullopt, Optional(std::string("other")))));
    Open();
  }
}

TEST_F(EventLogTest, DeletionElsewhereIsABug) {
  Open();
  EXPECT_DEATH(log_->Append(LogSize(0), {"entry"},
                            {{Space::kSource, "key", std::nullopt}})
                   .IgnoreError(),
               "broken invariant");
}

TEST_F(EventLogTest, OfConcurrentAppendersExactlyOneWinsEachSize) {
  Open();
  constexpr uint64_t size = 50;
  std::atomic<uint64_t> wins = 0;
  std::vector<std::thread> appenders;
  for (int who = 0; who < 4; ++who) {
    appenders.emplace_back([&, who] {
      for (uint64_t i = 0; i < size; ++i) {
        const auto appended =
            log_->Append(LogSize(i), {absl::StrCat(i, " of ", who)}, {});
        if (appended.ok()) {
          ++wins;
          EXPECT_EQ(*appended, Position(i));
        } else {
          EXPECT_THAT(appended, StatusIs(absl::StatusCode::kAborted));
          // Not reached yet, or lost: wait until the size is there.
          while (log_->size().value() <= i) std::this_thread::yield();
        }
      }
    });
  }
  for (std::thread& appender : appenders) appender.join();
  EXPECT_EQ(wins, size);
  EXPECT_EQ(log_->size(), LogSize(size));
  EXPECT_THAT(ReadAll(), IsOkAndHolds(::testing::SizeIs(size)));
}

TEST_F(EventLogTest, ScanWhileAppendingSeesWholeAppendsOnly) {
  Open();
  constexpr uint64_t appends = 60;
  std::thread appender([&] {
    for (uint64_t i = 0; i < appends; ++i) {
      const std::string entry = absl::StrCat(i);
      EXPECT_THAT(log_->Append(LogSize(2 * i), {entry, entry}, {}), IsOk());
    }
  });
  uint64_t last = 0;
  while (last < 2 * appends && !HasFailure()) {
    const LogSize size = log_->size();
    EXPECT_EQ(size.value() % 2, 0u);
    EXPECT_GE(size.value(), last);
    last = size.value();
    EXPECT_THAT(log_->Scan(Position(0), NextPosition(size),
                           [](Position position, absl::string_view entry) {
                             EXPECT_EQ(entry,
                                       absl::StrCat(position.value() / 2));
                             return absl::OkStatus();
                           }),
                IsOk());
  }
  appender.join();
}

TEST_F(EventLogTest, MissingParentIsNotFound) {
  options_.directory = parent_.path() / "absent" / "log";
  EXPECT_THAT(TryOpen(),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr((parent_.path() / "absent").string())));
  EXPECT_FALSE(std::filesystem::exists(parent_.path() / "absent"));
}

TEST_F(EventLogTest, DirectoryOfOtherThingsIsRefusedAndLeftAlone) {
  std::filesystem::create_directory(options_.directory);
  WriteFile(options_.directory / "thesis.txt", "draft");
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("thesis.txt")));
  const std::filesystem::directory_iterator files(options_.directory);
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
  EXPECT_EQ(ReadFile(options_.directory / "thesis.txt"), "draft");
}

TEST_F(EventLogTest, FileInPlaceOfTheDirectoryIsRefused) {
  WriteFile(options_.directory, "a file");
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(EventLogTest, EmptyDirectoryBecomesALog) {
  std::filesystem::create_directory(options_.directory);
  EXPECT_THAT(TryOpen(), IsOk());
}

TEST_F(EventLogTest, UnknownLayoutIsRefusedNamingBothVersions) {
  Open();
  Append("a");
  Close();
  const std::filesystem::path layout = options_.directory / "LAYOUT";
  const std::string ours = ReadFile(layout);
  WriteFile(layout, "daybook event log, layout 9\n");
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  AllOf(HasSubstr(layout.string()),
                                        HasSubstr("log, layout 9"),
                                        HasSubstr("log, layout 7"))));
  WriteFile(layout, ours);
  Open();
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre("a")));
}

TEST_F(EventLogTest, SecondOpeningByThisProcessIsRefusedUnderAnySpelling) {
  Open();
  for (const char* spelling : {"log", "log/", "./log", "log/../log"}) {
    options_.directory = parent_.path() / spelling;
    EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("another process uses ")))
        << spelling;
  }
  Close();
  EXPECT_THAT(TryOpen(), IsOk());
}

TEST_F(EventLogTest, OpeningByAnotherProcessIsRefused) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Open();
  ::setenv(kDirectoryVariable, options_.directory.c_str(), 0);
  EXPECT_EXIT(
      {
        options_.directory = std::getenv(kDirectoryVariable);
        std::fputs(TryOpen().status().ToString().c_str(), stderr);
        std::_Exit(0);
      },
      ::testing::ExitedWithCode(0), "FAILED_PRECONDITION: another process");
  ::unsetenv(kDirectoryVariable);
}

TEST_F(EventLogTest, EntriesOfAKilledProcessAreThere) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ::setenv(kDirectoryVariable, options_.directory.c_str(), 0);
  EXPECT_EXIT(
      {
        options_.directory = std::getenv(kDirectoryVariable);
        Open();
        Append("a");
        Append("b");
        std::raise(SIGKILL);
      },
      ::testing::KilledBySignal(SIGKILL), "");
  ::unsetenv(kDirectoryVariable);
  Open();
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre("a", "b")));
  EXPECT_THAT(log_->Append(LogSize(2), {"c"}, {}), IsOkAndHolds(Position(2)));
}

TEST_F(EventLogTest, LogsShareResources) {
  Open();
  EventLogOptions other = options_;
  other.directory = parent_.path() / "other";
  const auto second = EventLog::Open(other, *shared_);
  ASSERT_THAT(second, IsOk());
  Append("a");
  EXPECT_THAT((*second)->Append(LogSize(0), {"b"}, {}), IsOk());
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre("a")));
  EXPECT_THAT((*second)->Read(Position(0)), IsOkAndHolds("b"));
}

}  // namespace
}  // namespace daybook::storage
