#include "clients/import/mapping.h"

#include <string>

#include "daybook/v1/values.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace daybook::importer {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* smallest = R"(key { column: "凭证号" }
department { value: "115001" }
effective_date { column: "日期" }
amount { unit: YUAN column: "金额" }
fund { value: "general" }
)";

auto Refused(const auto& matcher) {
  return StatusIs(absl::StatusCode::kInvalidArgument, matcher);
}

absl::Status Parse(const std::string& text) {
  return ParseVoucherMapping(text, "m").status();
}

TEST(Mapping, TheSmallestIsEnough) { EXPECT_THAT(Parse(smallest), IsOk()); }

TEST(Mapping, TheShippedOnesAreRight) {
  for (const char* const name : {"integrated-budget", "general-ledger"}) {
    EXPECT_THAT(
        ReadVoucherMapping(std::string("examples/import/") + name + ".mapping"),
        IsOk());
  }
  EXPECT_THAT(ReadVoucherMapping("examples/import/none.mapping"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(Mapping, AnEmptyOneLacksEverythingAtOnce) {
  EXPECT_THAT(Parse(""),
              Refused(AllOf(HasSubstr("key"), HasSubstr("department"),
                            HasSubstr("effective_date"), HasSubstr("amount"),
                            HasSubstr("fund"))));
}

TEST(Mapping, SyntaxIsTold) {
  EXPECT_THAT(Parse(std::string(smallest) + "fond { }"),
              Refused(AllOf(HasSubstr("m:6: "), HasSubstr("fond"))));
  EXPECT_THAT(Parse("key {"), Refused(HasSubstr("m:1: ")));
}

TEST(Mapping, ProblemsHaveTheLineOfTheirField) {
  EXPECT_THAT(
      Parse(std::string(smallest) + R"(nature {
  column: "类别"
  translate { from: "人员" to: "personel" }
}
keep { column: "期间" range { from: 12 to: 1 } }
drop { equals: "x" }
deleted { column: "x" }
table { delimiter: ";;" encoding: "GBK" }
updated { column: "时间" format: "%Q" }
document_date { column: "日" format: "%Y-%m" }
project { column: "项目" listed_only: true }
unit { }
ledger: "a b"
)"),
      Refused(AllOf(HasSubstr("m:8: nature 'personel': use one of basic, "
                              "personnel, operating, project"),
                    HasSubstr("m:10: keep: the range"),
                    HasSubstr("m:11: drop: names no column"),
                    HasSubstr("m:12: deleted: says nothing"),
                    HasSubstr("m:13: delimiter"),
                    HasSubstr("m:13: encoding 'GBK'"),
                    HasSubstr("m:14: updated format '%Q'"),
                    HasSubstr("m:15: document_date format '%Y-%m'"),
                    HasSubstr("m:16: project: listed_only"),
                    HasSubstr("m:17: unit: has no column"),
                    HasSubstr("m:18: ledger 'a b'"))));
}

TEST(Mapping, AnAmountIsOneColumnOrTwoSides) {
  const std::string others = R"(key { column: "k" }
department { value: "1" }
effective_date { column: "d" }
fund { value: "general" }
)";
  const auto amount = [&](const std::string& rule) {
    return Parse(others + "amount { unit: YUAN " + rule + " }");
  };
  EXPECT_THAT(amount("column: 'a'"), IsOk());
  EXPECT_THAT(amount("debit: 'd' credit: 'c' spending_side: CREDIT"), IsOk());
  EXPECT_THAT(amount("column: 'a' negative { column: 'b' equals: '贷' }"),
              IsOk());
  EXPECT_THAT(amount(""), Refused(HasSubstr("m:5: amount")));
  EXPECT_THAT(amount("debit: 'd'"), Refused(HasSubstr("either")));
  EXPECT_THAT(amount("column: 'a' debit: 'd' credit: 'c'"),
              Refused(HasSubstr("either")));
  EXPECT_THAT(amount("column: 'a' spending_side: DEBIT"),
              Refused(HasSubstr("spending_side")));
  EXPECT_THAT(
      amount("debit: 'd' credit: 'c' negative { column: 'b' equals: '贷' }"),
      Refused(HasSubstr("negative")));
  EXPECT_THAT(
      Parse(others + "amount { column: 'a' }"),
      Refused(AllOf(HasSubstr("never guessed"), Not(HasSubstr("either")))));
}

TEST(Mapping, WordsAreThoseOfTheProtos) {
  EXPECT_EQ(NumberOf(Vocabulary::kFund, "government_fund"),
            v1::FUND_GOVERNMENT_FUND);
  EXPECT_EQ(NumberOf(Vocabulary::kFund, "unspecified"), -1);
  EXPECT_EQ(NumberOf(Vocabulary::kFund, ""), -1);
  EXPECT_EQ(NumberOf(Vocabulary::kYesNo, "no"), 0);
  EXPECT_EQ(NumberOf(Vocabulary::kYesNo, "maybe"), -1);
}

}  // namespace
}  // namespace daybook::importer
