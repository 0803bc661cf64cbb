// EventFile: files of JSON lines, good and bad.

#include "clients/cli/event_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/support/status_matchers.h"

namespace daybook::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::StatusIs;

std::string Spent(const std::string& amount) {
  return R"({"event":{"eventId":"a","subject":"ledgers/1/departments/1/)"
         R"(reports/2024","expenditureRecorded":{"amountFen":)" +
         amount + "}}}";
}

TEST(EventFileTest, AWholeNumberOfFenIsReadAsTextOrNumber) {
  for (const char* amount : {"\"20150\"", "20150"}) {
    EXPECT_EQ(ParseEventLine(Spent(amount))
                  ->event()
                  .expenditure_recorded()
                  .amount_fen(),
              20150);
  }
}

TEST(EventFileTest, WhatIsNoWholeNumberOfFenSaysSo) {
  for (const char* amount : {"\"201.5.5\"", "\"1.5\"", "1.5", "\"x\"", "true",
                             "1e30", "\"9223372036854775808\""}) {
    EXPECT_THAT(
        ParseEventLine(Spent(amount)).status(),
        StatusIs(absl::StatusCode::kInvalidArgument,
                 AllOf(HasSubstr("event.expenditure_recorded.amount_fen"),
                       HasSubstr("no whole number of fen"))))
        << amount;
  }
}

TEST(EventFileTest, WhatIsNoDecimalSaysSo) {
  EXPECT_THAT(
      ParseEventLine(R"({"event":{"indicatorSet":{"weight":"5"}}})").status(),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("event.indicator_set.weight"),
                     HasSubstr("it is no decimal"))));
}

TEST(EventFileTest, UnknownFieldsAndBrokenJsonAreRefused) {
  EXPECT_THAT(ParseEventLine(R"({"event":{"moon":1}})").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("moon")));
  EXPECT_THAT(ParseEventLine(R"({"event":)").status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("no EventInput in JSON")));
  EXPECT_FALSE(
      ParseEventLine(std::string(EventFile::line_bytes_max + 1, ' ')).ok());
}

struct Checked {
  absl::StatusOr<int64_t> events = 0;
  std::string err;
  std::vector<int64_t> lines;
};

Checked Check(const std::string& text) {
  std::istringstream in(text);
  std::ostringstream err;
  absl::StatusOr<EventFile> file = EventFile::Open("-", in);
  EXPECT_TRUE(file.ok());
  Checked checked;
  checked.events = file->Check(err);
  checked.err = err.str();
  if (checked.events.ok()) {
    EXPECT_TRUE(file->ForEach([&](EventLine event) {
                      checked.lines.push_back(event.line);
                      return absl::OkStatus();
                    })
                    .ok());
  }
  return checked;
}

TEST(EventFileTest, EventsComeInOrderWithTheirLines) {
  const Checked checked = Check(Spent("1") + "\n\n" + Spent("2") + "\n");
  EXPECT_EQ(*checked.events, 2);
  EXPECT_THAT(checked.lines, ElementsAre(1, 3));
}

TEST(EventFileTest, TheLastLineNeedsNoEnd) {
  EXPECT_THAT(Check(Spent("1") + "\r\n" + Spent("2")).lines, ElementsAre(1, 2));
}

TEST(EventFileTest, ALineThatIsTooLongIsNamedAndTheNextOnesAreRead) {
  const Checked checked = Check(
      Spent("1") + "\n" + std::string(3 * EventFile::line_bytes_max, ' ') +
      "x\n" + Spent("1.5") + "\n");
  EXPECT_THAT(checked.events.status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("2 of 3 lines are wrong")));
  EXPECT_THAT(checked.err, AllOf(HasSubstr("input:2: the line is longer than"),
                                 HasSubstr("input:3: event.expenditure")));
}

TEST(EventFileTest, ALineOfExactlyTheLimitIsRead) {
  std::string line = Spent("1");
  line.append(EventFile::line_bytes_max - line.size(), ' ');
  EXPECT_THAT(Check(line + "\n" + line).lines, ElementsAre(1, 2));
}

TEST(EventFileTest, AllLinesAreCheckedBeforeAnyIsUsed) {
  const Checked checked =
      Check(Spent("1") + "\n" + Spent("1.5") + "\n{}\n" + Spent("2.5") + "\n");
  EXPECT_THAT(checked.events.status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("3 of 4 lines are wrong; nothing was sent")));
  EXPECT_THAT(checked.err, AllOf(HasSubstr("standard input:2: "),
                                 HasSubstr("standard input:3: "),
                                 HasSubstr("standard input:4: ")));
}

TEST(EventFileTest, At16ProblemsTheRestIsCounted) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "{}\n";
  EXPECT_THAT(Check(text).err, HasSubstr("and 4 more"));
}

TEST(EventFileTest, OneFileIsOfOneLedger) {
  const Checked checked =
      Check(Spent("1") + "\n" +
            R"({"event":{"subject":"ledgers/2/departments/1"}})" + "\n");
  EXPECT_THAT(checked.err, HasSubstr("of another ledger than ledgers/1"));
}

TEST(EventFileTest, AFileWithoutEventsIsRefused) {
  EXPECT_THAT(Check("\n").events.status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(EventFileTest, AFileThatIsNotThereIsNotFound) {
  std::istringstream in;
  EXPECT_THAT(EventFile::Open("/moon", in).status(),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace daybook::cli
