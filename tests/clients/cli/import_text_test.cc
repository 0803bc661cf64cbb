#include "clients/cli/import_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::cli {
namespace {

using importer::ImportEffect;
using importer::ImportSummary;
using importer::Tally;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ImportSummaryText, EndsWithTheSumAndLeavesOutWhatIsNot) {
  ImportSummary summary;
  summary.Read(std::nullopt);
  summary.End(Tally::kHeader, std::nullopt);
  summary.Read(12345);
  summary.End(Tally::kCreated, 12345);
  EXPECT_EQ(ImportSummaryText(summary, false),
            "行      行数  金额(元)\n"
            "------  ----  --------\n"
            "表头       1\n"
            "新记录     1    123.45\n"
            "------  ----  --------\n"
            "读入       2    123.45\n");
  EXPECT_THAT(ImportSummaryText(summary, true), HasSubstr("将新记录"));
}

TEST(ImportEffectText, ShowsFiguresNowAndAfterwardsWhereTheyAreKnown) {
  v1::Event event;
  event.set_subject("ledgers/1/departments/2/reports/2024");
  event.mutable_expenditure_recorded()->set_amount_fen(500);
  event.mutable_expenditure_recorded()->mutable_line()->set_fund(
      v1::FUND_GENERAL);
  ImportEffect effect;
  effect.Add(event, 1);
  effect.CountRow(event.subject());
  event.mutable_expenditure_recorded()->set_amount_fen(200);
  effect.Add(event, -1);
  EXPECT_THAT(ImportEffectText(effect, {}), HasSubstr("1 行，+3.00 元"));
  EXPECT_THAT(ImportEffectText(effect, {}), Not(HasSubstr("executed")));
  const std::string text =
      ImportEffectText(effect, {{event.subject(), {{"all.executed", 1000}}}});
  EXPECT_THAT(text,
              HasSubstr("all.executed         10.00     +3.00     13.00"));
  EXPECT_THAT(text,
              HasSubstr("general.executed               +3.00      3.00"));
}

}  // namespace
}  // namespace daybook::cli
