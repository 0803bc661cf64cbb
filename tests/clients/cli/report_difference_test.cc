// Where two sets of sheets differ: cell by cell, with rows that were put in,
// left out or moved told as that, and numbers compared as far as the format
// keeps them.

#include "clients/cli/report_difference.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PrintedRow RowOf(const std::string& label, const std::string& value) {
  return {PrintedRow::Kind::kCells,
          {{label}, {value, absl::StrCat("figure.", label), true}}};
}

PrintedSheets SheetsOf(std::vector<PrintedRow> rows) {
  return {{"s", std::move(rows)}};
}

// "figure: printed/expected", with + and - for rows that are more or less.
std::vector<std::string> Compare(const PrintedSheets& printed,
                                 const PrintedSheets& expected,
                                 CellsEqual equal = CellsEqual::kExactly) {
  std::vector<std::string> found;
  for (const PrintedDifference& difference :
       CompareSheets(printed, expected, equal).first) {
    found.push_back(absl::StrCat(difference.added     ? "+"
                                 : difference.missing ? "-"
                                                      : "",
                                 difference.row, " ", difference.figure, ": ",
                                 difference.printed, "/", difference.expected));
  }
  return found;
}

const std::vector<PrintedRow>& Rows() {
  static const auto* const rows = new std::vector<PrintedRow>{
      RowOf("a", "1"), RowOf("b", "2"), RowOf("c", "3"), RowOf("d", "4")};
  return *rows;
}

TEST(CompareSheetsTest, EqualSheetsDoNotDiffer) {
  EXPECT_THAT(Compare(SheetsOf(Rows()), SheetsOf(Rows())), IsEmpty());
}

TEST(CompareSheetsTest, AChangedCellNamesItsFigure) {
  auto rows = Rows();
  rows[1].cells[1].text = "7";
  EXPECT_THAT(Compare(SheetsOf(rows), SheetsOf(Rows())),
              ElementsAre("2 figure.b: 7/2"));
  rows = Rows();
  rows[3].cells[0].text = "D";
  EXPECT_THAT(Compare(SheetsOf(rows), SheetsOf(Rows())),
              ElementsAre("4 figure.d: D/d"));
}

TEST(CompareSheetsTest, ARowLeftOutOrPutInIsTheOnlyDifference) {
  auto less = Rows();
  less.erase(less.begin() + 1);
  EXPECT_THAT(Compare(SheetsOf(less), SheetsOf(Rows())),
              ElementsAre("-2 figure.b: /b | 2"));
  EXPECT_THAT(Compare(SheetsOf(Rows()), SheetsOf(less)),
              ElementsAre("+2 figure.b: b | 2/"));
  less = Rows();
  less.pop_back();
  EXPECT_THAT(Compare(SheetsOf(less), SheetsOf(Rows())),
              ElementsAre("-4 figure.d: /d | 4"));
  EXPECT_THAT(Compare(SheetsOf({}), SheetsOf({RowOf("a", "1")})),
              ElementsAre("-1 figure.a: /a | 1"));
}

TEST(CompareSheetsTest, RowsThatChangedPlacesDiffer) {
  auto rows = Rows();
  std::swap(rows[0], rows[1]);
  EXPECT_FALSE(Compare(SheetsOf(rows), SheetsOf(Rows())).empty());
}

TEST(CompareSheetsTest, TheRightTextUnderAnotherFigureDiffers) {
  auto rows = Rows();
  rows[0].cells[1].figure = "figure.b";
  EXPECT_THAT(Compare(SheetsOf(rows), SheetsOf(Rows())),
              ElementsAre("1 figure.a: 1（标为 figure.b）/1"));
  rows = Rows();
  rows[0].kind = PrintedRow::Kind::kHeader;
  EXPECT_THAT(Compare(SheetsOf(rows), SheetsOf(Rows())),
              ElementsAre("1 figure.a: a | 1（版式不同）/a | 1"));
}

TEST(CompareSheetsTest, ByValueNumbersMayLoseZerosAndNothingElse) {
  const auto differs = [](PrintedCell printed, PrintedCell expected) {
    const auto sheets = [](PrintedCell cell) {
      return SheetsOf({{PrintedRow::Kind::kCells, {std::move(cell)}}});
    };
    return !Compare(sheets(std::move(printed)), sheets(std::move(expected)),
                    CellsEqual::kByValue)
                .empty();
  };
  EXPECT_FALSE(differs({"1.5", "", true}, {"1.50", "f", true}));
  EXPECT_FALSE(differs({"无", "", false}, {"无", "f", true}));
  EXPECT_TRUE(differs({"1.5", "", true}, {"1.51", "f", true}));
  // Texts are compared as texts, and so are words that look like numbers.
  EXPECT_TRUE(differs({"1.5", "", false}, {"1.50", "f", true}));
  EXPECT_TRUE(differs({"1.5", "", true}, {"1.50", "f", false}));
  EXPECT_TRUE(differs({"", "", false}, {"0.00", "f", true}));
  EXPECT_TRUE(differs({"0", "", true}, {"", "f", true}));
  EXPECT_TRUE(differs({"", "", false}, {"无", "f", true}));
}

TEST(CompareSheetsTest, ByValueBlankRowsAndCellsAreNone) {
  const PrintedRow blank{PrintedRow::Kind::kProse, {{"", "section[a]"}}};
  const PrintedRow none{PrintedRow::Kind::kCells, {}};
  EXPECT_THAT(
      Compare(SheetsOf({none, RowOf("a", "1")}),
              SheetsOf({blank, RowOf("a", "1"), blank}), CellsEqual::kByValue),
      IsEmpty());
}

TEST(CompareSheetsTest, SheetsMoreOrLessOrInAnotherOrderDiffer) {
  const PrintedSheet a{"a", {RowOf("a", "1")}};
  const PrintedSheet b{"b", {RowOf("b", "2")}};
  EXPECT_THAT(Compare({a}, {a, b}), ElementsAre("-0 : /b"));
  EXPECT_THAT(Compare({a, b}, {a}), ElementsAre("+0 : b/"));
  EXPECT_FALSE(Compare({b, a}, {a, b}).empty());
  EXPECT_FALSE(Compare({a, a}, {a}).empty());
  EXPECT_FALSE(Compare({}, {a}).empty());
}

TEST(CompareSheetsTest, AllAreCountedAndSomeKept) {
  std::vector<PrintedRow> rows;
  std::vector<PrintedRow> other;
  for (size_t i = 0; i < differences_max + 5; ++i) {
    rows.push_back(RowOf(absl::StrCat(i), "1"));
    other.push_back(RowOf(absl::StrCat(i), "2"));
  }
  const auto found =
      CompareSheets(SheetsOf(rows), SheetsOf(other), CellsEqual::kExactly);
  EXPECT_EQ(found.total, differences_max + 5);
  EXPECT_EQ(found.first.size(), differences_max);
}

}  // namespace
}  // namespace daybook::cli
