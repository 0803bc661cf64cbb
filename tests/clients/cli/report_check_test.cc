// Whether a printed report follows from a log: one that was printed does, one
// in which anything was changed does not and says what, and where the log can
// not settle it nothing is claimed.

#include "clients/cli/report_check.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/json.h"
#include "clients/cli/report_html.h"
#include "clients/cli/report_xlsx.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/printed_log.h"
#include "tests/clients/printed_story.h"
#include "tests/support/memory_ledger.h"
#include "tests/support/temporary_directory.h"

namespace daybook::cli {
namespace {

using ::daybook::testing::Facts;
using ::daybook::testing::PrintedFacts;
using ::daybook::testing::PrintedLog;
using ::daybook::testing::PrintedStory;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using Answer = ReportVerdict::Answer;

class ReportCheckTest : public ::testing::Test {
 protected:
  // Files that hold these texts, as `report show` would write them.
  absl::StatusOr<PrintedFile> Read(const std::string& bytes) {
    const std::string path = (folder_.path() / "file").string();
    std::ofstream(path, std::ios::binary) << bytes;
    return ReadReportFile(path);
  }

  std::string Xlsx(const PrintedSheets& sheets) {
    const std::string path = (folder_.path() / "report.xlsx").string();
    EXPECT_TRUE(WriteReportXlsx(sheets, path).ok());
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // The report in each format, after `change` was made to what is printed.
  std::vector<std::string> Prints(
      const v1::Report& report,
      const std::function<void(PrintedSheets&)>& change,
      const std::function<void(v1::Report&)>& change_json) {
    PrintedSheets sheets = FileSheets(report, MoneyUnit::kWanYuan);
    change(sheets);
    v1::Report json = report;
    change_json(json);
    return {FormatReportHtml(sheets), Xlsx(sheets), ToJsonText(json)};
  }

  ReportVerdict Check(const std::string& bytes) {
    const absl::StatusOr<PrintedFile> file = Read(bytes);
    EXPECT_TRUE(file.ok()) << file.status();
    if (!file.ok()) return {};
    const auto verdict = CheckReport(*file, log_, key_);
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    return verdict.ok() ? *verdict : ReportVerdict();
  }

  testing::TemporaryDirectory folder_;
  PrintedLog log_{PrintedStory()};
  std::optional<checkpoint::VerifierKey> key_ = PrintedLog::Key();
};

void Nothing(PrintedSheets&) {}
void NothingJson(v1::Report&) {}

// Sets the text of each cell that shows the figure.
std::function<void(PrintedSheets&)> Setting(const std::string& figure,
                                            const std::string& text) {
  return [=](PrintedSheets& sheets) {
    int cells = 0;
    for (PrintedSheet& sheet : sheets) {
      for (PrintedRow& row : sheet.rows) {
        for (PrintedCell& cell : row.cells) {
          if (cell.figure != figure) continue;
          cell.text = text;
          ++cells;
        }
      }
    }
    EXPECT_GT(cells, 0) << figure;
  };
}

TEST_F(ReportCheckTest, WhatWasPrintedFollows) {
  for (const std::string& print : Prints(log_.Report(), Nothing, NothingJson)) {
    const ReportVerdict verdict = Check(print);
    EXPECT_EQ(verdict.answer, Answer::kFollows) << verdict.reason;
    EXPECT_EQ(verdict.differences.total, 0u);
  }
}

// The published report of the example.
TEST_F(ReportCheckTest, TheRealDocumentFollowsAndItsSlipsDoNot) {
  daybook::testing::MemoryLedger ledger("ledgers/430203");
  for (const char* const source : {"budget-office", "accounting"}) {
    for (const v1::EventInput& input : daybook::testing::ReadInputs(
             absl::StrCat("examples/lusong-2024/", source, ".jsonl"))) {
      ASSERT_TRUE(ledger.Append(source, input).empty());
    }
  }
  log_ = PrintedLog(ledger.entries());
  for (const std::string& print : Prints(log_.Report(), Nothing, NothingJson)) {
    const ReportVerdict verdict = Check(print);
    EXPECT_EQ(verdict.answer, Answer::kFollows) << verdict.reason;
  }
  // One page quotes another amount, one cell has two decimal points.
  PrintedSheets sheets = FileSheets(log_.Report(), MoneyUnit::kWanYuan);
  Setting("all.executed", "706.53")(sheets);
  Setting("three_public.executed", "201.5.5")(sheets);
  for (const std::string& print : {FormatReportHtml(sheets), Xlsx(sheets)}) {
    const ReportVerdict verdict = Check(print);
    EXPECT_EQ(verdict.answer, Answer::kDoesNotFollow);
    std::vector<std::string> explained;
    for (const FigureEvents& events : verdict.events) {
      explained.push_back(events.figure);
      EXPECT_EQ(events.rows.size(), std::min(events.total, figure_events_max));
    }
    EXPECT_THAT(explained,
                ElementsAre("all.executed", "three_public.executed"));
    EXPECT_GE(verdict.events[0].total, 390u);
  }
}

TEST_F(ReportCheckTest, SoItDoesInYuanAsOfAnyDayAndOfAnEarlierSize) {
  const v1::Report report = log_.Report(daybook::testing::kPrintedReport,
                                        absl::CivilDay(2024, 6, 30));
  EXPECT_TRUE(report.interim());
  EXPECT_EQ(
      Check(FormatReportHtml(FileSheets(report, MoneyUnit::kYuan))).answer,
      Answer::kFollows);
  // Before the reversal, in a log that went on.
  log_ = PrintedLog(PrintedStory(), 13);
  EXPECT_EQ(Check(ToJsonText(log_.Report())).answer, Answer::kFollows);
}

TEST_F(ReportCheckTest, AJsonFileMayBeLaidOutAnew) {
  EXPECT_EQ(Check(ToJsonText(log_.Report())).answer, Answer::kFollows);
  const std::string one_line =
      absl::StrReplaceAll(ToJsonText(log_.Report()), {{"\n ", "\n\t\r"}});
  EXPECT_EQ(Check(one_line).answer, Answer::kFollows);
}

TEST_F(ReportCheckTest, AChangedFigureIsNamedWithTheEventsThatMakeIt) {
  const std::string figure = "general.project[road].executed";
  const auto change_json = [&](v1::Report& report) {
    for (v1::Figure& each : *report.mutable_figures()) {
      if (each.path() == figure)
        each.mutable_value()->set_amount_fen(30'000'000);
    }
  };
  for (const std::string& print :
       Prints(log_.Report(), Setting(figure, "30.00"), change_json)) {
    const ReportVerdict verdict = Check(print);
    EXPECT_EQ(verdict.answer, Answer::kDoesNotFollow);
    EXPECT_THAT(
        verdict.differences.first,
        Contains(AllOf(Field(&PrintedDifference::figure, figure),
                       Field(&PrintedDifference::printed, HasSubstr("30")),
                       Field(&PrintedDifference::expected, HasSubstr("20")))));
    ASSERT_EQ(verdict.events.size(), 1u);
    EXPECT_EQ(verdict.events[0].figure, figure);
    // Two vouchers, and the reversal of one.
    std::vector<int64_t> amounts;
    for (const v1::EventRow& row : verdict.events[0].rows) {
      amounts.push_back(row.amount_fen());
    }
    EXPECT_THAT(amounts, ElementsAre(123'45, 200'000'00, -123'45));
  }
}

TEST_F(ReportCheckTest, EveryCoordinateIsHeldAgainstTheLog) {
  const struct {
    const char* field;
    const char* text;
    std::function<void(v1::Report&)> json;
  } cases[] = {
      {"as_of", "2024-11-30",
       [](v1::Report& r) {
         r.mutable_as_of()->set_month(11);
         r.mutable_as_of()->set_day(30);
       }},
      {"size", "22", [](v1::Report& r) { r.set_size(22); }},
      {"policy", "other@1", [](v1::Report& r) { r.set_policy("other@1"); }},
      {"recorded_time_us", "5",
       [](v1::Report& r) { r.set_recorded_time_us(5); }},
      {"origin", "example.gov/other",
       [](v1::Report& r) {
         r.mutable_evidence()->set_origin("example.gov/other");
       }},
      {"root",
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
       [](v1::Report& r) {
         r.mutable_evidence()->set_root(std::string(32, '\xaa'));
       }},
      {"figures_digest",
       "00000000000000000000000000000000000000000000000000000000000000aa",
       [](v1::Report& r) {
         r.mutable_evidence()->set_figures_digest(std::string(32, '\1'));
       }},
      {"name", "ledgers/430203/departments/115001/reports/2025",
       [](v1::Report& r) {
         r.set_name("ledgers/430203/departments/115001/reports/2025");
       }},
  };
  for (const auto& change : cases) {
    SCOPED_TRACE(change.field);
    for (const std::string& print :
         Prints(log_.Report(),
                Setting(absl::StrCat("evidence.", change.field), change.text),
                change.json)) {
      const ReportVerdict verdict = Check(print);
      EXPECT_EQ(verdict.answer, Answer::kDoesNotFollow) << verdict.reason;
      EXPECT_TRUE(verdict.differences.total > 0 || !verdict.reason.empty());
    }
  }
}

TEST_F(ReportCheckTest, WordsTextAndRowsAreHeldAgainstItToo) {
  const auto differing =
      [&](const std::function<void(PrintedSheets&)>& change) {
        std::vector<std::string> figures;
        for (const std::string& print : Prints(
                 log_.Report(), change,
                 [](v1::Report& r) { r.mutable_figures(0)->set_label("x"); })) {
          const ReportVerdict verdict = Check(print);
          EXPECT_EQ(verdict.answer, Answer::kDoesNotFollow);
          figures.push_back(verdict.differences.first.empty()
                                ? ""
                                : verdict.differences.first[0].figure);
        }
        EXPECT_EQ(figures[0], figures[1]);
        return figures[0];
      };
  EXPECT_EQ(differing(Setting("section[summary]", "另一段")),
            "section[summary]");
  EXPECT_EQ(differing(Setting("three_public.reception.executed", "——")),
            "three_public.reception.executed");
  EXPECT_EQ(differing(Setting("three_public.reception.executed", "")),
            "three_public.reception.executed");
  EXPECT_EQ(differing(Setting("indicator[output.people].target", "≥120")),
            "indicator[output.people].target");
  EXPECT_EQ(differing([](PrintedSheets& sheets) {
              sheets[1].rows[1].cells[0].text = "一级";
            }),
            "");
  EXPECT_EQ(differing([](PrintedSheets& sheets) {
              // The last of all figures.
              sheets[3].rows.pop_back();
            }),
            log_.Report().figures().rbegin()->path());
  EXPECT_EQ(
      differing([](PrintedSheets& sheets) { sheets.erase(sheets.begin()); }),
      "");
}

TEST_F(ReportCheckTest, ASectionNamesTheEventThatStatesIt) {
  PrintedSheets sheets = FileSheets(log_.Report(), MoneyUnit::kWanYuan);
  Setting("section[summary]", "另一段")(sheets);
  const ReportVerdict verdict = Check(FormatReportHtml(sheets));
  ASSERT_EQ(verdict.events.size(), 1u);
  ASSERT_EQ(verdict.events[0].rows.size(), 1u);
  EXPECT_EQ(verdict.events[0].rows[0].kind(), "narrative_section_recorded");
}

TEST_F(ReportCheckTest, OfManyEventsTheFirstAreListed) {
  Facts facts = PrintedFacts();
  for (int i = 0; i < 300; ++i) {
    facts.push_back(daybook::testing::Spent("11-01", "general.basic", 100));
  }
  log_ = PrintedLog(daybook::testing::Entries(facts));
  PrintedSheets sheets = FileSheets(log_.Report(), MoneyUnit::kWanYuan);
  Setting("general.basic.executed", "1.00")(sheets);
  const ReportVerdict verdict = Check(FormatReportHtml(sheets));
  ASSERT_EQ(verdict.events.size(), 1u);
  EXPECT_EQ(verdict.events[0].total, 301u);
  EXPECT_EQ(verdict.events[0].rows.size(), figure_events_max);
}

TEST_F(ReportCheckTest, OtherVersionsCanNotBeTold) {
  for (const std::string& print :
       Prints(log_.Report(), Setting("evidence.projection_version", "99"),
              [](v1::Report& r) { r.set_projection_version(99); })) {
    const ReportVerdict verdict = Check(print);
    EXPECT_EQ(verdict.answer, Answer::kCannotTell);
    EXPECT_THAT(verdict.reason, HasSubstr("projection version 99"));
  }
  PrintedSheets sheets = FileSheets(log_.Report(), MoneyUnit::kWanYuan);
  Setting("evidence.layout", "2")(sheets);
  EXPECT_EQ(Check(FormatReportHtml(sheets)).answer, Answer::kCannotTell);
}

TEST_F(ReportCheckTest, ALogThatIsTooSmallCanNotTell) {
  v1::Report report = log_.Report();
  report.set_size(report.size() + 1);
  const ReportVerdict verdict = Check(ToJsonText(report));
  EXPECT_EQ(verdict.answer, Answer::kCannotTell);
  EXPECT_THAT(verdict.reason, HasSubstr("get a later one"));
}

TEST_F(ReportCheckTest, AnotherLogCanNotTell) {
  v1::Report report = log_.Report();
  report.mutable_evidence()->set_origin("example.gov/other");
  report.mutable_evidence()->set_root(std::string(32, 'x'));
  const ReportVerdict verdict = Check(ToJsonText(report));
  EXPECT_EQ(verdict.answer, Answer::kCannotTell);
  EXPECT_THAT(verdict.reason, HasSubstr("example.gov/other"));
}

TEST_F(ReportCheckTest, WithoutAKeyNothingFollowsAndAFalsePrintIsFound) {
  key_.reset();
  const ReportVerdict verdict = Check(ToJsonText(log_.Report()));
  EXPECT_EQ(verdict.answer, Answer::kCannotTell);
  EXPECT_THAT(verdict.reason, HasSubstr("--vkey"));
  // The print names the root of these entries, so they are what it is of.
  v1::Report report = log_.Report();
  report.mutable_figures(0)->mutable_value()->set_amount_fen(1);
  EXPECT_EQ(Check(ToJsonText(report)).answer, Answer::kDoesNotFollow);
  report = log_.Report();
  report.mutable_evidence()->set_root(std::string(32, 'x'));
  EXPECT_EQ(Check(ToJsonText(report)).answer, Answer::kCannotTell);
}

TEST_F(ReportCheckTest, AKeyThatDidNotSignCanNotTell) {
  key_ = checkpoint::MakeSigner(daybook::testing::kLogOrigin,
                                checkpoint::KeyType::kEd25519,
                                std::string(32, 'x'))
             .verifier();
  EXPECT_EQ(Check(ToJsonText(log_.Report())).answer, Answer::kCannotTell);
}

TEST_F(ReportCheckTest, AnAlteredLogCanNotTell) {
  const std::string print = ToJsonText(log_.Report());
  const auto bundle =
      std::find_if(log_.files.begin(), log_.files.end(), [](const auto& file) {
        return absl::StartsWith(file.first, "tile/entries/");
      });
  const std::string good = bundle->second;
  // A voucher of 200,000.00 becomes one of another amount.
  for (size_t i = 0; i < good.size(); i += 41) {
    bundle->second = good;
    bundle->second[i] = static_cast<char>(bundle->second[i] ^ 1);
    const ReportVerdict verdict = Check(print);
    EXPECT_EQ(verdict.answer, Answer::kCannotTell) << i;
    EXPECT_FALSE(verdict.reason.empty());
  }
  bundle->second = good.substr(0, good.size() / 2);
  EXPECT_EQ(Check(print).answer, Answer::kCannotTell);
  log_.files.erase(bundle);
  EXPECT_EQ(Check(print).answer, Answer::kCannotTell);
  log_.files.erase("checkpoint");
  EXPECT_EQ(Check(print).answer, Answer::kCannotTell);
}

// A log that gives out other entries when it is asked again.
class Turncoat final : public audit::Fetcher {
 public:
  Turncoat(PrintedLog& first, PrintedLog& then) : first_(first), then_(then) {}
  absl::StatusOr<std::string> Read(const std::string& path) override {
    return (++reads_ <= 2 ? first_ : then_).Read(path);
  }
  size_t reads_at_once() const override { return 1; }

