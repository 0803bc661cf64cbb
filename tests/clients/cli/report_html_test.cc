// A report as a page: what is in it, that nothing of the ledger can pass for
// markup, and that only what was written is read.

#include "clients/cli/report_html.h"

#include <string>

#include "absl/strings/str_replace.h"
#include "clients/cli/report_evidence.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/printed_log.h"
#include "tests/clients/printed_story.h"

namespace daybook::cli {
namespace {

using ::daybook::testing::PrintedLog;
using ::daybook::testing::PrintedStory;
using ::testing::HasSubstr;
using ::testing::Not;

PrintedSheets Sheets() {
  return FileSheets(PrintedLog(PrintedStory()).Report(), MoneyUnit::kWanYuan);
}

std::string Page() { return FormatReportHtml(Sheets()); }

TEST(ReportHtmlTest, CellsNameTheFigureThatTheyShow) {
  const std::string page = Page();
  EXPECT_THAT(page,
              HasSubstr("<td class=\"n\" data-figure=\"general.project[road"
                        "].executed\">20.00</td>\n"));
  EXPECT_THAT(page,
              HasSubstr("<td class=\"n\" data-figure=\"headcount.actual\">"
                        "9</td>\n"));
  EXPECT_THAT(page,
              HasSubstr("<td class=\"n\" data-figure=\"three_public.reception."
                        "executed\">无</td>\n"));
  EXPECT_THAT(page, HasSubstr("<td class=\"n\" data-figure=\"score.declared."
                              "indicator[output.people]\">9.50</td>\n"));
  EXPECT_THAT(page,
              HasSubstr("<p data-figure=\"section[summary]\">项目支出20.00"
                        "万元。</p>\n<p data-figure=\"section[summary]\">"
                        "第二段 &lt;b&gt;&amp;&quot;</p>\n"));
}

TEST(ReportHtmlTest, ItIsOneFileForPaper) {
  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("<meta charset=\"utf-8\">"));
  EXPECT_THAT(page, HasSubstr("@page { size: A4;"));
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
}

TEST(ReportHtmlTest, NamesAreNoMarkup) {
  const std::string page = Page();
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("<h1>&lt;script&gt;alert(1)&lt;/script&gt; "));
}

TEST(ReportHtmlTest, WhatWasWrittenIsRead) {
  const absl::StatusOr<PrintedSheets> read = ParseReportHtml(Page());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, Sheets());
}

TEST(ReportHtmlTest, TheEvidenceIsReadFromWhatIsSeen) {
  const v1::Report report = PrintedLog(PrintedStory()).Report();
  const auto sheets =
      ParseReportHtml(FormatReportHtml(FileSheets(report, MoneyUnit::kYuan)));
  ASSERT_TRUE(sheets.ok());
  const auto evidence = ReadEvidence(*sheets);
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_EQ(evidence->unit, MoneyUnit::kYuan);
  EXPECT_EQ(evidence->layout, report_layout);
  EXPECT_EQ(evidence->report.name(), report.name());
  EXPECT_EQ(evidence->report.size(), report.size());
  EXPECT_EQ(evidence->report.evidence().DebugString(),
            report.evidence().DebugString());
}

TEST(ReportHtmlTest, MalformedEvidenceIsToldAllAtOnce) {
  PrintedSheets sheets = Sheets();
  for (PrintedRow& row : sheets.back().rows) {
    if (row.cells.size() < 3) continue;
    if (row.cells[1].text == "size") row.cells[2].text = "007";
    if (row.cells[1].text == "root") row.cells[2].text = "AB";
    if (row.cells[1].text == "as_of") row.cells[1].text = "as-of";
  }
  const auto evidence = ReadEvidence(sheets);
  EXPECT_TRUE(absl::IsInvalidArgument(evidence.status()));
  for (const char* const problem :
       {"size '007' is not a number", "root 'AB' is not 64",
        "as_of is missing"}) {
    EXPECT_THAT(std::string(evidence.status().message()), HasSubstr(problem));
  }
}

TEST(ReportHtmlTest, AChangedCellIsReadAsItIsSeen) {
  const std::string page = absl::StrReplaceAll(
      Page(),
      {{"project[road].executed\">20.00<", "project[road].executed\">30.00<"}});
  const auto read = ParseReportHtml(page);
  ASSERT_TRUE(read.ok());
  EXPECT_NE(*read, Sheets());
}

TEST(ReportHtmlTest, NothingCanBeAddedHiddenOrCovered) {
  const std::string page = Page();
  const struct {
    const char* what;
    const char* find;
    const char* put;
  } cases[] = {
      {"text outside of all", "</body>", "经审计无误</body>"},
      {"a comment", "<h2>", "<!-- <h2> --><h2>"},
      {"a script", "</head>", "<script>x()</script></head>"},
      {"another style", "@page {", "td { display: none } @page {"},
      {"a style of a cell", "<td class=\"n\"", "<td style=\"x\" class=\"n\""},
      {"a second text", "20.00</td>", "20.00<b>0</b></td>"},
      {"another charset", "utf-8", "gbk"},
      {"another title", "<title>", "<title>x"},
      {"a cell in one line with another", "</td>\n<td", "</td><td"},
      {"line ends of another system", "\n", "\r\n"},
      {"an escape in another spelling", "&lt;", "&#60;"},
      {"a row without cells", "<tr>\n", "<tr>\n</tr>\n<tr>\n"},
      {"a named entity", "万元", "&yen;"},
  };
  for (const auto& tampered : cases) {
    SCOPED_TRACE(tampered.what);
    const auto read = ParseReportHtml(
        absl::StrReplaceAll(page, {{tampered.find, tampered.put}}));
    EXPECT_TRUE(absl::IsInvalidArgument(read.status()));
    EXPECT_THAT(std::string(read.status().message()), HasSubstr("line "));
  }
}

TEST(ReportHtmlTest, ACutPageIsRefusedWhereverItEnds) {
  const std::string page = Page();
  for (size_t size = 0; size < page.size(); size += 97) {
    EXPECT_FALSE(ParseReportHtml(page.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(ParseReportHtml(page.substr(0, page.size() - 1)).ok());
  EXPECT_FALSE(ParseReportHtml(page + "\n").ok());
}

}  // namespace
}  // namespace daybook::cli
