#include "clients/import/cell_values.h"

#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace daybook::importer {
namespace {

using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;

CellAmount Fen(int64_t fen) { return {CellAmount::Kind::kAmount, fen}; }

absl::StatusOr<CellAmount> Yuan(absl::string_view text) {
  return ParseAmount(text, AmountUnit::kYuan);
}
absl::StatusOr<CellAmount> WanYuan(absl::string_view text) {
  return ParseAmount(text, AmountUnit::kWanYuan);
}

TEST(ParseAmount, ReadsTheWaysPeopleWrite) {
  for (const auto& [text, fen] :
       std::initializer_list<std::pair<const char*, int64_t>>{
           {"0", 0},
           {"-0.00", 0},
           {"5", 500},
           {"5.1", 510},
           {".5", 50},
           {"1234.56", 123456},
           {"1,234.56", 123456},
           {"1,234,567.8", 123456780},
           {"12 345.60", 1234560},
           {" 1234.56 ", 123456},
           {"１，２３４．５６", 123456},
           {"￥1,234.56", 123456},
           {"¥ 5", 500},
           {"-￥5", -500},
           {"￥-5", -500},
           {"－５", -500},
           {"5-", -500},
           {"(5.00)", -500},
           {"（￥5）", -500},
           {"红字5", -500},
           {"红 5", -500},
           {"+5", 500},
           {"5元", 500},
           {"5.1000", 510},
           {"1000000000000.00", 100'000'000'000'000}}) {
    EXPECT_THAT(Yuan(text), IsOkAndHolds(Fen(fen))) << text;
  }
}

TEST(ParseAmount, KnowsTheUnit) {
  EXPECT_THAT(WanYuan("1.2345"), IsOkAndHolds(Fen(1'234'500)));
  EXPECT_THAT(WanYuan("0.000001"), IsOkAndHolds(Fen(1)));
  EXPECT_THAT(WanYuan("3万元"), IsOkAndHolds(Fen(3'000'000)));
  EXPECT_THAT(WanYuan("0.0000001"), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(WanYuan("3元"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Yuan("3万元"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("万元")));
}

TEST(ParseAmount, KeepsTheFourEmptinessesApart) {
  EXPECT_THAT(Yuan(""), IsOkAndHolds(CellAmount{}));
  EXPECT_THAT(Yuan("　"), IsOkAndHolds(CellAmount{}));
  EXPECT_THAT(Yuan("0"), IsOkAndHolds(Fen(0)));
  EXPECT_THAT(Yuan("无"), IsOkAndHolds(CellAmount{CellAmount::Kind::kNone}));
  for (const char* const dash : {"——", "—", "-", "--"}) {
    EXPECT_THAT(Yuan(dash),
                IsOkAndHolds(CellAmount{CellAmount::Kind::kNotApplicable}));
  }
}

TEST(ParseAmount, RefusesWhatCanBeReadInTwoWays) {
  for (const char* const wrong :
       {"abc",   "1,23",    "12,34.5", "1,2345", ",123", "1,234 567",
        "1.2.3", "5.",      "--5",     "-(5)",   "(-5)", "红字-5",
        "1E5",   "1.5e+07", "$5",      "5美元",  "五",   "201.5.5",
        "￥￥5", "￥",      "()",      "5%",     "0x10"}) {
    EXPECT_THAT(Yuan(wrong), StatusIs(absl::StatusCode::kInvalidArgument))
        << wrong;
  }
  for (const char* const beyond : {"0.005", "1234.567", "1000000000000.01",
                                   "99999999999999999999999999999999999999"}) {
    EXPECT_THAT(Yuan(beyond), StatusIs(absl::StatusCode::kOutOfRange))
        << beyond;
  }
  EXPECT_FALSE(Yuan(std::string(1000, '9')).ok());
}

TEST(ParseAmount, RefusesCellsThatAreNoAmounts) {
  const auto parse = [](Cell cell) {
    return ParseAmount(cell, AmountUnit::kYuan);
  };
  EXPECT_THAT(parse({Cell::Kind::kNumber, "5"}), IsOkAndHolds(Fen(500)));
  EXPECT_FALSE(parse({Cell::Kind::kError, "#REF!"}).ok());
  EXPECT_FALSE(parse({Cell::Kind::kDate, "2024-03-05"}).ok());
  EXPECT_FALSE(parse({Cell::Kind::kNumber, "5", true}).ok());
}

// How a test writes `fen`: an oracle that shares nothing with the parser.
std::string Written(int64_t fen, AmountUnit unit, bool grouped, bool full) {
  const std::string decimals_all =
      absl::StrCat(std::string(24, '0'), fen < 0 ? -fen : fen);
  const size_t scale = unit == AmountUnit::kYuan ? 2 : 6;
  std::string whole = decimals_all.substr(0, decimals_all.size() - scale);
  const std::string decimals = decimals_all.substr(decimals_all.size() - scale);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  if (grouped) {
    for (size_t at = whole.size(); at > 3;) {
      at -= 3;
      whole.insert(at, ",");
    }
  }
  std::string text = absl::StrCat(whole, ".", decimals);
  if (full) {
    text = absl::StrReplaceAll(text, {{"0", "０"},
                                      {"1", "１"},
                                      {"2", "２"},
                                      {"3", "３"},
                                      {"4", "４"},
                                      {"5", "５"},
                                      {"6", "６"},
                                      {"7", "７"},
                                      {"8", "８"},
                                      {"9", "９"},
                                      {",", "，"},
                                      {".", "．"}});
  }
  return text;
}

TEST(ParseAmount, AgreesWithHowAmountsAreWritten) {
  const char* const given = std::getenv("DAYBOOK_SEED");
  const uint64_t seed =
      given != nullptr ? std::stoull(given) : std::random_device{}();
  SCOPED_TRACE(absl::StrCat("DAYBOOK_SEED=", seed));
  std::mt19937_64 random(seed);
  const std::vector<std::pair<const char*, const char*>> signs = {
      {"-", ""}, {"(", ")"},  {"（", "）"}, {"红字", ""},
      {"", "-"}, {"￥-", ""}, {"－￥", ""}, {"-", "  "}};
  for (int i = 0; i < 20'000; ++i) {
    // All magnitudes alike, and the limit.
    const int64_t bound = int64_t{1} << (random() % 47);
    int64_t fen = static_cast<int64_t>(random() % static_cast<uint64_t>(bound));
    fen = std::min<int64_t>(fen, 100'000'000'000'000);
    const bool negative = random() % 2 == 0;
    const AmountUnit unit =
        random() % 2 == 0 ? AmountUnit::kYuan : AmountUnit::kWanYuan;
    std::string text = Written(fen, unit, random() % 2 == 0, random() % 2 == 0);
    if (negative) {
      const auto& [before, behind] = signs[random() % signs.size()];
      text = absl::StrCat(before, text, behind);
    }
    ASSERT_THAT(ParseAmount(text, unit),
                IsOkAndHolds(Fen(negative ? -fen : fen)))
        << text;
  }
}

absl::StatusOr<absl::CivilDay> Day(const std::string& text,
                                   std::vector<std::string> formats = {}) {
  return ParseDay(Cell{Cell::Kind::kText, text}, formats);
}

TEST(ParseDay, ReadsTheWaysPeopleWrite) {
  const absl::CivilDay day(2024, 3, 5);
  for (const char* const text :
       {"2024-03-05", "2024-3-5", "2024/3/5", "2024.3.5", "2024年3月5日",
        "20240305", "45356", "45356.75", "2024-03-05 14:30:00",
        "2024/3/5 14:30", "2024-03-05T14:30:00.5", "2024-03-05T23:30:00+08:00",
        "２０２４－０３－０５", " 2024-03-05 "}) {
    EXPECT_THAT(Day(text), IsOkAndHolds(day)) << text;
  }
}

TEST(ParseDay, RefusesWhatIsNoDay) {
  for (const char* const text :
       {"", "2024-02-30", "2023-02-29", "20240230", "2024-13-01", "05/03/2024",
        "3月5日", "2024年3月", "abc", "123456", "1", "20240305x"}) {
    EXPECT_THAT(Day(text), StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
  EXPECT_THAT(Day("2024-02-29"), IsOkAndHolds(absl::CivilDay(2024, 2, 29)));
}

TEST(ParseDay, FollowsTheFormatsOfAMapping) {
  EXPECT_THAT(Day("05/03/2024", {"%d/%m/%Y"}),
              IsOkAndHolds(absl::CivilDay(2024, 3, 5)));
  EXPECT_THAT(
      Day("2024-03-05", {"%d/%m/%Y"}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("%d/%m/%Y")));
  EXPECT_THAT(Day("2024-03-05", {"%d/%m/%Y", "%Y-%m-%d"}),
              IsOkAndHolds(absl::CivilDay(2024, 3, 5)));
  // A workbook's own date needs none.
  EXPECT_THAT(
      ParseDay(Cell{Cell::Kind::kDate, "2024-03-05 10:00:00"}, {"%d/%m/%Y"}),
      IsOkAndHolds(absl::CivilDay(2024, 3, 5)));
}

TEST(ParseNumber, KeepsDecimals) {
  EXPECT_THAT(ParseNumber("１,234.50"), IsOkAndHolds(Decimal(123450, 2)));
  EXPECT_EQ(ParseNumber("341.50")->ToString(), "341.50");
  EXPECT_THAT(ParseNumber("-5"), IsOkAndHolds(Decimal(-5, 0)));
  EXPECT_FALSE(ParseNumber("").ok());
  EXPECT_FALSE(ParseNumber("12户").ok());
}

TEST(HeadingKey, ComparesWhatIsMeant) {
  EXPECT_EQ(HeadingKey(" 金额（元）\n"), HeadingKey("金额(元)"));
  EXPECT_EQ(HeadingKey("Pay_Amt"), HeadingKey("PAY_AMT"));
  EXPECT_EQ(HeadingKey("凭 证 号"), HeadingKey("凭证号"));
  EXPECT_NE(HeadingKey("借方"), HeadingKey("贷方"));
}

TEST(SubtotalKindOf, ReadsTheWords) {
  EXPECT_EQ(SubtotalKindOf("小　计"), SubtotalKind::kSubtotal);
  EXPECT_EQ(SubtotalKindOf("行政运行小计："), SubtotalKind::kSubtotal);
  EXPECT_EQ(SubtotalKindOf("合 计"), SubtotalKind::kTotal);
  EXPECT_EQ(SubtotalKindOf("总计"), SubtotalKind::kTotal);
  EXPECT_EQ(SubtotalKindOf("本月合计"), SubtotalKind::kMonth);
  EXPECT_EQ(SubtotalKindOf("3月份合计"), SubtotalKind::kMonth);
  EXPECT_EQ(SubtotalKindOf("本年累计"), SubtotalKind::kYear);
  EXPECT_EQ(SubtotalKindOf("期初余额"), SubtotalKind::kOpening);
  EXPECT_EQ(SubtotalKindOf("合计支付办公费"), SubtotalKind::kNone);
  EXPECT_EQ(SubtotalKindOf(""), SubtotalKind::kNone);
}

TEST(SubtotalKindOf, FindsTheCellThatSaysSo) {
  Row row;
  row.cells = {{}, {Cell::Kind::kText, "合计"}, {Cell::Kind::kNumber, "5"}};
  EXPECT_EQ(SubtotalKindOf(row), SubtotalKind::kTotal);
  EXPECT_FALSE(IsBlankRow(row));
  row.cells = {{Cell::Kind::kText, "　"}, {Cell::Kind::kNumber, "5", true}};
  EXPECT_EQ(SubtotalKindOf(row), SubtotalKind::kNone);
  EXPECT_TRUE(IsBlankRow(row));
}

}  // namespace
}  // namespace daybook::importer
