#include "clients/cli/report_html.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/display_width.h"

namespace daybook::cli {
namespace {

using Kind = PrintedRow::Kind;

constexpr char before_title[] = R"(<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="generator" content="daybook">
<meta name="viewport" content="width=device-width">
<title>)";

constexpr char behind_title[] = R"(</title>
<style>
@page { size: A4; margin: 18mm 15mm; }
body { max-width: 180mm; margin: 10mm auto; color: #000; background: #fff;
  font-family: "Songti SC", SimSun, "Noto Serif CJK SC", serif;
  font-size: 10.5pt; line-height: 1.6; }
h1 { font-size: 16pt; text-align: center; }
h2 { font-size: 13pt; break-after: avoid; }
h3 { font-size: 11pt; break-after: avoid; }
p { margin: 0 0 4pt; text-indent: 2em; text-align: justify; }
p.line { text-indent: 0; color: #333; font-size: 9.5pt; }
table { width: 100%; border-collapse: collapse; margin-bottom: 8pt;
  font-size: 9.5pt; line-height: 1.35; }
tr { break-inside: avoid; }
th, td { border: 0.5pt solid #666; padding: 2pt 4pt; text-align: left;
  white-space: pre-wrap; overflow-wrap: anywhere; }
th { background: #eee; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
tr.total td { font-weight: bold; }
</style>
</head>
<body>
)";

constexpr char end_of_page[] = "</body>\n</html>\n";

// How the rows that are no table's begin and end.
struct BlockTag {
  Kind kind;
  const char* begin;
  const char* end;
};

constexpr std::array<BlockTag, 5> block_tags = {{
    {Kind::kTitle, "<h1", "</h1>"},
    {Kind::kHeading, "<h2", "</h2>"},
    {Kind::kSubheading, "<h3", "</h3>"},
    {Kind::kLine, "<p class=\"line\"", "</p>"},
    {Kind::kProse, "<p", "</p>"},
}};

constexpr absl::string_view number_class = " class=\"n\"";
constexpr absl::string_view figure_name = " data-figure=\"";
constexpr absl::string_view sheet_begin = "<section data-sheet=\"";

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"},
                                    {"<", "&lt;"},
                                    {">", "&gt;"},
                                    {"\"", "&quot;"},
                                    {"\n", "&#10;"}});
}

// Of what Escaped wrote; anything else stays as it is.
std::string Unescaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&amp;", "&"},
                                    {"&lt;", "<"},
                                    {"&gt;", ">"},
                                    {"&quot;", "\""},
                                    {"&#10;", "\n"}});
}

bool IsOfTable(Kind kind) {
  return kind == Kind::kHeader || kind == Kind::kCells || kind == Kind::kTotals;
}

class PageWriter {
 public:
  std::string Write(const PrintedSheets& sheets) {
    absl::StrAppend(&page_, before_title, Escaped(TitleOf(sheets)),
                    behind_title);
    for (const PrintedSheet& sheet : sheets) {
      absl::StrAppend(&page_, sheet_begin, Escaped(sheet.name), "\">\n");
      for (const PrintedRow& row : sheet.rows) WriteRow(row);
      EndTable();
      absl::StrAppend(&page_, "</section>\n");
    }
    absl::StrAppend(&page_, end_of_page);
    return std::move(page_);
  }

 private:
  static std::string TitleOf(const PrintedSheets& sheets) {
    for (const PrintedSheet& sheet : sheets) {
      for (const PrintedRow& row : sheet.rows) {
        if (row.kind == Kind::kTitle) return row.cells.front().text;
      }
    }
    return "";
  }

  void WriteRow(const PrintedRow& row) {
    if (!IsOfTable(row.kind)) {
      EndTable();
      const auto tag =
          std::find_if(block_tags.begin(), block_tags.end(),
                       [&](const BlockTag& t) { return t.kind == row.kind; });
      return WriteElement(tag->begin, row.cells.front(), tag->end);
    }
    if (row.kind == Kind::kHeader) EndTable();
    if (!in_table_) absl::StrAppend(&page_, "<table>\n");
    in_table_ = true;
    const bool header = row.kind == Kind::kHeader;
    absl::StrAppend(&page_, row.kind == Kind::kTotals ? "<tr class=\"total\">\n"
                                                      : "<tr>\n");
    for (const PrintedCell& cell : row.cells) {
      WriteElement(header ? "<th" : "<td", cell, header ? "</th>" : "</td>");
    }
    absl::StrAppend(&page_, "</tr>\n");
  }

