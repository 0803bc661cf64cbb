#include "core/budget/figure_path.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/budget/code_list.h"

namespace daybook {
namespace {

using NatureRow = LineFilter::NatureRow;

constexpr std::pair<Measure, const char*> measures[] = {
    {Measure::kApproved, "approved"},
    {Measure::kAdjustment, "adjustment"},
    {Measure::kAdjusted, "adjusted"},
    {Measure::kRecovered, "recovered"},
    {Measure::kAvailable, "available"},
    {Measure::kExecuted, "executed"},
    {Measure::kBalance, "balance"},
    {Measure::kExecutionRate, "execution_rate"},
    {Measure::kExecutionRateApproved, "execution_rate_approved"},
    {Measure::kPriorExecuted, "prior_executed"},
    {Measure::kIncome, "income"},
    {Measure::kOpeningCarryover, "opening_carryover"},
    {Measure::kClosingCarryover, "closing_carryover"},
    {Measure::kAllocatedCarryover, "allocated_carryover"},
    {Measure::kAdvances, "advances"},
    {Measure::kPriorRefunded, "prior_refunded"},
};

constexpr v1::Fund funds[] = {
    v1::FUND_GENERAL,          v1::FUND_GOVERNMENT_FUND, v1::FUND_STATE_CAPITAL,
    v1::FUND_SOCIAL_INSURANCE, v1::FUND_SPECIAL_ACCOUNT, v1::FUND_OTHER,
};

constexpr std::pair<v1::SourceRow, const char*> source_rows[] = {
    {v1::SOURCE_ROW_CURRENT, "current"},
    {v1::SOURCE_ROW_CARRIED_OVER, "carried_over"},
    {v1::SOURCE_ROW_HIGHER_LEVEL, "higher_level"},
    {v1::SOURCE_ROW_OWN_LEVEL, "own_level"},
    {v1::SOURCE_ROW_UNIT, "unit"},
    {v1::SOURCE_ROW_OTHER, "other"},
};

// One part of a path: `name` or `name[argument]`.
struct Part {
  std::string name;
  std::optional<std::string> argument;
};

absl::Status Malformed(absl::string_view path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", Shortened(path, 128), "' is not a figure path: ", why));
}

bool IsDigits(absl::string_view text) {
  return !text.empty() && text.size() <= 7 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

absl::StatusOr<std::vector<Part>> Split(absl::string_view path) {
  std::vector<Part> parts;
  absl::string_view rest = path;
  while (true) {
    Part part;
    const size_t end = std::min(rest.find_first_of(".["), rest.size());
    part.name = std::string(rest.substr(0, end));
    rest.remove_prefix(end);
    if (!rest.empty() && rest.front() == '[') {
      const size_t close = rest.find(']');
      if (close == absl::string_view::npos || close == 1) {
        return Malformed(path, "a bracket is empty or not closed");
      }
      part.argument = std::string(rest.substr(1, close - 1));
      rest.remove_prefix(close + 1);
    }
    if (!IsKey(part.name)) {
      return Malformed(path, "its parts are names of [a-z0-9_] joined by dots");
    }
    parts.push_back(std::move(part));
    if (rest.empty()) return parts;
    if (rest.front() != '.') {
      return Malformed(path, "a bracket must be followed by a dot");
    }
    rest.remove_prefix(1);
  }
}

// Reads the parts of a money path one after the other.
class MoneyParser {
 public:
  MoneyParser(absl::string_view path, const std::vector<Part>& parts,
              size_t next)
      : path_(path), parts_(parts), next_(next) {}

  absl::StatusOr<FigurePath> Parse(FigurePath result) {
    result.family = FigurePath::Family::kMoney;
    TakeFund(result.lines);
    TakeNature(result.lines);
    TakeArgument("function", result.lines.function, IsDigits);
    TakeArgument("econ", result.lines.economic, IsDigits);
    TakeSourceRow(result.lines);
    TakeArgument("unit", result.lines.unit,
                 [](absl::string_view text) { return text.size() <= 32; });
    if (next_ + 1 == parts_.size() && !parts_[next_].argument.has_value()) {
      if (const auto measure = ParseMeasure(parts_[next_].name)) {
        result.measure = *measure;
        return result;
      }
    }
    return Malformed(
        path_,
        "after the fund stand, in this order and each optional, basic, "
        "basic.personnel, basic.operating, project or project[KEY], "
        "function[CODE], econ[CODE], source[ROW], unit[CODE], and at the end a "
        "measure such as approved, adjusted or executed");
  }

 private:
  bool At(absl::string_view name, bool with_argument) const {
    return next_ < parts_.size() && parts_[next_].name == name &&
           parts_[next_].argument.has_value() == with_argument;
  }

  void TakeFund(LineFilter& lines) {
    for (const v1::Fund fund : funds) {
      if (parts_[next_].name == FundName(fund)) lines.fund = fund;
    }
    ++next_;
  }

  void TakeNature(LineFilter& lines) {
    if (At("basic", false)) {
      ++next_;
      lines.nature = NatureRow::kBasic;
      if (At("personnel", false)) {
        ++next_;
        lines.nature = NatureRow::kPersonnel;
      } else if (At("operating", false)) {
        ++next_;
        lines.nature = NatureRow::kOperating;
      }
    } else if (At("project", false)) {
      ++next_;
      lines.nature = NatureRow::kProject;
    } else if (At("project", true) && IsKey(*parts_[next_].argument)) {
      lines.nature = NatureRow::kProject;
      lines.project = *parts_[next_++].argument;
    }
  }

  void TakeArgument(absl::string_view name, std::string& target,
                    bool (*valid)(absl::string_view)) {
    if (At(name, true) && valid(*parts_[next_].argument)) {
      target = *parts_[next_++].argument;
    }
  }

  void TakeSourceRow(LineFilter& lines) {
    if (!At("source", true)) return;
    for (const auto& [row, name] : source_rows) {
      if (*parts_[next_].argument == name) lines.source_row = row;
    }
    if (lines.source_row != v1::SOURCE_ROW_UNSPECIFIED) ++next_;
  }

  const absl::string_view path_;
  const std::vector<Part>& parts_;
  size_t next_;
};

absl::StatusOr<FigurePath> ParseScore(absl::string_view path,
                                      const std::vector<Part>& parts,
                                      FigurePath result) {
  result.family = FigurePath::Family::kScore;
  size_t next = 1;
  if (next < parts.size() && !parts[next].argument.has_value()) {
    const std::string& kind = parts[next].name;
    if (kind == "rule") result.score_kind = FigurePath::ScoreKind::kRule;
    if (kind == "declared") {
      result.score_kind = FigurePath::ScoreKind::kDeclared;
    }
    if (kind == "reviewed") {
      result.score_kind = FigurePath::ScoreKind::kReviewed;
    }
    if (result.score_kind != FigurePath::ScoreKind::kCounted) ++next;
  }
  if (next + 1 != parts.size()) {
    return Malformed(path, "a score ends with one name, such as score.total");
  }
  const Part& last = parts[next];
  result.is_indicator = last.argument.has_value();
  if (result.is_indicator &&
      (last.name != "indicator" || !IsDottedKey(*last.argument))) {
    return Malformed(path, "only indicator[ID] takes a bracket in a score");
  }
  result.name = result.is_indicator ? *last.argument : last.name;
  return result;
}

absl::string_view ScoreKindPrefix(FigurePath::ScoreKind kind) {
  switch (kind) {
    case FigurePath::ScoreKind::kRule:
      return "rule.";
    case FigurePath::ScoreKind::kDeclared:
      return "declared.";
    case FigurePath::ScoreKind::kReviewed:
      return "reviewed.";
    case FigurePath::ScoreKind::kCounted:
      break;
  }
  return "";
}

}  // namespace

absl::string_view MeasureName(Measure measure) {
  for (const auto& [candidate, name] : measures) {
    if (candidate == measure) return name;
  }
  DAYBOOK_CHECK(false);
  return "";
}

std::optional<Measure> ParseMeasure(absl::string_view name) {
  for (const auto& [measure, candidate] : measures) {
    if (name == candidate) return measure;
  }
  return std::nullopt;
}

bool IsKey(absl::string_view key) {
  return !key.empty() && key.size() <= 64 &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                  c == '_';
         });
}

