// The fold of core/report against FoldOracle, on random histories: random lines
// and days, every money payload, statements, results with increments, two
// sources, and reversals on the day or later, recorded in random order.
//
// A history follows from its seed. DAYBOOK_FOLD_SEED sets the first seed,
// DAYBOOK_FOLD_HISTORIES how many follow (200 by default). A failure prints the
// seed of its history: run that one with DAYBOOK_FOLD_HISTORIES=1.

#include "tests/simulation/fold_oracle.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"
#include "core/report/figures.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

constexpr size_t kFiguresPerHistory = 60;
constexpr size_t kDaysPerHistory = 6;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Every path that may be asked for or stated.
const std::vector<std::string>& AllPaths() {
  static const auto* const paths = [] {
    auto* const result = new std::vector<std::string>;
    for (const char* row : {"all",
                            "general",
                            "government_fund",
                            "other",
                            "all.basic",
                            "general.basic",
                            "general.basic.personnel",
                            "all.basic.operating",
                            "general.project",
                            "all.project[road]",
                            "general.project[road]",
                            "government_fund.project[school]",
                            "other.project[road]",
                            "general.project[bridge]",
                            "general.function[20811]",
                            "all.function[208].econ[302]",
                            "general.basic.operating.econ[30201]",
                            "all.econ[31013]",
                            "general.source[current]",
                            "all.unit[A]",
                            "general.project[road].unit[B]",
                            "project[road].all",
                            "project[school].general"}) {
      for (const char* measure :
           {"approved", "adjustment", "adjusted", "recovered", "available",
            "executed", "balance", "execution_rate", "execution_rate_approved",
            "prior_executed", "income", "opening_carryover",
            "closing_carryover"}) {
        result->push_back(absl::StrCat(row, ".", measure));
      }
    }
    for (const char* topic :
         {"three_public", "three_public.vehicles", "three_public.reception",
          "three_public.vehicles.purchase", "operating.office", "procurement",
          "project[road].three_public", "project[road].procurement"}) {
      for (const char* measure : {"approved", "executed", "prior_executed"}) {
        result->push_back(absl::StrCat(topic, ".", measure));
      }
    }
    for (const char* path :
         {"headcount.quota", "headcount.actual", "headcount.control_rate",
          "activity[visits]", "construction"}) {
      result->push_back(path);
    }
    return result;
  }();
  return *paths;
}

bool IsAbout(const std::string& path, const char* part) {
  return path.find(part) != std::string::npos;
}

// What a path reads, as FoldOracle spells it.
std::string Spell(const v1::FigureValue& value) {
  if (value.has_amount_fen()) return absl::StrCat(value.amount_fen(), " fen");
  if (value.has_number()) {
    return Decimal(value.number().unscaled(), value.number().scale())
        .ToString();
  }
  switch (value.empty()) {
    case v1::EMPTINESS_BLANK:
      return "blank";
    case v1::EMPTINESS_NONE:
      return "none";
    case v1::EMPTINESS_NOT_APPLICABLE:
      return "not applicable";
    default:
      return value.ShortDebugString();
  }
}

// Draws a history.
class Historian {
 public:
  explicit Historian(uint64_t seed) : random_(seed) {
    // Few days, so that facts meet on one.
    days_ = {"01-01", "12-31"};
    while (days_.size() < 10) {
      days_.push_back(
          FormatDay(absl::CivilDay(2024, 1, 1) + Below(366)).substr(5));
    }
  }

  Facts Draw() {
    Facts facts = {DrawOpened(), Indicator("output.a"), Indicator("output.b")};
    const int count = 10 + Below(70);
    for (int i = 0; i < count; ++i) {
      Fact fact = Named(absl::StrCat("e", i), DrawFact());
      if (Below(4) == 0) fact = By("payments", std::move(fact));
      standing_.push_back(fact);
      facts.push_back(std::move(fact));
      if (Below(4) == 0) facts.push_back(DrawReversal());
    }
    return facts;
  }

  // Another recorded order in which each reversal still follows its target.
  Facts Reorder(Facts facts) {
    std::shuffle(facts.begin(), facts.end(), random_);
    std::map<std::pair<std::string, std::string>, size_t> place;
    for (size_t i = 0; i < facts.size(); ++i) {
      place[{facts[i].source, facts[i].event.event_id()}] = i;
    }
    for (size_t i = 0; i < facts.size(); ++i) {
      if (!facts[i].event.has_reversal()) continue;
      const v1::Reversal& reversal = facts[i].event.reversal();
      const size_t target =
          place.at({reversal.target_source(), reversal.target_event_id()});
      // A reversal is no target, so that no place in `place` goes stale.
      if (target > i) {
        place[{facts[target].source, facts[target].event.event_id()}] = i;
        std::swap(facts[i], facts[target]);
      }
    }
    return facts;
  }

