#include "tests/simulation/oracle_figures.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace daybook::testing {
namespace {

using Kind = OracleValue::Kind;

// A topic row of the form zhuzhou-2024, written down once more.
struct TopicRule {
  bool operating_alone = false;
  bool procurement = false;
  std::vector<std::string> codes;
};

const std::map<std::string, TopicRule>& TopicRules() {
  static const auto* const rules = new std::map<std::string, TopicRule>{
      {"three_public",
       {false, false, {"30212", "30217", "30231", "31013", "30913"}}},
      {"three_public.vehicles", {false, false, {"30231", "31013", "30913"}}},
      {"three_public.vehicles.purchase", {false, false, {"31013", "30913"}}},
      {"three_public.vehicles.operation", {false, false, {"30231"}}},
      {"three_public.abroad", {false, false, {"30212"}}},
      {"three_public.reception", {false, false, {"30217"}}},
      {"operating.office", {true, false, {"30201"}}},
      {"operating.utilities_travel",
       {true, false, {"30205", "30206", "30211"}}},
      {"operating.meetings_training", {true, false, {"30215", "30216"}}},
      {"procurement", {false, true, {}}},
  };
  return *rules;
}

// A row, and whether an event is behind it.
struct Cell {
  OracleValue value;
  bool recorded = false;

