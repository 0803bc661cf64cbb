#include "clients/import/voucher_table.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "clients/import/row_key.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace daybook::importer {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

Row RowOf(const std::string& cells) {
  Row row;
  for (const absl::string_view text : absl::StrSplit(cells, ',')) {
    row.cells.push_back({text.empty() ? Cell::Kind::kBlank : Cell::Kind::kText,
                         std::string(text)});
  }
  return row;
}

// A table under a mapping that may say more than the smallest.
class VoucherTableTest : public ::testing::Test {
 protected:
  Voucher Read(const std::string& headings, const std::string& cells,
               const std::string& more = "",
               const std::string& amount = "unit: YUAN column: '金额'") {
    auto mapping = ParseVoucherMapping(
        "key { column: '号' } department { value: '115001' } effective_date { "
        "column: '日' } fund { column: '资金' translate { prefix: '一般' to: "
        "'general' } } amount { " +
            amount + " } " + more,
        "m");
    EXPECT_TRUE(mapping.ok()) << mapping.status();
    mapping_ = *std::move(mapping);
    const Headings bound(RowOf("号,日,金额,资金" + headings));
    EXPECT_THAT(VoucherTable::MissingHeadings(mapping_, bound), IsEmpty());
    return VoucherTable(mapping_, bound, "430203").Read(RowOf(cells));
  }

  internal::VoucherMapping mapping_;
};

TEST_F(VoucherTableTest, ARowBecomesAnEvent) {
  const Voucher voucher = Read(
      ",功能,收款人,方式",
      "1,2024-3-5,\"5\",一般公共预算,[2081101]行政运行,甲 乙,直接",
      "function_code { column: '功能' digits_only: true } payee { column: "
      "'收款人' } payment_method { column: '方式' translate { from: '直接' to: "
      "'direct' } } procurement { value: 'yes' }");
  // The quotes are not the reader's: they are part of the cell.
  EXPECT_THAT(voucher.problems, ElementsAre(HasSubstr("金额")));
  const v1::Event& event = voucher.input.event();
  EXPECT_EQ(voucher.key, "1");
  EXPECT_EQ(event.subject(), "ledgers/430203/departments/115001/reports/2024");
  EXPECT_EQ(event.effective_date().day(), 5);
  EXPECT_EQ(event.expenditure_recorded().line().fund(), v1::FUND_GENERAL);
  EXPECT_EQ(event.expenditure_recorded().line().function_code(), "2081101");
  EXPECT_EQ(event.expenditure_recorded().payment_method(),
            v1::ExpenditureRecorded::PAYMENT_METHOD_DIRECT);
  EXPECT_TRUE(event.expenditure_recorded().procurement());
  EXPECT_EQ(voucher.input.personal_data().payee(), "甲 乙");
}

TEST_F(VoucherTableTest, AllProblemsAreToldAtOnce) {
  const Voucher voucher =
      Read(",类别", ",2024-02-30,x,特别,人员",
           "nature { column: '类别' translate { from: '人员经费' to: "
           "'personnel' } }");
  EXPECT_THAT(voucher.problems, SizeIs(5));
  EXPECT_THAT(voucher.problems,
              ElementsAre(HasSubstr("effective_date"), HasSubstr("fund '特别'"),
                          AllOf(HasSubstr("nature '人员'"),
                                HasSubstr("translate { from: \"人员\"")),
                          HasSubstr("key"), HasSubstr("金额 'x'")));
}

TEST_F(VoucherTableTest, FiltersLeaveRowsOutBeforeTheyAreRead) {
  const std::string filter =
      "keep { column: '科目' prefix: '7' } keep { column: '期间' range { from: "
      "1 "
      "to: 12 } } drop { column: '状态' blank: true equals: '作废' }";
  const auto filtered = [&](const std::string& cells) {
    return Read(",科目,期间,状态", "1,不是日期,5,一般," + cells, filter)
        .filtered;
  };
  EXPECT_FALSE(filtered("7101,12,有效"));
  EXPECT_TRUE(filtered("5101,12,有效"));
  EXPECT_TRUE(filtered("7101,13,有效"));
  EXPECT_TRUE(filtered("7101,,有效"));
  EXPECT_TRUE(filtered("7101,12,作废"));
  EXPECT_TRUE(filtered("7101,12,"));
  EXPECT_FALSE(filtered("７１０１,１,有效"));
}

