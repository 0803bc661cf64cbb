#include "core/report/figures_digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/check.h"

namespace daybook {
namespace {

constexpr absl::string_view first_line = "daybook/report-figures@1";
constexpr size_t digest_bytes = 32;

// Empty when there is none; whatever numbers it has otherwise.
std::string DateText(bool given, const v1::Date& date) {
  if (!given) return "";
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(),
                         date.day());
}

// Exact, also where a stranger wrote a scale that no decimal has.
std::string NumberText(const v1::Decimal& number) {
  return absl::StrCat(number.unscaled(), "e-", number.scale());
}

std::string EmptinessText(v1::Emptiness empty) {
  switch (empty) {
    case v1::EMPTINESS_BLANK:
      return "blank";
    case v1::EMPTINESS_NONE:
      return "none";
    case v1::EMPTINESS_NOT_APPLICABLE:
      return "not_applicable";
    case v1::EMPTINESS_NOT_REPORTED:
      return "not_reported";
    default:
      return absl::StrCat("empty ", static_cast<int>(empty));
  }
}

// A word in front tells the kinds apart: the word 无 is not stated nothingness.
std::string ValueText(const v1::FigureValue& value) {
  switch (value.value_case()) {
    case v1::FigureValue::kAmountFen:
      return absl::StrCat("fen ", value.amount_fen());
    case v1::FigureValue::kNumber:
      return absl::StrCat("number ", NumberText(value.number()));
    case v1::FigureValue::kWord:
      return absl::StrCat("word ", value.word());
    case v1::FigureValue::kDate:
      return absl::StrCat("date ", DateText(true, value.date()));
    case v1::FigureValue::kEmpty:
      return EmptinessText(value.empty());
    case v1::FigureValue::VALUE_NOT_SET:
      break;
  }
  return "absent";
}

std::string Flag(bool flag) { return flag ? "yes" : "no"; }

std::vector<CanonicalLine> Heads(const v1::Report& report) {
  std::vector<CanonicalLine> lines = {
      {"report", report.name()},
      {"department", report.department_name()},
      {"title", report.form_title()},
      {"as_of", DateText(report.has_as_of(), report.as_of())},
      {"size", absl::StrCat(report.size())},
      {"recorded", absl::StrCat(report.recorded_time_us())},
      {"policy", report.policy()},
      {"projection", absl::StrCat(report.projection_version())},
      {"interim", Flag(report.interim())},
      {"closed_through",
       DateText(report.has_closed_through(), report.closed_through())},
      {"late_adjustments", absl::StrCat(report.late_adjustments())},
  };
  for (const int fund : report.funds()) {
    lines.push_back({"fund", absl::StrCat(fund)});
  }
  return lines;
}

CanonicalLine ProjectLine(const v1::ProjectRegistered& project) {
  CanonicalLine line = {"project",
                        project.key(),
                        project.name(),
                        project.code(),
                        absl::StrCat(static_cast<int>(project.category())),
                        project.parent_programme()};
  for (const std::string& alias : project.aliases()) line.push_back(alias);
  return line;
}

CanonicalLine IndicatorLine(const v1::IndicatorRow& row) {
  return {"indicator",
          row.indicator(),
          row.level1(),
          row.level2(),
          row.name(),
          absl::StrCat(static_cast<int>(row.operator_())),
          row.printed_operator(),
          ValueText(row.target()),
          ValueText(row.initial_target()),
          row.unit(),
          ValueText(row.actual()),
          row.actual_unit(),
          ValueText(row.attainment_percent()),
          ValueText(row.weight()),
          ValueText(row.rule_score()),
          ValueText(row.declared_score()),
          ValueText(row.score()),
          row.deviation_reason()};
}

CanonicalLine PublicationLine(const v1::Publication& publication) {
  const v1::ReportPublished& published = publication.published();
  return {"publication",
          absl::StrCat(publication.position()),
          DateText(published.has_as_of(), published.as_of()),
          absl::StrCat(published.size()),
          absl::StrCat(published.projection_version()),
          published.document_number()};
}

// `text` without the two bytes that end fields and lines.
void AppendEscaped(absl::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

std::vector<CanonicalLine> CanonicalLines(const v1::Report& report) {
  std::vector<CanonicalLine> lines = Heads(report);
  for (const v1::ProjectRegistered& project : report.projects()) {
    lines.push_back(ProjectLine(project));
  }
  for (const v1::Figure& figure : report.figures()) {
    lines.push_back({"figure", figure.path(), ValueText(figure.value()),
                     figure.unit(), figure.label(), Flag(figure.in_form())});
  }
  for (const v1::IndicatorRow& row : report.indicators()) {
    lines.push_back(IndicatorLine(row));
  }
  for (const v1::LevelRow& row : report.levels()) {
    lines.push_back({"level", row.level(), row.label(), ValueText(row.weight()),
                     ValueText(row.rule_score()), ValueText(row.score())});
  }
  for (const v1::NarrativeSection& section : report.sections()) {
    lines.push_back(
        {"section", section.section(), section.title(), section.text()});
  }
  for (const v1::Publication& publication : report.publications()) {
    lines.push_back(PublicationLine(publication));
  }
  return lines;
}

std::string CanonicalForm(const v1::Report& report) {
  std::string form = absl::StrCat(first_line, "\n");
  for (const CanonicalLine& line : CanonicalLines(report)) {
    for (size_t i = 0; i < line.size(); ++i) {
      if (i > 0) form += '\t';
      AppendEscaped(line[i], form);
    }
    form += '\n';
  }
  return form;
}

std::string FiguresDigest(const v1::Report& report) {
  const std::string form = CanonicalForm(report);
  std::array<unsigned char, digest_bytes> digest;
  unsigned int length = 0;
  const int done = EVP_Digest(form.data(), form.size(), digest.data(), &length,
                              EVP_sha256(), nullptr);
  DAYBOOK_CHECK(done == 1 && length == digest_bytes);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace daybook
