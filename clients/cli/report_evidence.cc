#include "clients/cli/report_evidence.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/display_width.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"

namespace daybook::cli {
namespace {

using Kind = PrintedRow::Kind;

constexpr char sheet_name[] = "校验";
constexpr size_t hash_bytes = 32;
// Of a hash, where there is little room.
constexpr size_t short_digits = 16;

// Takes the fields of a table one by one and keeps what is wrong with them.
class FieldReader {
 public:
  explicit FieldReader(std::map<std::string, std::string> fields)
      : fields_(std::move(fields)) {}

  std::string Text(const std::string& field) {
    const auto found = fields_.find(field);
    if (found != fields_.end()) return found->second;
    problems_.push_back(absl::StrCat(field, " is missing"));
    return "";
  }

  template <typename Number>
  Number Count(const std::string& field) {
    const std::string text = Text(field);
    Number number = 0;
    // In one spelling.
    if (!absl::SimpleAtoi(text, &number) || absl::StrCat(number) != text) {
      Refuse(field, text, "a number");
    }
    return number;
  }

  v1::Date Day(const std::string& field) {
    const std::string text = Text(field);
    absl::CivilDay day;
    if (absl::ParseCivilTime(text, &day) && FormatDay(day) == text &&
        day.year() >= 1 && day.year() <= 9999) {
      return ToDate(day);
    }
    Refuse(field, text, "a day, such as 2024-12-31");
    return {};
  }

  std::string Hash(const std::string& field) {
    const std::string text = Text(field);
    const bool is_hex =
        text.size() == 2 * hash_bytes &&
        text.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (is_hex) return absl::HexStringToBytes(text);
    Refuse(field, text, "64 hexadecimal digits");
    return "";
  }

  void Refuse(const std::string& field, const std::string& text,
              absl::string_view expected) {
    if (!fields_.contains(field)) return;
    problems_.push_back(absl::StrCat(field, " '", Printable(text.substr(0, 80)),
                                     "' is not ", expected));
  }

  absl::Status status() const {
    if (problems_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(
        "sheet ", sheet_name, ": ", absl::StrJoin(problems_, "; ")));
  }

 private:
  const std::map<std::string, std::string> fields_;
  std::vector<std::string> problems_;
};

}  // namespace

PrintedSheet EvidenceSheet(const v1::Report& report, MoneyUnit unit) {
  PrintedSheet sheet{sheet_name, {}};
  sheet.rows.push_back({Kind::kHeading, {{"七、校验"}}});
  sheet.rows.push_back({Kind::kHeader, {{"项目"}, {"字段"}, {"内容"}}});
  const auto add = [&](const char* label, const char* field,
                       absl::string_view value) {
    sheet.rows.push_back(
        {Kind::kCells,
         {{label},
          {field},
          {Printable(value), absl::StrCat("evidence.", field)}}});
  };
  const v1::ReportEvidence& evidence = report.evidence();
  add("报告", "name", report.name());
  add("截至", "as_of", DayText(report.as_of()));
  add("账本大小", "size", absl::StrCat(report.size()));
  add("末条记录（微秒）", "recorded_time_us",
      absl::StrCat(report.recorded_time_us()));
  add("评分规则", "policy", report.policy());
  add("推算版本", "projection_version",
      absl::StrCat(report.projection_version()));
  add("账本日志", "origin", evidence.origin());
  add("账本根", "root", absl::BytesToHexString(evidence.root()));
  add("数据摘要", "figures_digest",
      absl::BytesToHexString(evidence.figures_digest()));
  add("金额单位", "unit", FormatUnit("万元", unit));
  add("版式", "layout", absl::StrCat(report_layout));
  sheet.rows.push_back(
      {Kind::kLine, {{"核对：daybook audit verify-report 本文件"}}});
  return sheet;
}

absl::StatusOr<PrintedEvidence> ReadEvidence(const PrintedSheets& sheets) {
  std::map<std::string, std::string> fields;
  for (const PrintedSheet& sheet : sheets) {
    if (sheet.name != sheet_name) continue;
    for (const PrintedRow& row : sheet.rows) {
      if (row.cells.size() < 2) continue;
      // A workbook leaves an empty cell at the end away.
      fields.emplace(row.cells[1].text,
                     row.cells.size() > 2 ? row.cells[2].text : "");
    }
  }
  if (fields.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no sheet ", sheet_name,
                     ": it is no report that daybook report show wrote"));
  }
  FieldReader reader(std::move(fields));
  PrintedEvidence printed;
  v1::Report& report = printed.report;
  report.set_name(reader.Text("name"));
  *report.mutable_as_of() = reader.Day("as_of");
  report.set_size(reader.Count<uint64_t>("size"));
  report.set_recorded_time_us(reader.Count<int64_t>("recorded_time_us"));
  report.set_policy(reader.Text("policy"));
  report.set_projection_version(reader.Count<uint32_t>("projection_version"));
  report.mutable_evidence()->set_origin(reader.Text("origin"));
  report.mutable_evidence()->set_root(reader.Hash("root"));
  report.mutable_evidence()->set_figures_digest(reader.Hash("figures_digest"));
  const std::string unit = reader.Text("unit");
  if (unit == "元") {
    printed.unit = MoneyUnit::kYuan;
  } else if (unit != "万元") {
    reader.Refuse("unit", unit, "万元 or 元");
  }
  printed.layout = reader.Count<int32_t>("layout");
  RETURN_IF_ERROR(reader.status());
  return printed;
}

std::string EvidenceText(const v1::Report& report) {
  if (!report.has_evidence()) return "";
  const auto shortened = [](absl::string_view hash) {
    return absl::BytesToHexString(hash).substr(0, short_digits);
  };
  const v1::ReportEvidence& evidence = report.evidence();
  return absl::StrCat("凭据：", Printable(evidence.origin()), "，根 ",
                      shortened(evidence.root()), "…，数据摘要 ",
                      shortened(evidence.figures_digest()), "…\n");
}

}  // namespace daybook::cli
