#include "tests/simulation/fold_oracle.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/check.h"
#include "core/base/decimal.h"

namespace daybook::testing {
namespace {

absl::CivilDay DayOf(const v1::Entry& entry) {
  const v1::Date& date = entry.event().effective_date();
  return absl::CivilDay(date.year(), date.month(), date.day());
}

bool BeginsWith(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

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

// An event about money, whatever its payload.
struct Flow {
  enum Kind {
    kApproved,
    kOfWhich,
    kAdjusted,
    kIncome,
    kOpening,
    kClosing,
    kSpent
  };
  Kind kind = kApproved;
  v1::Line line;
  int64_t fen = 0;
  bool procurement = false;
  v1::BudgetAdjusted::Kind adjustment = v1::BudgetAdjusted::KIND_UNSPECIFIED;
};

std::optional<Flow> FlowOf(const v1::Event& event) {
  Flow flow;
  const auto take = [&](Flow::Kind kind, const auto& payload) {
    flow.kind = kind;
    flow.line = payload.line();
    flow.fen = payload.amount_fen();
  };
  if (event.has_budget_approved()) {
    const v1::BudgetApproved& approved = event.budget_approved();
    take(approved.of_which() ? Flow::kOfWhich : Flow::kApproved, approved);
    flow.procurement = approved.procurement();
  } else if (event.has_budget_adjusted()) {
    take(Flow::kAdjusted, event.budget_adjusted());
    flow.adjustment = event.budget_adjusted().kind();
  } else if (event.has_income_received()) {
    take(Flow::kIncome, event.income_received());
  } else if (event.has_carryover_opened()) {
    take(Flow::kOpening, event.carryover_opened());
  } else if (event.has_carryover_closed()) {
    take(Flow::kClosing, event.carryover_closed());
  } else if (event.has_expenditure_recorded()) {
    take(Flow::kSpent, event.expenditure_recorded());
    flow.procurement = event.expenditure_recorded().procurement();
  } else {
    return std::nullopt;
  }
  return flow;
}

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

// How often the flow is part of the measure: 1, -1 or not at all. Second:
// whether it is counted, which a flow that cancels out is too.
std::pair<int, bool> ShareOf(const Flow& flow, Measure measure) {
  const bool recovery = flow.adjustment == v1::BudgetAdjusted::KIND_RECOVERY;
  const bool allocation =
      flow.adjustment == v1::BudgetAdjusted::KIND_CARRIED_OVER_ALLOCATION;
  const bool approved = flow.kind == Flow::kApproved;
  const bool adjusted = flow.kind == Flow::kAdjusted;
  const auto counted = [](bool is) { return std::pair(is ? 1 : 0, is); };
  switch (measure) {
    case Measure::kApproved:
      return counted(approved);
    case Measure::kAdjustment:
      return counted(adjusted);
    case Measure::kRecovered:
      return recovery ? std::pair(-1, true) : std::pair(0, false);
    case Measure::kAdjusted:
      return counted(approved || adjusted);
    case Measure::kBalance:
      if (flow.kind == Flow::kSpent) return {-1, true};
      [[fallthrough]];
    case Measure::kAvailable:
      // What was allocated of the carry-over is in the opening already.
      if (allocation) return {0, true};
      return counted(approved || adjusted || flow.kind == Flow::kOpening);
    case Measure::kExecuted:
      return counted(flow.kind == Flow::kSpent);
    case Measure::kIncome:
      return counted(flow.kind == Flow::kIncome);
    case Measure::kOpeningCarryover:
      return counted(flow.kind == Flow::kOpening);
    case Measure::kClosingCarryover:
      return counted(flow.kind == Flow::kClosing);
    default:
      return {0, false};
  }
}

// What a derived measure is made of.
std::vector<Measure> TermsOf(Measure measure) {
  switch (measure) {
    case Measure::kAdjusted:
      return {Measure::kApproved, Measure::kAdjustment};
    case Measure::kAvailable:
      return {Measure::kAdjusted, Measure::kOpeningCarryover};
    case Measure::kBalance:
      return {Measure::kAvailable, Measure::kExecuted};
    default:
      return {};
  }
}

// 100 x part / whole with two decimals, half away from zero.
std::string Percent(int64_t part, int64_t whole) {
  const bool negative = part < 0;
  const Int128 twice =
      2 * static_cast<Int128>(negative ? -part : part) * 10'000;
  const Int128 hundredths = (twice + whole) / (2 * static_cast<Int128>(whole));
  const auto value = static_cast<int64_t>(hundredths);
  return absl::StrFormat("%s%d.%02d", negative && value != 0 ? "-" : "",
                         value / 100, value % 100);
}

int64_t Thousandths(const v1::Decimal& decimal) {
  int64_t value = decimal.unscaled();
  for (uint32_t scale = decimal.scale(); scale < 3; ++scale) value *= 10;
  DAYBOOK_CHECK(decimal.scale() <= 3);
  return value;
}

}  // namespace

bool FoldOracle::IsReversed(const v1::Entry& entry, absl::CivilDay day) const {
  return std::any_of(
      entries_.begin(), entries_.end(), [&](const v1::Entry& other) {
        if (!other.event().has_reversal() || DayOf(other) > day) return false;
        const v1::Reversal& reversal = other.event().reversal();
        const std::string& source = reversal.target_source().empty()
                                        ? other.source()
                                        : reversal.target_source();
        return source == entry.source() &&
               reversal.target_event_id() == entry.event().event_id();
      });
}

void FoldOracle::VisitLiving(absl::CivilDay day, const Visit& visit) const {
  std::vector<const v1::Entry*> living;
  for (const v1::Entry& entry : entries_) {
    if (!entry.has_event() || !entry.event().has_effective_date()) continue;
    if (entry.event().has_reversal() || DayOf(entry) > day) continue;
    if (!IsReversed(entry, day)) living.push_back(&entry);
  }
  std::sort(living.begin(), living.end(),
            [](const v1::Entry* a, const v1::Entry* b) {
              return std::pair(DayOf(*a), a->position()) <
                     std::pair(DayOf(*b), b->position());
            });
  for (const v1::Entry* entry : living) visit(*entry);
}

v1::ReportOpened FoldOracle::Opened() const {
  v1::ReportOpened opened;
  for (const v1::Entry& entry : entries_) {
    if (entry.event().has_report_opened()) {
      opened = entry.event().report_opened();
    }
  }
  return opened;
}

bool FoldOracle::IsOpened(v1::Fund fund) const {
  const v1::ReportOpened report = Opened();
  for (const int opened : report.funds()) {
    if (opened == fund) return true;
  }
  return false;
}

bool FoldOracle::HasProject(const std::string& key) const {
  for (const v1::Entry& entry : entries_) {
    if (entry.event().project_registered().key() == key) return true;
  }
  return false;
}

FoldOracle::Cell FoldOracle::Statement(const std::string& path,
                                       absl::CivilDay day) const {
  Cell cell;
  VisitLiving(day, [&](const v1::Entry& entry) {
    const v1::Event& event = entry.event();
    if (event.prior_year_figure_stated().figure() == path) {
      cell = {Cell::kAmount, event.prior_year_figure_stated().amount_fen()};
    }
    if (event.figure_stated().figure() != path) return;
    const auto statement = event.figure_stated().statement();
    cell = {statement == v1::FigureStated::STATEMENT_ZERO ? Cell::kAmount
            : statement == v1::FigureStated::STATEMENT_NONE
                ? Cell::kNone
                : Cell::kNotApplicable};
  });
  return cell;
}

bool FoldOracle::IsZeroRow(const LineFilter& lines, Measure measure) const {
  const bool has_parts = !lines.function.empty() || !lines.economic.empty() ||
                         !lines.unit.empty() || !lines.scope_project.empty() ||
                         lines.source_row != v1::SOURCE_ROW_UNSPECIFIED;
  if (has_parts || !IsOpened(*lines.fund)) return false;
  if (!lines.project.empty() && !HasProject(lines.project)) return false;
  if (measure == Measure::kIncome) {
    return lines.nature == LineFilter::NatureRow::kAny;
  }
  return measure == Measure::kApproved || measure == Measure::kAdjustment ||
         measure == Measure::kExecuted ||
         measure == Measure::kOpeningCarryover ||
         measure == Measure::kClosingCarryover;
}

FoldOracle::Cell FoldOracle::RowOfAll(const LineFilter& lines, Measure measure,
                                      absl::CivilDay day) const {
  Cell sum;
  const v1::ReportOpened report = Opened();
  for (const int fund : report.funds()) {
    LineFilter of_fund = lines;
    of_fund.fund = static_cast<v1::Fund>(fund);
    const Cell term = Row(of_fund, measure, day);
    sum.recorded = sum.recorded || term.recorded;
    if (term.kind != Cell::kAmount) continue;
    sum.kind = Cell::kAmount;
    sum.fen += term.fen;
  }
  return sum;
}

FoldOracle::Cell FoldOracle::Row(LineFilter lines, Measure measure,
                                 absl::CivilDay day) const {
  Cell cell;
  const std::string path =
      absl::StrCat(LineFilterToString(lines), ".", MeasureName(measure));
  if (!lines.fund.has_value()) {
    cell = RowOfAll(lines, measure, day);
  } else {
    VisitLiving(day, [&](const v1::Entry& entry) {
      const std::optional<Flow> flow = FlowOf(entry.event());
      if (!flow.has_value() || !IsOnRow(flow->line, lines)) return;
      if (flow->kind == Flow::kSpent &&
          entry.source() != Opened().book_source()) {
        return;
      }
      const auto [times, counted] = ShareOf(*flow, measure);
      if (!counted) return;
      cell.kind = Cell::kAmount;
      cell.recorded = true;
      cell.fen += times * flow->fen;
    });
  }
  if (cell.recorded) return cell;
  const Cell stated = Statement(path, day);
  if (stated.kind != Cell::kBlank) return stated;
  if (!lines.fund.has_value()) return cell;
  if (IsZeroRow(lines, measure)) return {Cell::kAmount, 0};
  // Without events every term is 0 or nothing at all.
  for (const Measure term : TermsOf(measure)) {
    if (Row(lines, term, day).kind == Cell::kAmount) return {Cell::kAmount, 0};
  }
  return {};
}

std::string FoldOracle::Rate(const LineFilter& lines, Measure measure,
                             absl::CivilDay day) const {
  const Cell executed = Row(lines, Measure::kExecuted, day);
  const Cell budget =
      Row(lines,
          measure == Measure::kExecutionRate ? Measure::kAdjusted
                                             : Measure::kApproved,
          day);
  if (executed.kind == Cell::kAmount && budget.kind == Cell::kAmount &&
      budget.fen > 0) {
    return Percent(executed.fen, budget.fen);
  }
  return executed.recorded || budget.recorded ? "blank" : "";
}

std::string FoldOracle::Money(const FigurePath& path,
                              absl::CivilDay day) const {
  Cell cell;
  if (path.measure == Measure::kExecutionRate ||
      path.measure == Measure::kExecutionRateApproved) {
    const std::string rate = Rate(path.lines, path.measure, day);
    if (!rate.empty()) return rate;
    cell = Statement(path.ToString(), day);
  } else if (path.measure == Measure::kPriorExecuted) {
    cell = Statement(path.ToString(), day);
  } else {
    cell = Row(path.lines, path.measure, day);
  }
  switch (cell.kind) {
    case Cell::kBlank:
      return "blank";
    case Cell::kNone:
      return "none";
    case Cell::kNotApplicable:
      return "not applicable";
    case Cell::kAmount:
      break;
  }
  return absl::StrCat(cell.fen, " fen");
}

std::string FoldOracle::Topic(const FigurePath& path,
                              absl::CivilDay day) const {
  const size_t dot = path.name.rfind('.');
  const std::string measure =
      dot == std::string::npos ? "" : path.name.substr(dot + 1);
  const auto rule = TopicRules().find(path.name.substr(0, dot));
  int64_t fen = 0;
  bool recorded = false;
  VisitLiving(day, [&](const v1::Entry& entry) {
    const std::optional<Flow> flow = FlowOf(entry.event());
    if (rule == TopicRules().end() || !flow.has_value()) return;
    const bool spent =
        flow->kind == Flow::kSpent && entry.source() == Opened().book_source();
    if (!(measure == "executed" && spent) &&
        !(measure == "approved" && flow->kind == Flow::kOfWhich)) {
      return;
    }
    const std::string& scope = path.lines.scope_project;
    if (!scope.empty() && flow->line.project() != scope) return;
    if (!IsOpened(flow->line.fund())) return;
    const auto& [operating_alone, procurement, codes] = rule->second;
    if (operating_alone && flow->line.nature() != v1::NATURE_OPERATING) return;
    if (procurement && !flow->procurement) return;
    if (!procurement &&
        std::none_of(codes.begin(), codes.end(), [&](const std::string& code) {
          return BeginsWith(flow->line.economic_code(), code);
        })) {
      return;
    }
    recorded = true;
    fen += flow->fen;
  });
  if (recorded) return absl::StrCat(fen, " fen");
  FigurePath stated = path;
  stated.family = FigurePath::Family::kTopic;
  const Cell cell = Statement(stated.ToString(), day);
  if (cell.kind == Cell::kAmount) return absl::StrCat(cell.fen, " fen");
  if (cell.kind == Cell::kBlank) return "blank";
  return cell.kind == Cell::kNone ? "none" : "not applicable";
}

std::optional<int64_t> FoldOracle::People(const std::string& number,
                                          absl::CivilDay day) const {
  std::optional<int64_t> people;
  VisitLiving(day, [&](const v1::Entry& entry) {
    const v1::HeadcountRecorded& given = entry.event().headcount_recorded();
    if (number == "quota" && given.has_quota()) people = given.quota();
    if (number == "actual" && given.has_actual()) people = given.actual();
  });
  return people;
}

std::string FoldOracle::Headcount(const std::string& name,
                                  absl::CivilDay day) const {
  if (name == "control_rate") {
    const std::optional<int64_t> quota = People("quota", day);
    const std::optional<int64_t> actual = People("actual", day);
    if (!quota.has_value() || !actual.has_value() || *quota == 0) return "";
    return Percent(*actual, *quota);
  }
  const std::optional<int64_t> people = People(name, day);
  return people.has_value() ? absl::StrCat(*people) : "";
}

std::string FoldOracle::Activity(const FigurePath& path,
                                 absl::CivilDay day) const {
  std::string answer = "blank";
  VisitLiving(day, [&](const v1::Entry& entry) {
    const v1::ActivityRecorded& activity = entry.event().activity_recorded();
    if (activity.activity() != path.name) return;
    DAYBOOK_CHECK(activity.quantity().value().scale() == 0);
    answer = absl::StrCat(activity.quantity().value().unscaled());
  });
  return answer;
}

std::string FoldOracle::Answer(const std::string& path,
                               absl::CivilDay day) const {
  const absl::StatusOr<FigurePath> parsed = FigurePath::Parse(path);
  DAYBOOK_CHECK(parsed.ok());
  switch (parsed->family) {
    case FigurePath::Family::kMoney:
      return Money(*parsed, day);
    case FigurePath::Family::kActivity:
      return Activity(*parsed, day);
    case FigurePath::Family::kTopic:
      break;
    case FigurePath::Family::kScore:
      DAYBOOK_CHECK(false);
  }
  const std::string headcount = "headcount.";
  if (BeginsWith(path, headcount)) {
    const std::string people = Headcount(path.substr(headcount.size()), day);
    if (!people.empty()) return people;
  }
  return Topic(*parsed, day);
}

std::optional<int64_t> FoldOracle::ResultInThousandths(
    const std::string& indicator, absl::CivilDay day) const {
  std::optional<int64_t> result;
  VisitLiving(day, [&](const v1::Entry& entry) {
    const v1::IndicatorResultRecorded& recorded =
        entry.event().indicator_result_recorded();
    if (recorded.indicator() != indicator) return;
    const int64_t value = Thousandths(recorded.value().quantity().value());
    const bool adds =
        recorded.mode() == v1::IndicatorResultRecorded::MODE_INCREMENT;
    result = (adds ? result.value_or(0) : 0) + value;
  });
  return result;
}

}  // namespace daybook::testing
