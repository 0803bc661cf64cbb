#include "clients/import/sheet_scanner.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "clients/import/import_summary.h"
#include "clients/import/revisions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace daybook::importer {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SheetScannerTest : public ::testing::Test {
 protected:
  SheetScannerTest()
      : mapping_(*ParseVoucherMapping(
            "key { column: '号' } department { value: '1' } effective_date { "
            "column: '日' } fund { value: 'general' } amount { unit: YUAN "
            "debit: "
            "'借' credit: '贷' }",
            "m")),
        scanner_(mapping_, "430203") {}

  // One letter for each row: title, header, blank, subtotal, data.
  std::string Scan(const std::vector<std::string>& rows,
                   const std::string& sheet = "") {
    std::string classes;
    int64_t number = 0;
    for (const std::string& cells : rows) {
      Row row{sheet, ++number, {}};
      for (const absl::string_view text : absl::StrSplit(cells, ',')) {
        row.cells.push_back(
            {text.empty() ? Cell::Kind::kBlank : Cell::Kind::kText,
             std::string(text)});
      }
      const absl::StatusOr<RowClass> row_class = scanner_.Classify(row);
      classes += row_class.ok() ? "thbsd"[static_cast<int>(*row_class)] : 'x';
    }
    return classes;
  }

  const internal::VoucherMapping mapping_;
  SheetScanner scanner_;
};

constexpr const char* headings = "号,日,摘要,借,贷";

TEST_F(SheetScannerTest, TitlesHeadingsSumsAndNotesAreTold) {
  EXPECT_EQ(
      Scan({"某单位明细账", "", headings, "1,2024-03-05,购,5,",
            "2,2024-03-05,支付工程款合计,6,", ",,小计,11,0", ",,,,", headings,
            "3,2024-03-06,购,,1", "合计,,,11,1", "审核：某,,制表：某"}),
      "tbhddsbhdst");
  scanner_.Finish();
  EXPECT_THAT(scanner_.mismatches(), IsEmpty());
  EXPECT_TRUE(scanner_.found());
}

TEST_F(SheetScannerTest, ARowThatLacksItsKeyAndHasAnAmountIsNoNote) {
  EXPECT_EQ(Scan({headings, ",2024-03-05,购,5,", ",2024-03-05,购,,"}), "hdt");
}

TEST_F(SheetScannerTest, EverySumIsHeldAgainstItsRows) {
  Scan({headings, "1,,,5,", ",,小计,5,0", "2,,,6,", ",,小计,7,0",
        ",,本月合计,11,0", "3,,,1,", ",,本月合计,1,0", ",,总计,13,0"});
  EXPECT_THAT(scanner_.mismatches(),
              ElementsAre(HasSubstr("row 5: states 7.00 / 0.00 元, the rows "
                                    "above sum to 6.00 / 0.00 元"),
                          HasSubstr("row 9: states 13.00 / 0.00 元, all rows "
                                    "sum to 12.00 / 0.00 元")));
  EXPECT_EQ(scanner_.mismatches_total(), 2u);
}

TEST_F(SheetScannerTest, TheYearsSumMayHoldMonthsThatTheFileLacks) {
  Scan({headings, "1,,,5,", ",,本年累计,105,0", "2,,,6,", ",,本年累计,111,0"});
  EXPECT_THAT(scanner_.mismatches(), IsEmpty());
  Scan({"3,,,1,", ",,本年累计,113,0"});
  EXPECT_THAT(scanner_.mismatches(), ElementsAre(HasSubstr("2.00")));
}

TEST_F(SheetScannerTest, AnotherAccountBeginsItsSumsAnew) {
  Scan({headings, ",,期初余额,,", "1,,,5,", ",,合计,5,0", ",,期初余额,,",
        "2,,,6,", ",,合计,6,0", ",,总计,11,0"});
  EXPECT_THAT(scanner_.mismatches(), IsEmpty());
}

TEST_F(SheetScannerTest, AnAmountThatCanNotBeReadMakesNoSecondWarning) {
  Scan({headings, "1,,,x,", ",,小计,5,0", "2,,,6,", ",,小计,7,0"});
  EXPECT_THAT(scanner_.mismatches(), ElementsAre(HasSubstr("row 5")));
}

TEST_F(SheetScannerTest, ASheetWithoutHeadingsSaysWhatItLacks) {
  EXPECT_EQ(Scan({"封面", "号,日,借"}, "封面"), "tt");
  EXPECT_EQ(Scan({headings, "1,,,5,"}, "明细"), "hd");
  scanner_.Finish();
  EXPECT_THAT(scanner_.without_header(),
              ElementsAre(HasSubstr("sheet 封面: the row of headings was not "
                                    "found; the nearest row lacks 贷")));
}

TEST_F(SheetScannerTest, AHeadingThatStandsTwiceIsNotGuessed) {
  EXPECT_EQ(Scan({"号,日,借,贷,借"}), "x");
}

TEST(YuanText, HasTwoDecimalsAndOneSign) {
  EXPECT_EQ(YuanText(0), "0.00");
  EXPECT_EQ(YuanText(-5), "-0.05");
  EXPECT_EQ(YuanText(123456), "1234.56");
  EXPECT_EQ(YuanText(PowerOfTen(20)), "1000000000000000000.00");
}

TEST(ImportSummary, WhatIsReadMustEndSomewhere) {
  ImportSummary summary;
  summary.Read(500);
  EXPECT_THAT(summary.Check(), StatusIs(absl::StatusCode::kDataLoss));
  summary.End(Tally::kCreated, 500);
  summary.Read(std::nullopt);
  summary.End(Tally::kTitle, std::nullopt);
  EXPECT_THAT(summary.Check(), IsOk());
  EXPECT_EQ(summary.data_rows(), 1);
  summary.Read(7);
  summary.End(Tally::kRejected, 8);
  EXPECT_THAT(summary.Check(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("5.07")));
}

TEST(Revisions, IdsGoThereAndBack) {
  EXPECT_EQ(RevisionId("a/1", 2), "a/1#2");
  EXPECT_EQ(ReversalId("a/1", 2), "a/1#2~");
  EXPECT_EQ(ParseRevisionId("a/1#12")->key, "a/1");
  EXPECT_EQ(ParseRevisionId("a/1#12")->number, 12);
  for (const char* const other :
       {"", "#1", "a", "a#", "a#0", "a#01", "a#-1", "a#1~", "a#x"}) {
    EXPECT_EQ(ParseRevisionId(other), std::nullopt) << other;
  }
}

TEST(Revisions, OnlyWhatIsStatedMakesANewOne) {
  v1::Event recorded;
  recorded.set_subject("ledgers/1");
  recorded.mutable_expenditure_recorded()->set_amount_fen(5);
  v1::Event wanted = recorded;
  recorded.set_event_id("a#1");
  recorded.mutable_correction()->set_reason("漏记");
  recorded.mutable_source_recorded_time()->set_seconds(1);
  EXPECT_TRUE(StatesTheSame(recorded, wanted));
  wanted.mutable_expenditure_recorded()->set_amount_fen(6);
  EXPECT_FALSE(StatesTheSame(recorded, wanted));
}

}  // namespace
}  // namespace daybook::importer
