// EventWords: events that have no amount, and what is erased.

#include "clients/cli/event_words.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/text_proto.h"

namespace daybook::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Words(const char* text, Language language = Language::kChinese) {
  return EventWords(testing::FromText<v1::Entry>(text), std::nullopt, language);
}

TEST(EventWordsTest, AnErasureSaysWhoseWhyAndWhoApproved) {
  constexpr char erased[] = R"(
    position: 9 source: "accounting"
    event {
      event_id: "e" subject: "ledgers/1/departments/2/reports/2024"
      personal_data_erased {
        target { event_id: "v1" }
        correction { reason: "本人申请" approver: "办公室" }
      }
    })";
  EXPECT_THAT(Words(erased),
              AllOf(StartsWith("#9 删除个人信息，对应事项 accounting/v1"),
                    HasSubstr("理由 本人申请"), HasSubstr("批准 办公室"),
                    HasSubstr("accounting/e 记录于")));
  EXPECT_THAT(Words(erased, Language::kEnglish),
              AllOf(StartsWith("#9 personal data erased, of event "
                               "accounting/v1, because 本人申请"),
                    HasSubstr("; accounting/e recorded ")));
}

TEST(EventWordsTest, AdjustmentsSayWhichTheyAre) {
  EXPECT_THAT(Words(R"(
    position: 9 source: "budget"
    event {
      event_id: "e" subject: "ledgers/1/departments/2/reports/2024"
      effective_date { year: 2024 month: 4 day: 1 }
      budget_adjusted {
        line { fund: FUND_GENERAL nature: NATURE_PROJECT project: "road" }
        amount_fen: -100 kind: KIND_RECOVERY document_number: "文 1"
      }
    })"),
              StartsWith("#9 2024-04-01 预算收回 -1.00 元，一般公共预算"));
}

TEST(EventWordsTest, AGenesisNamesItsOrigin) {
  EXPECT_THAT(Words(R"(genesis { origin: "example.gov/x" })"),
              StartsWith("#0 建账 example.gov/x；记录于 "));
}

TEST(EventWordsTest, ABlankFigureIsCalledSo) {
  FigureChange change;
  change.path = "activity[x]";
  change.label = "培训";
  change.after.set_word("好");
  EXPECT_EQ(ChangeWords(change, MoneyUnit::kYuan, Language::kEnglish),
            "activity[x] blank → 好");
  EXPECT_EQ(ChangeWords(change, MoneyUnit::kYuan, Language::kChinese),
            "培训 空 → 好");
}

}  // namespace
}  // namespace daybook::cli
