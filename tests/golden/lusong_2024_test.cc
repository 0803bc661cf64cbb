// The published 2024 report of one department, rebuilt from the example's
// events: every figure and every row of the score sheet, in one process.
//
// The expected values are those of the document, in tests/golden/lusong_2024/.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/admission/references.h"
#include "core/budget/code_list.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figure_text.h"
#include "core/report/report_view.h"
#include "tests/support/memory_ledger.h"

namespace daybook {
namespace {

using testing::MemoryLedger;
using testing::ReadInputs;

constexpr const char* ledger_name = "ledgers/430203";
constexpr const char* report_name =
    "ledgers/430203/departments/115001/reports/2024";
constexpr const char* examples = "examples/lusong-2024/";
constexpr const char* expected = "tests/golden/lusong_2024/";

// Rows of a CSV file without quoting, by the names in its first row.
std::vector<std::map<std::string, std::string>> ReadCsv(
    const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  const auto split = [](const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else {
        cells.back().push_back(c);
      }
    }
    return cells;
  };
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = split(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = split(line);
    EXPECT_EQ(cells.size(), names.size()) << line;
    auto& row = rows.emplace_back();
    for (size_t i = 0; i < cells.size(); ++i) row[names[i]] = cells[i];
  }
  return rows;
}

void AppendAll(const std::string& source, MemoryLedger& ledger) {
  for (const v1::EventInput& input : ReadInputs(examples + source + ".jsonl")) {
    for (const v1::Problem& problem : ledger.Append(source, input)) {
      ADD_FAILURE() << input.event().event_id() << ": "
                    << problem.ShortDebugString();
    }
  }
}

class LusongTest : public ::testing::Test {
 protected:
  LusongTest() : ledger_(ledger_name) {
    AppendAll("budget-office", ledger_);
    AppendAll("accounting", ledger_);
  }

  v1::Report ReportOn(const char* day) {
    const ReportState* report = ledger_.state().FindReport(report_name);
    EXPECT_NE(report, nullptr);
    return BuildReport(ledger_.state(), *report, *ParseDay(day));
  }