bool IsDottedKey(absl::string_view key) {
  if (key.size() > 128) return false;
  for (absl::string_view part : absl::StrSplit(key, '.')) {
    if (!IsKey(part)) return false;
  }
  return true;
}

bool LineFilter::Matches(const v1::Line& line) const {
  if (fund.has_value() && line.fund() != *fund) return false;
  const v1::Nature of = line.nature();
  switch (nature) {
    case NatureRow::kAny:
      break;
    case NatureRow::kBasic:
      if (of != v1::NATURE_BASIC && of != v1::NATURE_PERSONNEL &&
          of != v1::NATURE_OPERATING) {
        return false;
      }
      break;
    case NatureRow::kPersonnel:
      if (of != v1::NATURE_PERSONNEL) return false;
      break;
    case NatureRow::kOperating:
      if (of != v1::NATURE_OPERATING) return false;
      break;
    case NatureRow::kProject:
      if (of != v1::NATURE_PROJECT) return false;
      break;
  }
  return (project.empty() || line.project() == project) &&
         (scope_project.empty() || line.project() == scope_project) &&
         (function.empty() ||
          absl::StartsWith(line.function_code(), function)) &&
         (economic.empty() ||
          absl::StartsWith(line.economic_code(), economic)) &&
         (source_row == v1::SOURCE_ROW_UNSPECIFIED ||
          line.source_row() == source_row) &&
         (unit.empty() || line.unit() == unit);
}

