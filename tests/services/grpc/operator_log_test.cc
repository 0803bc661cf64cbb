// Whoever tells the log something never waits for its reader, whether that one
// is slow, reads nothing or is gone.

#include "services/grpc/operator_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::services {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr absl::Time kNow = absl::UnixEpoch();

// More than a test needs that is well.
constexpr absl::Duration kPatience = absl::Seconds(30);

// Fixture OperatorLogTest: a log into a pipe that the test reads, or does not.
class OperatorLogTest : public ::testing::Test {
 protected:
  OperatorLogTest() {
    int ends[2];
    DAYBOOK_CHECK(pipe(ends) == 0);
    reader_ = ends[0];
    // Its thread may be left behind, so this end is never closed.
    log_.emplace(ends[1]);
  }
  ~OperatorLogTest() override { CloseReader(); }

  void CloseReader() {
    if (reader_ >= 0) close(reader_);
    reader_ = -1;
  }

  // What was written until now.
  std::string Read() {
    EXPECT_TRUE(log_->Flush(kPatience));
    std::string text;
    char bytes[4096];
    DAYBOOK_CHECK(fcntl(reader_, F_SETFL, O_NONBLOCK) == 0);
    ssize_t count = 0;
    while ((count = read(reader_, bytes, sizeof bytes)) > 0) {
      text.append(bytes, static_cast<size_t>(count));
    }
    return text;
  }

  // Tells `lines` different lines of a kilobyte each.
  void TellMuch(size_t lines) {
    for (size_t i = 0; i < lines; ++i) {
      log_->Tell(absl::StrCat(i, std::string(1'000, '.')), kNow);
    }
  }

  int reader_ = -1;
  std::optional<OperatorLog> log_;
};

TEST_F(OperatorLogTest, LinesAreWrittenInOrder) {
  log_->Tell("the disk is full", kNow);
  log_->Tell("the disk is gone", kNow);
  EXPECT_EQ(Read(), "daybookd: the disk is full\ndaybookd: the disk is gone\n");
}

TEST_F(OperatorLogTest, OverlongLineIsCut) {
  log_->Tell(std::string(OperatorLog::line_bytes_max + 1, 'x'), kNow);
  EXPECT_EQ(Read(),
            absl::StrCat("daybookd: ",
                         std::string(OperatorLog::line_bytes_max, 'x'), "\n"));
}

TEST_F(OperatorLogTest, RepeatedLineIsCountedUntilAMinuteHasPassed) {
  const absl::Time later = kNow + OperatorLog::known_for;
  log_->Tell("full", kNow);
  log_->Tell("full", kNow);
  log_->Tell("full", later - absl::Nanoseconds(1));
  EXPECT_EQ(Read(), "daybookd: full\n");
  log_->Tell("full", later);
  EXPECT_EQ(Read(), "daybookd: full (2 times more before)\n");
  log_->Tell("full", later + OperatorLog::known_for);
  EXPECT_EQ(Read(), "daybookd: full\n");
}

TEST_F(OperatorLogTest, KnowsSoManyLinesAgainAndNoMore) {
  log_->Tell("first", kNow);
  for (size_t i = 1; i < OperatorLog::known_lines_max; ++i) {
    log_->Tell(absl::StrCat(i), kNow);
  }
  Read();
  log_->Tell("first", kNow);
  EXPECT_EQ(Read(), "");
  log_->Tell("another", kNow);
  log_->Tell("first", kNow);
  EXPECT_EQ(Read(), "daybookd: another\ndaybookd: first\n");
}

TEST_F(OperatorLogTest, NobodyWaitsForAReaderThatDoesNotRead) {
  // Some 64 lines fit into the pipe, and may be written before others wait.
  TellMuch(4 * OperatorLog::waiting_lines_max);
  EXPECT_FALSE(log_->Flush(absl::Milliseconds(10)));
  // One that reads at last is told how much it missed.
  std::string text;
  char bytes[4096];
  while (text.find("are missing here") == std::string::npos) {
    const ssize_t count = read(reader_, bytes, sizeof bytes);
    ASSERT_GT(count, 0);
    text.append(bytes, static_cast<size_t>(count));
  }
  EXPECT_THAT(text, StartsWith("daybookd: 0..."));
  EXPECT_THAT(text,
              HasSubstr(absl::StrCat(
                  "\ndaybookd: ", OperatorLog::waiting_lines_max - 1, ".")));
}

TEST_F(OperatorLogTest, EndDoesNotWaitForAReaderThatDoesNotRead) {
  TellMuch(2 * OperatorLog::waiting_lines_max);
  log_.reset();
}

TEST_F(OperatorLogTest, ReaderThatIsGoneIsNoError) {
  CloseReader();
  log_->Tell("anyone?", kNow);
  EXPECT_TRUE(log_->Flush(kPatience));
}

}  // namespace
}  // namespace daybook::services