TEST_F(VoucherTableTest, SidesAndSignsMakeSpendingPositive) {
  const std::string debit = "unit: YUAN debit: '借' credit: '贷'";
  const auto amount = [&](const std::string& cells, const std::string& rule) {
    return Read(",借,贷,方向", "1,2024-03-05,7,一般," + cells, "", rule)
        .amount_fen;
  };
  EXPECT_THAT(amount("5,2,", debit), Optional(300));
  EXPECT_THAT(amount(",2,", debit), Optional(-200));
  EXPECT_THAT(amount("5,2,", debit + " spending_side: CREDIT"), Optional(-300));
  const std::string direction =
      "unit: YUAN column: '金额' negative { column: '方向' equals: '贷' }";
  EXPECT_THAT(amount(",,借", direction), Optional(700));
  EXPECT_THAT(amount(",,贷", direction), Optional(-700));
}

TEST_F(VoucherTableTest, ZeroBlankAndMarkedRowsStateNothing) {
  const std::string mark = "deleted { column: '删' equals: '1' }";
  EXPECT_TRUE(Read(",删", "1,2024-03-05,0,一般,0", mark).deleted);
  EXPECT_TRUE(Read(",删", "1,2024-03-05,,一般,0", mark).deleted);
  EXPECT_FALSE(Read(",删", "1,2024-03-05,0.01,一般,0", mark).deleted);
  // What else is in a deleted row does not matter.
  const Voucher deleted = Read(",删", "1,x,y,z,1", mark);
  EXPECT_TRUE(deleted.deleted);
  EXPECT_THAT(deleted.problems, IsEmpty());
}

TEST_F(VoucherTableTest, TheFirstDayThatIsFilledInCounts) {
  const auto day = [&](const std::string& cells) {
    auto mapping = ParseVoucherMapping(
        "key { column: '号' } department { value: '1' } effective_date { "
        "column: '清算' column: '支付' } fund { value: 'general' } amount { "
        "unit: YUAN column: '金额' }",
        "m");
    mapping_ = *std::move(mapping);
    return VoucherTable(mapping_, Headings(RowOf("号,金额,支付,清算")), "4")
        .Read(RowOf(cells))
        .input.event()
        .effective_date()
        .day();
  };
  EXPECT_EQ(day("1,5,2024-03-05,2024-03-07"), 7);
  EXPECT_EQ(day("1,5,2024-03-05,"), 5);
}

TEST(VoucherTable, HeadingsAreOptionalOrMissing) {
  const auto mapping = ParseVoucherMapping(
      "key { column: '凭证号' column: '号' } department { value: '1' } "
      "effective_date { column: '日' } fund { value: 'general' } amount { "
      "unit: "
      "YUAN column: '金额' } payee { column: '收款人' optional: true }",
      "m");
  ASSERT_TRUE(mapping.ok());
  EXPECT_THAT(
      VoucherTable::MissingHeadings(*mapping, Headings(RowOf("号, 日 ,金 额"))),
      IsEmpty());
  EXPECT_THAT(VoucherTable::MissingHeadings(*mapping, Headings(RowOf("日"))),
              ElementsAre("凭证号/号", "金额"));
  EXPECT_THAT(
      VoucherTable::AmbiguousHeadings(*mapping, Headings(RowOf("号,日,日"))),
      ElementsAre("日"));
}

TEST(RowKey, PartsStayApartAndFit) {
  EXPECT_EQ(KeyOf({"001", "2024", "记", "3"}), "001/2024/记/3");
  EXPECT_NE(KeyOf({"a", "b/c"}), KeyOf({"a/b", "c"}));
  EXPECT_NE(KeyOf({"a/b"}), KeyOf({"a", "b"}));
  EXPECT_NE(KeyOf({"a#1"}), "a#1");
  EXPECT_NE(KeyOf({"a~"}), "a~");
  const std::string longest(key_bytes_max, 'x');
  EXPECT_EQ(KeyOf({longest}), longest);
  EXPECT_LE(KeyOf({longest + "x"}).size(), key_bytes_max);
  EXPECT_NE(KeyOf({longest + "x"}), KeyOf({longest + "y"}));
  EXPECT_EQ(KeyOf({longest + "x"}), KeyOf({longest + "x"}));
}

}  // namespace
}  // namespace daybook::importer