 private:
  PrintedLog& first_;
  PrintedLog& then_;
  int reads_ = 0;
};

TEST_F(ReportCheckTest, ALogThatChangesMeanwhileCanNotTell) {
  Facts facts = PrintedFacts();
  facts[6] = daybook::testing::Spent("04-01", "general.project[road]", 5);
  PrintedLog other(daybook::testing::Entries(facts));
  Turncoat turncoat(log_, other);
  const auto file = Read(ToJsonText(log_.Report()));
  ASSERT_TRUE(file.ok());
  const auto verdict = CheckReport(*file, turncoat, key_);
  ASSERT_TRUE(verdict.ok());
  EXPECT_EQ(verdict->answer, Answer::kCannotTell);
  EXPECT_THAT(verdict->reason, HasSubstr("changed it meanwhile"));
}

TEST_F(ReportCheckTest, FilesThatAreNoPrintsAreRefused) {
  const std::string json = ToJsonText(log_.Report());
  v1::Report bare = log_.Report();
  bare.clear_evidence();
  for (const std::string& bytes :
       {std::string(), std::string("{}"), std::string("PK"), std::string("<"),
        std::string("figure,label\n"), json.substr(0, json.size() / 2),
        json + "x", ToJsonText(bare),
        // Which of the two would be meant?
        absl::StrReplaceAll(json,
                            {{"\"size\": ", "\"size\": \"1\",\n\"size\": "}}),
        absl::StrReplaceAll(json,
                            {{"\"size\": ", "\"note\": 1,\n\"size\": "}})}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Read(bytes).status()))
        << bytes.substr(0, 40);
  }
  EXPECT_TRUE(absl::IsNotFound(ReadReportFile("none").status()));
}

}  // namespace
}  // namespace daybook::cli