  bool IsAmount() const { return value.kind == Kind::kFen; }
};

bool IsOnRow(const v1::Line& line, const LineFilter& row) {
  using Nature = LineFilter::NatureRow;
  const bool operating = line.nature() == v1::NATURE_OPERATING;
  const bool personnel = line.nature() == v1::NATURE_PERSONNEL;
  const bool basic =
      line.nature() == v1::NATURE_BASIC || operating || personnel;
  const bool project = line.nature() == v1::NATURE_PROJECT;
  if (line.fund() != row.fund) return false;
  if (row.nature == Nature::kBasic && !basic) return false;
  if (row.nature == Nature::kPersonnel && !personnel) return false;
  if (row.nature == Nature::kOperating && !operating) return false;
  if (row.nature == Nature::kProject && !project) return false;
  if (!row.project.empty() && line.project() != row.project) return false;
  if (!row.scope_project.empty() && line.project() != row.scope_project) {
    return false;
  }
  if (row.source_row != v1::SOURCE_ROW_UNSPECIFIED &&
      line.source_row() != row.source_row) {
    return false;
  }
  if (!row.unit.empty() && line.unit() != row.unit) return false;
  return BeginsWith(line.function_code(), row.function) &&
         BeginsWith(line.economic_code(), row.economic);
}

// What a measure is the sum of; itself, when events say it.
std::vector<std::pair<Measure, int>> TermsOf(Measure measure) {
  switch (measure) {
    case Measure::kAdjusted:
      return {{Measure::kApproved, 1}, {Measure::kAdjustment, 1}};
    case Measure::kAvailable:
      return {{Measure::kAdjusted, 1},
              {Measure::kOpeningCarryover, 1},
              {Measure::kAllocatedCarryover, -1}};
    case Measure::kBalance:
      return {{Measure::kAvailable, 1}, {Measure::kExecuted, -1}};
    default:
      return {};
  }
}

// How often a part of measure `part` is in `measure`.
std::optional<int> TimesIn(Measure measure, Measure part) {
  if (measure == part) return 1;
  std::optional<int> times;
  for (const auto& [term, sign] : TermsOf(measure)) {
    const std::optional<int> in_term = TimesIn(term, part);
    if (in_term.has_value()) times = times.value_or(0) + sign * *in_term;
  }
  return times;
}

OracleValue Stated(const OracleView& view, const std::string& path) {
  OracleValue value;
  for (const v1::Entry* entry : view.living) {
    const v1::Event& event = entry->event();
    if (event.has_prior_year_figure_stated() &&
        event.prior_year_figure_stated().figure() == path) {
      value = FenValue(event.prior_year_figure_stated().amount_fen());
    }
    if (!event.has_figure_stated() || event.figure_stated().figure() != path) {
      continue;
    }
    const auto statement = event.figure_stated().statement();
    value = FenValue(0);
    if (statement == v1::FigureStated::STATEMENT_NONE) {
      value.kind = Kind::kNone;
    }
    if (statement == v1::FigureStated::STATEMENT_NOT_APPLICABLE) {
      value.kind = Kind::kNotApplicable;
    }
  }
  return value;
}

bool IsZeroRow(const OracleView& view, const LineFilter& lines,
               Measure measure) {
  const bool has_parts = !lines.function.empty() || !lines.economic.empty() ||
                         !lines.unit.empty() || !lines.scope_project.empty() ||
                         lines.source_row != v1::SOURCE_ROW_UNSPECIFIED;
  if (has_parts || !view.IsOpened(*lines.fund)) return false;
  if (!lines.project.empty() && !view.HasProject(lines.project)) return false;
  if (measure == Measure::kIncome) {
    return lines.nature == LineFilter::NatureRow::kAny;
  }
  return measure == Measure::kApproved || measure == Measure::kAdjustment ||
         measure == Measure::kExecuted ||
         measure == Measure::kOpeningCarryover ||
         measure == Measure::kClosingCarryover;
}

Cell Row(const OracleView& view, const LineFilter& lines, Measure measure);

Cell RowOfAll(const OracleView& view, LineFilter lines, Measure measure) {
  Cell sum;
  for (const int fund : view.opened.funds()) {
    lines.fund = static_cast<v1::Fund>(fund);
    const Cell term = Row(view, lines, measure);
    sum.recorded = sum.recorded || term.recorded;
    if (!term.IsAmount()) continue;
    sum.value = FenValue(sum.value.fen + term.value.fen);
  }
  return sum;
}

Cell Row(const OracleView& view, const LineFilter& lines, Measure measure) {
  Cell cell;
  if (!lines.fund.has_value()) {
    cell = RowOfAll(view, lines, measure);
  } else {
    for (const MoneyPart& part : view.money) {
      const std::optional<int> times = TimesIn(measure, part.measure);
      if (part.of_which || !times.has_value() || !IsOnRow(part.line, lines)) {
        continue;
      }
      cell.recorded = true;
      cell.value = FenValue(cell.value.fen + *times * part.fen);
    }
  }
  if (cell.recorded) return cell;
  const OracleValue stated = Stated(
      view, absl::StrCat(LineFilterToString(lines), ".", MeasureName(measure)));
  if (stated.kind != Kind::kBlank) return {stated, false};
  if (!lines.fund.has_value()) return cell;
  if (IsZeroRow(view, lines, measure)) return {FenValue(0), false};
  // Without events every term is 0 or nothing at all.
  for (const auto& [term, sign] : TermsOf(measure)) {
    if (Row(view, lines, term).IsAmount()) return {FenValue(0), false};
  }
  return {};
}

// 100 x part / whole with two decimals.
OracleValue Percent(int64_t part, int64_t whole) {
  return Hundredths(
      static_cast<int64_t>(Quotient(static_cast<Wide>(part) * 10'000, whole)));
}

OracleValue Money(const OracleView& view, const FigurePath& path) {
  if (path.measure == Measure::kPriorExecuted) {
    return Stated(view, path.ToString());
  }
  const bool of_adjusted = path.measure == Measure::kExecutionRate;
  if (!of_adjusted && path.measure != Measure::kExecutionRateApproved) {
    return Row(view, path.lines, path.measure).value;
  }
  const Cell executed = Row(view, path.lines, Measure::kExecuted);
  const Cell budget = Row(
      view, path.lines, of_adjusted ? Measure::kAdjusted : Measure::kApproved);
  if (executed.IsAmount() && budget.IsAmount() && budget.value.fen > 0) {
    return Percent(executed.value.fen, budget.value.fen);
  }
  if (executed.recorded || budget.recorded) return {};
  return Stated(view, path.ToString());
}

std::optional<int64_t> People(const OracleView& view, const std::string& name) {
  std::optional<int64_t> people;
  for (const v1::Entry* entry : view.living) {
    const v1::HeadcountRecorded& of = entry->event().headcount_recorded();
    if (name == "quota" && of.has_quota()) people = of.quota();
    if (name == "actual" && of.has_actual()) people = of.actual();
    if (name == "permanent" && of.has_permanent()) people = of.permanent();
    if (name == "contract" && of.has_contract()) people = of.contract();
  }
  return people;
}

std::optional<OracleValue> Headcount(const OracleView& view,
                                     const std::string& name) {
  if (name == "control_rate") {
    const std::optional<int64_t> quota = People(view, "quota");
    const std::optional<int64_t> actual = People(view, "actual");
    if (!quota.has_value() || !actual.has_value() || *quota == 0) return {};
    return Percent(*actual, *quota);
  }
  const std::optional<int64_t> people = People(view, name);
  if (!people.has_value()) return std::nullopt;
  v1::Decimal number;
  number.set_unscaled(*people);
  return NumberValueOf(number);
}

OracleValue Topic(const OracleView& view, const FigurePath& path) {
  const std::string headcount = "headcount.";
  if (path.lines.scope_project.empty() && BeginsWith(path.name, headcount)) {
    const std::optional<OracleValue> people =
        Headcount(view, path.name.substr(headcount.size()));
    if (people.has_value()) return *people;
  }
  const size_t dot = path.name.rfind('.');
  const std::string measure =
      dot == std::string::npos ? "" : path.name.substr(dot + 1);
  const auto rule = TopicRules().find(path.name.substr(0, dot));
  bool recorded = false;
  int64_t fen = 0;
  for (const MoneyPart& part : view.money) {
    if (rule == TopicRules().end()) break;
    const bool counts = measure == "executed"
                            ? part.measure == Measure::kExecuted
                            : measure == "approved" && part.of_which;
    if (!counts || !view.IsOpened(part.line.fund())) continue;
    const std::string& scope = path.lines.scope_project;
    if (!scope.empty() && part.line.project() != scope) continue;
    const auto& [operating_alone, procurement, codes] = rule->second;
    if (operating_alone && part.line.nature() != v1::NATURE_OPERATING) continue;
    if (procurement && !part.procurement) continue;
    if (!procurement &&
        std::none_of(codes.begin(), codes.end(), [&](const std::string& code) {
          return BeginsWith(part.line.economic_code(), code);
        })) {
      continue;
    }
    recorded = true;
    fen += part.fen;
  }
  return recorded ? FenValue(fen) : Stated(view, path.ToString());
}

const v1::ActivityRecorded* Activity(const OracleView& view,
                                     const FigurePath& path) {
  const v1::ActivityRecorded* latest = nullptr;
  for (const v1::Entry* entry : view.living) {
    const v1::Event& event = entry->event();
    if (event.has_activity_recorded() &&
        event.activity_recorded().activity() == path.name) {
      latest = &event.activity_recorded();
    }
  }
  return latest;
}

}  // namespace

std::string OracleValue::ToString() const {
  switch (kind) {
    case Kind::kBlank:
      return "blank";
    case Kind::kNone:
      return "none";
    case Kind::kNotApplicable:
      return "not applicable";
    case Kind::kNotReported:
      return "not reported";
    case Kind::kFen:
      return absl::StrCat(fen, " fen");
    case Kind::kWord:
      return absl::StrCat("word: ", word);
    case Kind::kDay:
      return absl::StrCat("day: ", absl::FormatCivilTime(day));
    case Kind::kNumber:
      break;
  }
  const bool negative = number.unscaled() < 0;
  std::string digits =
      absl::StrCat(negative ? -number.unscaled() : number.unscaled());
  if (number.scale() > 0) {
    while (digits.size() <= number.scale()) digits.insert(0, "0");
    digits.insert(digits.size() - number.scale(), ".");
  }
  return (negative ? "-" : "") + digits;
}

OracleValue FenValue(int64_t fen) {
  OracleValue value;
  value.kind = Kind::kFen;
  value.fen = fen;
  return value;
}

OracleValue NumberValueOf(const v1::Decimal& number) {
  OracleValue value;
  value.kind = Kind::kNumber;
  value.number = number;
  return value;
}

OracleValue Hundredths(int64_t hundredths) {
  v1::Decimal number;
  number.set_unscaled(hundredths);
  number.set_scale(2);
  return NumberValueOf(number);
}

OracleValue WordValueOf(const std::string& word) {
  OracleValue value;
  value.kind = Kind::kWord;
  value.word = word;
  return value;
}

Wide Quotient(Wide numerator, Wide denominator) {
  const Wide size = numerator < 0 ? -numerator : numerator;
  const Wide rounded = (2 * size + denominator) / (2 * denominator);
  return numerator < 0 ? -rounded : rounded;
}

OracleValue AnswerFigure(const OracleView& view, const FigurePath& path) {
  if (path.family == FigurePath::Family::kMoney) return Money(view, path);
  if (path.family == FigurePath::Family::kTopic) return Topic(view, path);
  const v1::ActivityRecorded* activity = Activity(view, path);
  if (activity == nullptr) return Stated(view, path.ToString());
  return NumberValueOf(activity->quantity().value());
}

std::string UnitOfFigure(const OracleView& view, const FigurePath& path) {
  if (path.family == FigurePath::Family::kMoney) {
    return path.measure == Measure::kExecutionRate ||
                   path.measure == Measure::kExecutionRateApproved
               ? "%"
               : "万元";
  }
  if (path.family == FigurePath::Family::kTopic) {
    if (path.name == "headcount.control_rate") return "%";
    return BeginsWith(path.name, "headcount.") ? "人" : "万元";
  }
  const v1::ActivityRecorded* activity = Activity(view, path);
  return activity == nullptr ? "" : activity->quantity().unit();
}

std::map<std::string, std::string> AnswerSections(const OracleView& view) {
  std::map<std::string, std::string> sections;
  for (const v1::Entry* entry : view.living) {
    if (!entry->event().has_narrative_section_recorded()) continue;
    const v1::NarrativeSectionRecorded& of =
        entry->event().narrative_section_recorded();
    sections[of.section()] = of.text();
  }
  return sections;
}

}  // namespace daybook::testing
