// ReportFolder and its words: what each event does to the figures of its report.

#include "clients/cli/report_folder.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "clients/cli/event_words.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Folds a story and tells the changes of its last event.
class ReportFolderTest : public ::testing::Test {
 protected:
  std::vector<FigureChange> Last(const testing::Facts& facts) {
    entries_ = testing::Entries(facts);
    std::map<std::pair<std::string, std::string>, v1::Entry> seen;
    ReportFolder folder(
        *ResourceName::Parse(testing::kReportName),
        [&](const v1::EventIdentity& identity)
            -> absl::StatusOr<std::optional<v1::Entry>> {
          const auto found =
              seen.find({identity.source(), identity.event_id()});
          if (found == seen.end()) return std::optional<v1::Entry>();
          return std::optional<v1::Entry>(found->second);
        });
    std::vector<FigureChange> changes;
    for (const v1::Entry& entry : entries_) {
      auto told = folder.Explain(entry);
      EXPECT_TRUE(told.ok()) << told.status();
      if (told.ok()) changes = *std::move(told);
      seen[{entry.source(), entry.event().event_id()}] = entry;
    }
    target_ = folder.target();
    return changes;
  }

  static std::vector<std::string> Words(
      const std::vector<FigureChange>& changes,
      Language language = Language::kEnglish) {
    std::vector<std::string> words;
    for (const FigureChange& change : changes) {
      words.push_back(ChangeWords(change, MoneyUnit::kYuan, language));
    }
    return words;
  }

  std::vector<v1::Entry> entries_;
  std::optional<v1::Entry> target_;
};

TEST_F(ReportFolderTest, SpendingMovesItsRowItsFundAndTheWhole) {
  const auto changes =
      Last({testing::Approved("general.basic", 10'000),
            testing::Spent("03-01", "general.basic", 1'234)});
  EXPECT_THAT(Words(changes),
              ElementsAre("general.basic.executed +12.34 元 → in all 12.34 元",
                          "general.executed +12.34 元 → in all 12.34 元",
                          "all.executed +12.34 元 → in all 12.34 元",
                          "all.execution_rate 0.00 % → 12.34 %"));
  EXPECT_THAT(Words(changes, Language::kChinese)[2],
              HasSubstr("+12.34 元 → 本年累计 12.34 元"));
}

TEST_F(ReportFolderTest, AReversalTakesBackWhatItCancels) {
  const auto changes =
      Last({testing::Spent("03-01", "general.basic", 1'234),
            testing::Reversed("04-01", "#5")});
  EXPECT_THAT(Words(changes),
              Contains("all.executed -12.34 元 → in all 0.00 元"));
  ASSERT_TRUE(target_.has_value());
  EXPECT_THAT(EventWords(entries_.back(), target_, Language::kChinese),
              HasSubstr("冲销 -12.34 元"));
}

TEST_F(ReportFolderTest, WhatIsOfAnotherReportDoesNothing) {
  auto entries = testing::Entries({});
  ReportFolder folder(
      *ResourceName::Parse("ledgers/430203/departments/9/reports/2024"),
      [](const v1::EventIdentity&) { return std::optional<v1::Entry>(); });
  for (const v1::Entry& entry : entries) {
    const auto told = folder.Explain(entry);
    ASSERT_TRUE(told.ok());
    EXPECT_THAT(*told, IsEmpty());
  }
}

TEST_F(ReportFolderTest, AReversalOfNothingIsDamage) {
  const auto entries =
      testing::Entries({testing::Spent("03-01", "general.basic", 1'234),
                        testing::Reversed("04-01", "#5")});
  ReportFolder folder(
      *ResourceName::Parse(testing::kReportName),
      [](const v1::EventIdentity&) { return std::optional<v1::Entry>(); });
  absl::Status status;
  for (const v1::Entry& entry : entries) status.Update(folder.Apply(entry));
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
}

TEST_F(ReportFolderTest, WordsNameKindAmountLineAndWhoSaysSo) {
  Last({testing::Spent("03-01", "general.basic", 1'234)});
  const std::string words =
      EventWords(entries_.back(), target_, Language::kChinese);
  EXPECT_THAT(words, StartsWith("#5 2024-03-01 支出 12.34 元"));
  EXPECT_THAT(words, HasSubstr("一般公共预算"));
  EXPECT_THAT(words, HasSubstr("book/"));
  EXPECT_THAT(EventWords(entries_.back(), target_, Language::kEnglish),
              StartsWith("#5 2024-03-01 expenditure recorded 12.34 yuan"));
}

}  // namespace
}  // namespace daybook::cli