  std::string DrawDay() {
    return Below(3) == 0
               ? FormatDay(absl::CivilDay(2024, 1, 1) + Below(366)).substr(5)
               : OneOf(days_);
  }

  std::vector<std::string> DrawPaths() {
    std::vector<std::string> paths = AllPaths();
    std::shuffle(paths.begin(), paths.end(), random_);
    paths.resize(kFiguresPerHistory);
    return paths;
  }

 private:
  int Below(int limit) {
    return static_cast<int>(random_() % static_cast<uint64_t>(limit));
  }

  template <typename T>
  const T& OneOf(const std::vector<T>& values) {
    return values[static_cast<size_t>(Below(static_cast<int>(values.size())))];
  }

  Fact DrawOpened() {
    return Opened(OneOf<std::vector<v1::Fund>>(
        {{v1::FUND_GENERAL},
         {v1::FUND_GENERAL, v1::FUND_GOVERNMENT_FUND},
         {v1::FUND_GENERAL, v1::FUND_GOVERNMENT_FUND, v1::FUND_OTHER}}));
  }

  std::string DrawRow() {
    std::string row =
        OneOf<std::string>({"general", "general", "government_fund", "other"});
    row += OneOf<std::string>({"", ".basic", ".basic.personnel",
                               ".basic.operating", ".project", ".project[road]",
                               ".project[school]"});
    row += OneOf<std::string>({"", "", ".function[2081104]",
                               ".function[2081199]", ".function[2080501]"});
    row += OneOf<std::string>({"", ".econ[30201]", ".econ[30217]",
                               ".econ[30231]", ".econ[31013]", ".econ[302]"});
    row += OneOf<std::string>(
        {"", "", ".source[current]", ".source[carried_over]"});
    row += OneOf<std::string>({"", "", ".unit[A]", ".unit[B]"});
    return row;
  }

  // Small amounts cancel out now and then.
  int64_t DrawFen() { return 1 + Below(Below(2) == 0 ? 3 : 1'000'000); }
  int64_t DrawSignedFen() { return Below(5) == 0 ? -DrawFen() : DrawFen(); }

  Fact DrawMoney() {
    const std::string row = DrawRow();
    const std::string day = DrawDay();
    switch (Below(11)) {
      case 0:
        return Dated(day, Approved(row, DrawSignedFen()));
      case 1:
        return Dated(day, OfWhich(row, DrawSignedFen()));
      case 2:
        return Dated(day, Procured(OfWhich(row, DrawSignedFen())));
      case 3:
        return Adjusted(day, row, DrawSignedFen());
      case 4:
        return Recovered(day, row, -DrawFen());
      case 5:
        return CarriedOver(day, row, DrawFen());
      case 6:
        return Income(day, row, DrawSignedFen());
      case 7:
        return Dated(day, OpeningCarryover(row, DrawSignedFen()));
      case 8:
        return Dated(day, ClosingCarryover(row, DrawSignedFen()));
      case 9:
        return Procured(Spent(day, row, DrawSignedFen()));
      default:
        return Spent(day, row, DrawSignedFen());
    }
  }

  Fact DrawStatement() {
    const std::string day = DrawDay();
    std::string path = OneOf(AllPaths());
    while (IsAbout(path, "activity")) path = OneOf(AllPaths());
    if (IsAbout(path, "prior_executed") && Below(2) == 0) {
      return Dated(day, PriorYear(path, Below(1000)));
    }
    switch (Below(3)) {
      case 0:
        return StatedZero(day, path);
      case 1:
        return StatedNone(day, path);
      default:
        return StatedNotApplicable(day, path);
    }
  }

  v1::MeasuredValue DrawPeople() {
    return People(
        OneOf<std::string>({"1", "2.5", "0.25", "10", "-3", "0.001"}));
  }

  Fact DrawFact() {
    const std::string day = DrawDay();
    switch (Below(12)) {
      case 0:
      case 1:
      case 2:
        return DrawStatement();
      case 3:
        return Headcount(day, Below(4) - 1, Below(9) - 1);
      case 4:
        return Activity(day, "visits", absl::StrCat(Below(100)));
      case 5:
        return Result(day, OneOf<std::string>({"output.a", "output.b"}),
                      DrawPeople());
      case 6:
        return Increment(day, OneOf<std::string>({"output.a", "output.b"}),
                         DrawPeople());
      default:
        return DrawMoney();
    }
  }

  // Cancels a fact that still stands, on its day or later.
  Fact DrawReversal() {
    const auto index =
        static_cast<size_t>(Below(static_cast<int>(standing_.size())));
    const Fact target = standing_[index];
    standing_.erase(standing_.begin() + static_cast<std::ptrdiff_t>(index));
    const absl::CivilDay of_target = *ToCivilDay(target.event.effective_date());
    const absl::CivilDay later = Day(DrawDay());
    const absl::CivilDay day =
        Below(2) == 0 ? of_target : std::max(of_target, later);
    const std::string id = target.event.event_id();
    Fact fact = Reversed(FormatDay(day).substr(5), id);
    fact.event.mutable_reversal()->set_target_source(target.source);
    fact.event.set_event_id(absl::StrCat("reversal of ", target.source, id));
    if (Below(2) == 0) fact.source = "payments";
    return fact;
  }

