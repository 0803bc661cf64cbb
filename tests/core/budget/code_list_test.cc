// CodeList: names by year, and lists that are wrong.

#include "core/budget/code_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/status_matchers.h"

namespace daybook {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using Kind = CodeList::Kind;

TEST(CodeListTest, KnowsFundsNaturesFunctionsAndEconomicCodes) {
  const CodeList& list = CodeList::ForFiscalYear(2024);
  EXPECT_EQ(list.Name(Kind::kFund, "government_fund"), "政府性基金预算");
  EXPECT_EQ(list.Name(Kind::kNature, "operating"), "公用经费");
  EXPECT_EQ(list.Name(Kind::kFunction, "2081105"), "残疾人就业");
  EXPECT_EQ(list.Name(Kind::kEconomic, "30217"), "公务接待费");
  EXPECT_EQ(list.Name(Kind::kGovernmentEconomic, "50206"), "公务接待费");
}

TEST(CodeListTest, HasTheFourCodesOfTheThreePublicExpenses) {
  const CodeList& list = CodeList::ForFiscalYear(2024);
  for (const char* code : {"30212", "30217", "30231", "31013"}) {
    EXPECT_NE(list.Name(Kind::kEconomic, code), "") << code;
  }
}

TEST(CodeListTest, ACodeThatItLacksHasNoName) {
  const CodeList& list = CodeList::ForFiscalYear(2024);
  EXPECT_EQ(list.Name(Kind::kEconomic, "39999"), "");
  // A code of one kind is none of another.
  EXPECT_EQ(list.Name(Kind::kFunction, "30217"), "");
}

TEST(CodeListTest, AYearUsesTheLatestListNotAfterItOrTheEarliest) {
  const CodeList* of_2024 = &CodeList::ForFiscalYear(2024);
  EXPECT_EQ(&CodeList::ForFiscalYear(2025), of_2024);
  EXPECT_EQ(&CodeList::ForFiscalYear(2020), of_2024);
}

TEST(CodeListTest, WrongLinesAreNamed) {
  const auto refused = [](const std::string& text, const char* words) {
    EXPECT_THAT(CodeList::Parse(text).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words)))
        << text;
  };
  refused("fund,general", "line 1: 2 cells");
  refused("\nmoon,1,x", "line 2: unknown kind 'moon'");
  refused("fund,a,x\nfund,a,y", "line 2: code 'a' stands twice");
  EXPECT_TRUE(CodeList::Parse("fund,a,x\nnature,a,y").ok());
}

TEST(CodeListTest, EveryFundHasItsNameInPaths) {
  EXPECT_EQ(FundName(v1::FUND_GENERAL), "general");
  EXPECT_EQ(FundName(v1::FUND_OTHER), "other");
}

}  // namespace
}  // namespace daybook