  MemoryLedger ledger_;
};

struct ValueAndUnit {
  std::string value;
  std::string unit;
  friend bool operator==(const ValueAndUnit&, const ValueAndUnit&) = default;
  friend std::ostream& operator<<(std::ostream& out, const ValueAndUnit& v) {
    return out << "'" << v.value << "' " << v.unit;
  }
};

std::map<std::string, ValueAndUnit> FiguresOf(const v1::Report& report) {
  std::map<std::string, ValueAndUnit> figures;
  for (const v1::Figure& figure : report.figures()) {
    const bool fresh =
        figures
            .try_emplace(
                figure.path(),
                ValueAndUnit{FormatFigureValue(figure.value()), figure.unit()})
            .second;
    EXPECT_TRUE(fresh) << figure.path() << " stands twice";
  }
  return figures;
}

TEST_F(LusongTest, EveryFigureOfTheDocumentIsRebuilt) {
  const auto figures = FiguresOf(ReportOn("2024-12-31"));
  const auto rows = ReadCsv(std::string(expected) + "figures.csv");
  ASSERT_EQ(rows.size(), 96u);
  for (const auto& row : rows) {
    const std::string& path = row.at("figure");
    ASSERT_TRUE(figures.contains(path)) << path;
    EXPECT_EQ(figures.at(path), (ValueAndUnit{row.at("value"), row.at("unit")}))
        << path;
  }
}

std::string OperatorSign(v1::IndicatorSet::Operator op) {
  switch (op) {
    case v1::IndicatorSet::OPERATOR_AT_LEAST:
      return ">=";
    case v1::IndicatorSet::OPERATOR_AT_MOST:
      return "<=";
    case v1::IndicatorSet::OPERATOR_QUALITATIVE:
      return "qualitative";
    case v1::IndicatorSet::OPERATOR_NOT_APPLICABLE:
      return "none";
    default:
      return "another operator";
  }
}

// Scores print with two decimals; the document prints whole numbers.
std::string WithoutZeros(const v1::FigureValue& value) {
  std::string text = FormatFigureValue(value);
  if (text.size() > 3 && text.substr(text.size() - 3) == ".00") {
    text.resize(text.size() - 3);
  }
  return text;
}

TEST_F(LusongTest, TheScoreSheetIsThatOfTheDocument) {
  const v1::Report report = ReportOn("2024-12-31");
  const auto rows = ReadCsv(std::string(expected) + "indicators.csv");
  ASSERT_EQ(static_cast<size_t>(report.indicators_size()), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const v1::IndicatorRow& row = report.indicators(static_cast<int>(i));
    const std::map<std::string, std::string> actual = {
        {"id", row.indicator()},
        {"level1", row.level1()},
        {"level2", row.level2()},
        {"level3", row.name()},
        {"operator", OperatorSign(row.operator_())},
        {"printed_operator", row.printed_operator()},
        {"target", FormatFigureValue(row.target())},
        {"actual", FormatFigureValue(row.actual())},
        {"unit", row.unit()},
        {"weight", FormatFigureValue(row.weight())},
        {"declared_score", WithoutZeros(row.declared_score())},
        {"deviation_reason", row.deviation_reason()},
    };
    EXPECT_EQ(actual, rows[i]) << row.indicator();
  }
}

TEST_F(LusongTest, EveryActivityOfTheNarrativeIsAFigure) {
  const auto figures = FiguresOf(ReportOn("2024-12-31"));
  for (const auto& row : ReadCsv(std::string(expected) + "activities.csv")) {
    const std::string path = "activity[" + row.at("id") + "]";
    ASSERT_TRUE(figures.contains(path)) << path;
    EXPECT_EQ(figures.at(path), (ValueAndUnit{row.at("value"), row.at("unit")}))
        << path;
  }
}

TEST_F(LusongTest, InTheMiddleOfTheYearTheScoreIsInterimAndHasNoGrade) {
  const v1::Report report = ReportOn("2024-06-30");
  EXPECT_TRUE(report.interim());
  const auto figures = FiguresOf(report);
  EXPECT_EQ(figures.at("score.total").value, "");
  EXPECT_EQ(figures.at("score.rule.total").value, "");
  EXPECT_EQ(figures.at("score.grade").value, "");
  const auto points = [&](const char* path) {
    return std::stod(figures.at(path).value);
  };
  EXPECT_GT(points("score.earned"), 0);
  EXPECT_LE(points("score.earned"), points("score.assessable"));
  EXPECT_EQ(points("score.assessable") + points("score.pending"), 100);
  // Cost and satisfaction are assessed at the end of the year.
  EXPECT_GE(points("score.pending"), 30);
  EXPECT_EQ(figures.at("score.cost").value, "");
}

TEST_F(LusongTest, OnTheLastDayNothingIsInterim) {
  const auto figures = FiguresOf(ReportOn("2024-12-31"));
  EXPECT_EQ(figures.at("score.earned").value, "");
  EXPECT_EQ(figures.at("score.pending").value, "");
  EXPECT_EQ(figures.at("score.declared.total").value, "95.00");
}

TEST_F(LusongTest, TheTextQuotesTheLedgerAndNotLastYear) {
  std::string text;
  const v1::Report report = ReportOn("2024-12-31");
  for (const v1::NarrativeSection& section : report.sections()) {
    text += section.text();
  }
  EXPECT_THAT(text, ::testing::HasSubstr("2024年项目支出492.91万元"));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("454.02")));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("{{")));
}

TEST(Lusong2024Test, TheYearsListHasEveryCodeOfTheExample) {
  const CodeList& codes = CodeList::ForFiscalYear(2024);
  const auto known = [&](CodeList::Kind kind, const std::string& code) {
    return code.empty() || !codes.Name(kind, code).empty();
  };
  for (const char* source : {"budget-office", "accounting"}) {
    for (const v1::EventInput& input :
         ReadInputs(absl::StrCat(examples, source, ".jsonl"))) {
      const v1::Line* const found = LineOfEvent(input.event());
      if (found == nullptr) continue;
      const v1::Line& line = *found;
      EXPECT_TRUE(known(CodeList::Kind::kFunction, line.function_code()) &&
                  known(CodeList::Kind::kEconomic, line.economic_code()) &&
                  known(CodeList::Kind::kGovernmentEconomic,
                        line.government_economic_code()))
          << line.ShortDebugString();
    }
  }
}

}  // namespace
}  // namespace daybook