  std::mt19937_64 random_;
  std::vector<std::string> days_;
  // What is not reversed yet.
  Facts standing_;
};

std::string Tell(const Facts& facts) {
  std::string story;
  for (const Fact& fact : facts) {
    absl::StrAppend(&story, fact.source, ": ", fact.event.ShortDebugString(),
                    "\n");
  }
  return story;
}

v1::FigureValue Value(const Figures& figures, const std::string& path) {
  return figures.Value(*FigurePath::Parse(path));
}

// Money and what reverses it.
Facts MoneyOf(const Facts& facts) {
  std::map<std::pair<std::string, std::string>, bool> is_money;
  Facts result;
  for (const Fact& fact : facts) {
    const v1::Event& event = fact.event;
    bool keep = event.has_report_opened() || event.has_budget_approved() ||
                event.has_budget_adjusted() || event.has_income_received() ||
                event.has_carryover_opened() || event.has_carryover_closed() ||
                event.has_expenditure_recorded();
    is_money[{fact.source, event.event_id()}] = keep;
    if (event.has_reversal()) {
      keep = is_money.at({event.reversal().target_source(),
                          event.reversal().target_event_id()});
    }
    if (keep) result.push_back(fact);
  }
  return result;
}

// All figures of one history on some days.
void CompareWithOracle(Historian& historian, const Facts& facts) {
  const LedgerState ledger = Fold(facts);
  const FoldOracle oracle(Entries(facts));
  for (size_t i = 0; i < kDaysPerHistory; ++i) {
    const std::string day = i == 0 ? "12-31" : historian.DrawDay();
    const Figures figures(ReportOf(ledger), DepartmentOf(ledger), Day(day));
    for (const std::string& path : historian.DrawPaths()) {
      ASSERT_EQ(Spell(Value(figures, path)), oracle.Answer(path, Day(day)))
          << path << " on " << day << "\n"
          << Tell(facts);
    }
    for (const v1::IndicatorRow& row : figures.IndicatorRows()) {
      const auto expected =
          oracle.ResultInThousandths(row.indicator(), Day(day));
      ASSERT_EQ(row.actual().has_number(), expected.has_value())
          << row.indicator() << " on " << day << "\n"
          << Tell(facts);
      if (!expected.has_value()) continue;
      const v1::Decimal& actual = row.actual().number();
      ASSERT_EQ(Decimal(actual.unscaled(), actual.scale()),
                Decimal(*expected, 3))
          << row.indicator() << " on " << day << "\n"
          << Tell(facts);
    }
  }
}

void CompareRecordedOrders(Historian& historian, const Facts& facts) {
  const Facts money = MoneyOf(facts);
  const Facts reordered = historian.Reorder(money);
  const LedgerState one = Fold(money);
  const LedgerState other = Fold(reordered);
  for (size_t i = 0; i < kDaysPerHistory; ++i) {
    const std::string day = i == 0 ? "12-31" : historian.DrawDay();
    const Figures figures(ReportOf(one), DepartmentOf(one), Day(day));
    const Figures same(ReportOf(other), DepartmentOf(other), Day(day));
    for (const std::string& path : historian.DrawPaths()) {
      ASSERT_EQ(Spell(Value(figures, path)), Spell(Value(same, path)))
          << path << " on " << day << "\n"
          << Tell(money) << "reordered:\n"
          << Tell(reordered);
    }
  }
}

void ForEachHistory(void (*check)(Historian&, const Facts&)) {
  const uint64_t seed = FromEnvironment("DAYBOOK_FOLD_SEED", 20240101);
  const uint64_t histories = FromEnvironment("DAYBOOK_FOLD_HISTORIES", 200);
  std::printf("%llu histories from DAYBOOK_FOLD_SEED=%llu\n",
              static_cast<unsigned long long>(histories),
              static_cast<unsigned long long>(seed));
  for (uint64_t i = 0; i < histories; ++i) {
    SCOPED_TRACE(absl::StrCat("DAYBOOK_FOLD_SEED=", seed + i,
                              " DAYBOOK_FOLD_HISTORIES=1"));
    Historian historian(seed + i);
    check(historian, historian.Draw());
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(FoldOracleTest, FiguresOfRandomHistoriesAgree) {
  ForEachHistory(CompareWithOracle);
}

TEST(FoldOracleTest, MoneyDoesNotDependOnTheRecordedOrder) {
  ForEachHistory(CompareRecordedOrders);
}

}  // namespace
}  // namespace daybook::testing