  void WriteElement(absl::string_view begin, const PrintedCell& cell,
                    absl::string_view end) {
    absl::StrAppend(&page_, begin, cell.is_number ? number_class : "");
    if (!cell.figure.empty()) {
      absl::StrAppend(&page_, figure_name, Escaped(cell.figure), "\"");
    }
    absl::StrAppend(&page_, ">", Escaped(cell.text), end, "\n");
  }

  void EndTable() {
    if (in_table_) absl::StrAppend(&page_, "</table>\n");
    in_table_ = false;
  }

  std::string page_;
  bool in_table_ = false;
};

// Takes what it knows out of lines and passes all else by: whether there was
// anything else is told by writing the page again.
class PageReader {
 public:
  PrintedSheets Read(absl::string_view page) {
    for (const absl::string_view line : absl::StrSplit(page, '\n')) {
      ReadLine(line);
    }
    return std::move(sheets_);
  }

 private:
  void ReadLine(absl::string_view line) {
    if (absl::ConsumePrefix(&line, sheet_begin)) {
      absl::ConsumeSuffix(&line, "\">");
      sheets_.push_back({Unescaped(line), {}});
      return;
    }
    if (sheets_.empty()) return;
    if (line == "<tr>") return AddRow(Kind::kCells);
    if (line == "<tr class=\"total\">") return AddRow(Kind::kTotals);
    std::vector<PrintedRow>& rows = sheets_.back().rows;
    const bool header = absl::StartsWith(line, "<th");
    if (header || absl::StartsWith(line, "<td")) {
      if (rows.empty() || !IsOfTable(rows.back().kind)) return;
      if (header) rows.back().kind = Kind::kHeader;
      rows.back().cells.push_back(
          ReadCell(line.substr(3), header ? "</th>" : "</td>"));
      return;
    }
    for (const BlockTag& tag : block_tags) {
      if (!absl::ConsumePrefix(&line, tag.begin)) continue;
      AddRow(tag.kind);
      rows.back().cells.push_back(ReadCell(line, tag.end));
      return;
    }
  }

  void AddRow(Kind kind) { sheets_.back().rows.push_back({kind, {}}); }

  static PrintedCell ReadCell(absl::string_view line, absl::string_view end) {
    PrintedCell cell;
    cell.is_number = absl::ConsumePrefix(&line, number_class);
    if (absl::ConsumePrefix(&line, figure_name)) {
      const size_t quote = std::min(line.find('"'), line.size());
      cell.figure = Unescaped(line.substr(0, quote));
      line.remove_prefix(std::min(quote + 1, line.size()));
    }
    absl::ConsumePrefix(&line, ">");
    line.remove_suffix(std::min(end.size(), line.size()));
    cell.text = Unescaped(line);
    return cell;
  }

  PrintedSheets sheets_;
};

// The pages differ.
absl::Status OtherLine(absl::string_view page, absl::string_view expected) {
  size_t line = 1;
  size_t begin = 0;
  const size_t common = std::min(page.size(), expected.size());
  for (size_t i = 0; i < common && page[i] == expected[i]; ++i) {
    if (page[i] != '\n') continue;
    ++line;
    begin = i + 1;
  }
  constexpr size_t shown_max = 80;
  const absl::string_view rest = page.substr(std::min(begin, page.size()));
  return absl::InvalidArgumentError(absl::StrCat(
      "line ", line, " is not as daybook report show writes it: '",
      Printable(rest.substr(0, std::min(rest.find('\n'), shown_max))),
      "'; take the original file, as it was written, not a copy that a "
      "browser or editor saved"));
}

}  // namespace

std::string FormatReportHtml(const PrintedSheets& sheets) {
  return PageWriter().Write(sheets);
}

absl::StatusOr<PrintedSheets> ParseReportHtml(absl::string_view bytes) {
  if (bytes.size() > report_file_bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("the page has ", bytes.size(), " bytes, at most ",
                     report_file_bytes_max, " can be"));
  }
  PrintedSheets sheets = PageReader().Read(bytes);
  // Rows without cells have no page.
  for (PrintedSheet& sheet : sheets) {
    std::erase_if(sheet.rows,
                  [](const PrintedRow& row) { return row.cells.empty(); });
  }
  const std::string again = FormatReportHtml(sheets);
  if (again != bytes) return OtherLine(bytes, again);
  return sheets;
}

}  // namespace daybook::cli