bool LineFilter::IsPlainRow() const {
  return function.empty() && economic.empty() && unit.empty() &&
         source_row == v1::SOURCE_ROW_UNSPECIFIED && scope_project.empty();
}

absl::StatusOr<FigurePath> FigurePath::Parse(absl::string_view path) {
  if (path.empty() || path.size() > figure_path_bytes_max) {
    return Malformed(path, "it has 1 to 256 bytes");
  }
  ASSIGN_OR_RETURN(std::vector<Part> parts, Split(path));
  FigurePath result;
  if (parts.size() > 1 && parts[0].name == "project" &&
      parts[0].argument.has_value() && IsKey(*parts[0].argument)) {
    result.lines.scope_project = *parts[0].argument;
    parts.erase(parts.begin());
  }
  if (parts[0].name == "activity" && parts.size() == 1 &&
      parts[0].argument.has_value() && IsKey(*parts[0].argument)) {
    result.family = Family::kActivity;
    result.name = *parts[0].argument;
    return result;
  }
  if (parts[0].argument.has_value()) {
    return Malformed(path,
                     "a path begins with a fund, all, score, "
                     "activity[ID] or the name of a row of the form");
  }
  if (parts[0].name == "score") return ParseScore(path, parts, result);
  const bool is_money =
      parts[0].name == "all" ||
      std::any_of(std::begin(funds), std::end(funds), [&](v1::Fund fund) {
        return parts[0].name == FundName(fund);
      });
  if (is_money) return MoneyParser(path, parts, 0).Parse(result);
  result.family = Family::kTopic;
  for (const Part& part : parts) {
    if (part.argument.has_value()) {
      return Malformed(path, "a row of the form takes no brackets");
    }
    absl::StrAppend(&result.name, result.name.empty() ? "" : ".", part.name);
  }
  return result;
}

std::string LineFilterToString(const LineFilter& lines) {
  std::string path;
  if (!lines.scope_project.empty()) {
    absl::StrAppend(&path, "project[", lines.scope_project, "].");
  }
  absl::StrAppend(&path,
                  lines.fund.has_value() ? FundName(*lines.fund) : "all");
  switch (lines.nature) {
    case NatureRow::kAny:
      break;
    case NatureRow::kBasic:
      absl::StrAppend(&path, ".basic");
      break;
    case NatureRow::kPersonnel:
      absl::StrAppend(&path, ".basic.personnel");
      break;
    case NatureRow::kOperating:
      absl::StrAppend(&path, ".basic.operating");
      break;
    case NatureRow::kProject:
      absl::StrAppend(&path, ".project");
      break;
  }
  const auto argument = [&](absl::string_view name, absl::string_view value) {
    if (!value.empty()) absl::StrAppend(&path, name, "[", value, "]");
  };
  argument("", lines.project);
  argument(".function", lines.function);
  argument(".econ", lines.economic);
  for (const auto& [row, name] : source_rows) {
    if (lines.source_row == row) argument(".source", name);
  }
  argument(".unit", lines.unit);
  return path;
}

std::string FigurePath::ToString() const {
  std::string scope;
  if (!lines.scope_project.empty() && family != Family::kMoney) {
    scope = absl::StrCat("project[", lines.scope_project, "].");
  }
  switch (family) {
    case Family::kMoney:
      return absl::StrCat(LineFilterToString(lines), ".", MeasureName(measure));
    case Family::kTopic:
      return absl::StrCat(scope, name);
    case Family::kActivity:
      return absl::StrCat(scope, "activity[", name, "]");
    case Family::kScore:
      break;
  }
  const absl::string_view kind = ScoreKindPrefix(score_kind);
  return is_indicator
             ? absl::StrCat(scope, "score.", kind, "indicator[", name, "]")
             : absl::StrCat(scope, "score.", kind, name);
}

}  // namespace daybook
