// Each row's buckets against a search through all of them, for random lines and
// random rows; control facts and topic rows.

#include "core/report/row_index.h"

#include <random>
#include <string>
#include <vector>

#include "core/report/money_formula.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

using NatureRow = LineFilter::NatureRow;

constexpr int kRounds = 50;
constexpr int kBuckets = 200;
constexpr int kQuestions = 400;

class RandomRows {
 public:
  explicit RandomRows(uint32_t seed) : random_(seed) {}

  template <typename T>
  T OneOf(const std::vector<T>& choices) {
    return choices[random_() % choices.size()];
  }

  Bucket RandomBucket() {
    Bucket bucket;
    bucket.kind = static_cast<MoneyKind>(1 + random_() % 12);
    bucket.source = OneOf<std::string>({"finance", "bank"});
    v1::Line& line = bucket.line;
    line.set_fund(OneOf<v1::Fund>({v1::FUND_GENERAL, v1::FUND_OTHER}));
    line.set_nature(OneOf<v1::Nature>(
        {v1::NATURE_UNSPECIFIED, v1::NATURE_BASIC, v1::NATURE_PERSONNEL,
         v1::NATURE_OPERATING, v1::NATURE_PROJECT}));
    line.set_project(OneOf<std::string>({"", "road", "school"}));
    line.set_function_code(
        OneOf<std::string>({"", "208", "20811", "2081104", "2130101"}));
    line.set_economic_code(OneOf<std::string>({"", "302", "30201", "31013"}));
    line.set_source_row(
        OneOf<v1::SourceRow>({v1::SOURCE_ROW_UNSPECIFIED,
                              v1::SOURCE_ROW_CURRENT, v1::SOURCE_ROW_UNIT}));
    line.set_unit(OneOf<std::string>({"", "A", "B"}));
    return bucket;
  }

  LineFilter RandomFilter() {
    LineFilter lines;
    lines.fund = OneOf<v1::Fund>({v1::FUND_GENERAL, v1::FUND_OTHER});
    lines.nature = OneOf<NatureRow>(
        {NatureRow::kAny, NatureRow::kBasic, NatureRow::kPersonnel,
         NatureRow::kOperating, NatureRow::kProject});
    lines.project = OneOf<std::string>({"", "", "road"});
    lines.scope_project = OneOf<std::string>({"", "", "road", "school"});
    lines.function = OneOf<std::string>({"", "", "2", "208", "2081104"});
    lines.economic = OneOf<std::string>({"", "", "302", "30201", "309"});
    lines.source_row = OneOf<v1::SourceRow>(
        {v1::SOURCE_ROW_UNSPECIFIED, v1::SOURCE_ROW_CURRENT});
    lines.unit = OneOf<std::string>({"", "", "A"});
    return lines;
  }

  Measure RandomMeasure() {
    return static_cast<Measure>(
        random_() % (static_cast<unsigned>(Measure::kPriorRefunded) + 1));
  }

 private:
  std::mt19937 random_;
};

ReportState OpenedReport() {
  ReportState report(
      *ResourceName::Parse("ledgers/430203/departments/115001/reports/2024",
                           ResourceName::Kind::kReport));
  internal::StatedRow row;
  v1::ReportOpened& opened = *row.mutable_event()->mutable_report_opened();
  opened.add_funds(v1::FUND_GENERAL);
  opened.set_book_source("finance");
  EXPECT_TRUE(report.Apply(StatedPosting{Position(1), row}).ok());
  return report;
}

bool IsControlFact(const Bucket& bucket) {
  return (bucket.kind == MoneyKind::kExecuted ||
          bucket.kind == MoneyKind::kAdvance ||
          bucket.kind == MoneyKind::kPriorRefund) &&
         bucket.source != "finance";
}

std::vector<uint32_t> ToVector(absl::Span<const uint32_t> span) {
  return {span.begin(), span.end()};
}

TEST(RowIndexTest, AgreesWithASearchThroughAllBuckets) {
  size_t found = 0;
  for (uint32_t seed = 1; seed <= kRounds; ++seed) {
    SCOPED_TRACE(seed);
    RandomRows random(seed);
    ReportState report = OpenedReport();
    for (int i = 0; i < kBuckets; ++i) {
      report.SetMoney(random.RandomBucket(), MoneyTimeline());
    }
    RowIndex index(report);
    for (int i = 0; i < kQuestions; ++i) {
      const LineFilter lines = random.RandomFilter();
      const Measure measure = random.RandomMeasure();
      std::vector<uint32_t> expected;
      for (uint32_t b = 0; b < report.money().size(); ++b) {
        const Bucket& bucket = report.money()[b].bucket;
        if (!IsControlFact(bucket) && Counts(measure, bucket.kind) &&
            lines.Matches(bucket.line)) {
          expected.push_back(b);
        }
      }
      found += expected.size();
      ASSERT_EQ(ToVector(index.Find(lines, measure)), expected)
          << MoneyPath(lines, measure);
    }
  }
  EXPECT_GT(found, 0);
}

TEST(RowIndexTest, ATopicRowHasWhatItsCodesMatchInOpenedFunds) {
  RandomRows random(7);
  ReportState report = OpenedReport();
  for (int i = 0; i < kBuckets; ++i) {
    Bucket bucket = random.RandomBucket();
    bucket.procurement = i % 2 == 0;
    report.SetMoney(bucket, MoneyTimeline());
  }
  TopicRow codes;
  codes.economic_codes = {"30201", "310"};
  TopicRow flagged;
  flagged.procurement = true;
  RowIndex index(report);
  size_t found = 0;
  for (const TopicRow* topic : {&codes, &flagged}) {
    for (const MoneyKind kind :
         {MoneyKind::kExecuted, MoneyKind::kApprovedOfWhich}) {
      for (const std::string scope : {"", "road", "bridge"}) {
        std::vector<uint32_t> expected;
        for (uint32_t b = 0; b < report.money().size(); ++b) {
          const Bucket& bucket = report.money()[b].bucket;
          if (!IsControlFact(bucket) && bucket.kind == kind &&
              bucket.line.fund() == v1::FUND_GENERAL &&
              (scope.empty() || bucket.line.project() == scope) &&
              topic->Matches(bucket.line, bucket.procurement)) {
            expected.push_back(b);
          }
        }
        found += expected.size();
        EXPECT_EQ(ToVector(index.FindTopic(*topic, kind, scope)), expected)
            << scope;
      }
    }
  }
  EXPECT_GT(found, 0);
}

TEST(RowIndexTest, ARowWithinTheScopeOfAnotherProjectHasNoBuckets) {
  ReportState report = OpenedReport();
  Bucket bucket;
  bucket.line.set_fund(v1::FUND_GENERAL);
  bucket.line.set_nature(v1::NATURE_PROJECT);
  bucket.line.set_project("road");
  report.SetMoney(bucket, MoneyTimeline());
  RowIndex index(report);
  LineFilter lines;
  lines.fund = v1::FUND_GENERAL;
  lines.project = "road";
  lines.scope_project = "road";
  EXPECT_EQ(index.Find(lines, Measure::kApproved).size(), 1);
  lines.scope_project = "school";
  EXPECT_TRUE(index.Find(lines, Measure::kApproved).empty());
}

}  // namespace
}  // namespace daybook::testing
