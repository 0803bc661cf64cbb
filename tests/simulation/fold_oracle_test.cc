// The fold of core/report and the admission of core/admission against
// evaluators that were written apart from them, on random histories: every
// payload, every kind of correction, closing and reopening, several sources and
// years, recorded in an order that has nothing to do with the effective dates.
//
// While a history grows it is asked at random for its report as known then and
// as of a random day. A history follows from its seed: DAYBOOK_FOLD_SEED sets
// the first, DAYBOOK_FOLD_HISTORIES how many follow (1,000 by default). A
// failure prints the seed of its history: run that one with
// DAYBOOK_FOLD_HISTORIES=1.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/report/figures.h"
#include "core/report/report_view.h"
#include "gtest/gtest.h"
#include "tests/simulation/coverage.h"
#include "tests/simulation/historian.h"
#include "tests/simulation/oracle_admission.h"
#include "tests/simulation/oracle_figures.h"
#include "tests/simulation/oracle_scores.h"
#include "tests/simulation/oracle_view.h"
#include "tests/support/ledger_state.h"
#include "tests/support/memory_ledger.h"

namespace daybook::testing {
namespace {

// Beside the figures that the report itself has.
constexpr int kPathsPerQuestion = 40;
// One question for so many events, on average.
constexpr int kEventsPerQuestion = 15;
// From so many histories on nothing may be missing in them.
constexpr uint64_t kHistoriesOfFullCoverage = 200;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// As OracleValue spells it.
OracleValue ValueOf(const v1::FigureValue& value) {
  OracleValue result;
  if (value.has_amount_fen()) return FenValue(value.amount_fen());
  if (value.has_number()) return NumberValueOf(value.number());
  if (value.has_word()) return WordValueOf(value.word());
  if (value.has_date()) {
    result.kind = OracleValue::Kind::kDay;
    result.day = DayOf(value.date());
  } else if (value.empty() == v1::EMPTINESS_NONE) {
    result.kind = OracleValue::Kind::kNone;
  } else if (value.empty() == v1::EMPTINESS_NOT_APPLICABLE) {
    result.kind = OracleValue::Kind::kNotApplicable;
  } else if (value.empty() == v1::EMPTINESS_NOT_REPORTED) {
    result.kind = OracleValue::Kind::kNotReported;
  }
  return result;
}

std::string Spell(const v1::FigureValue& value) {
  return ValueOf(value).ToString();
}

// Numbers without the zeros that they may end in.
std::string ByValue(const OracleValue& value) {
  std::string text = value.ToString();
  if (value.kind != OracleValue::Kind::kNumber || value.number.scale() == 0) {
    return text;
  }
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string Tell(const Entries& entries) {
  std::string story;
  for (const v1::Entry* entry : entries) {
    absl::StrAppend(&story, entry->position(), " ", entry->source(), ": ",
                    entry->event().ShortDebugString(), "\n");
  }
  return story;
}

class FoldOracleTest : public ::testing::Test {
 protected:
  // One question to one report.
  void Compare(const LedgerState& ledger, const std::string& name,
               absl::CivilDay day);
  void CompareFigures(const v1::Report& report, const Figures& figures);
  void CompareRows(const v1::Report& report);
  void CompareRow(const v1::IndicatorRow& row, const OracleRow& expected);
  void CompareClosing(const v1::Report& report);

  void RunHistory(uint64_t seed);
  void Offering(const Offer& offer);
  void AskAgain();

  std::string DrawReport() {
    return historian_->OneIn(8) ? kEarlierReport : kMainReport;
  }

  std::unique_ptr<Historian> historian_;
  std::unique_ptr<MemoryLedger> ledger_;
  Entries entries_;
  OracleView view_;
  OracleSheet sheet_;
  Coverage coverage_;
  uint64_t questions_ = 0;
  uint64_t figures_ = 0;
};

void FoldOracleTest::CompareFigures(const v1::Report& report,
                                    const Figures& figures) {
  for (const v1::Figure& figure : report.figures()) {
    ++figures_;
    ASSERT_EQ(Spell(figure.value()), AnswerPath(view_, sheet_, figure.path()))
        << figure.path();
  }
  for (int i = 0; i < kPathsPerQuestion; ++i) {
    const std::string& path = AskedPaths()[static_cast<size_t>(
        historian_->Below(static_cast<int>(AskedPaths().size())))];
    ++figures_;
    ASSERT_EQ(Spell(figures.Value(*FigurePath::Parse(path))),
              AnswerPath(view_, sheet_, path))
        << path;
  }
}

void FoldOracleTest::CompareRow(const v1::IndicatorRow& row,
                                const OracleRow& expected) {
  using Score = FigurePath::ScoreKind;
  SCOPED_TRACE(row.ShortDebugString());
  EXPECT_EQ(row.operator_(), expected.op);
  EXPECT_EQ(ByValue(ValueOf(row.target())), ByValue(expected.target));
  EXPECT_EQ(ByValue(ValueOf(row.actual())), ByValue(expected.actual));
  EXPECT_EQ(ByValue(ValueOf(row.attainment_percent())),
            ByValue(expected.attainment));
  EXPECT_EQ(row.has_initial_target(), expected.initial_target.has_value());
  EXPECT_EQ(ByValue(ValueOf(row.initial_target())),
            ByValue(expected.initial_target.value_or(OracleValue())));
  if (!expected.has_result) {
    EXPECT_EQ(row.unit(), expected.unit);
  }
  EXPECT_EQ(ByValue(ValueOf(row.weight())),
            ByValue(expected.weight.has_value() ? Hundredths(*expected.weight)
                                                : OracleValue()));
  EXPECT_EQ(Spell(row.rule_score()),
            sheet_.ScoreOf(expected, Score::kRule).ToString());
  EXPECT_EQ(Spell(row.declared_score()),
            sheet_.ScoreOf(expected, Score::kDeclared).ToString());
  EXPECT_EQ(Spell(row.score()),
            sheet_.ScoreOf(expected, Score::kCounted).ToString());
  EXPECT_EQ(row.deviation_reason(), expected.deviation_reason);
}

void FoldOracleTest::CompareRows(const v1::Report& report) {
  std::map<std::string, const OracleRow*> expected;
  for (const OracleRow& row : sheet_.rows) expected[row.indicator] = &row;
  ASSERT_EQ(static_cast<size_t>(report.indicators_size()), expected.size());
  for (const v1::IndicatorRow& row : report.indicators()) {
    ASSERT_EQ(expected.count(row.indicator()), 1u) << row.indicator();
    CompareRow(row, *expected[row.indicator()]);
    if (HasFailure()) return;
  }
  for (const v1::LevelRow& level : report.levels()) {
    EXPECT_EQ(Spell(level.rule_score()),
              AnswerPath(view_, sheet_, "score.rule." + level.level()))
        << level.level();
    EXPECT_EQ(Spell(level.score()),
              AnswerPath(view_, sheet_, "score." + level.level()))
        << level.level();
  }
  std::map<std::string, std::string> sections;
  for (const v1::NarrativeSection& section : report.sections()) {
    sections[section.section()] = section.text();
  }
  EXPECT_EQ(sections, AnswerSections(view_));
}

void FoldOracleTest::CompareClosing(const v1::Report& report) {
  const ClosingAnswer expected = AnswerClosing(view_);
  EXPECT_EQ(report.late_adjustments(), expected.late_adjustments);
  EXPECT_EQ(report.has_closed_through(), expected.closed_through.has_value());
  if (report.has_closed_through() && expected.closed_through.has_value()) {
    EXPECT_EQ(DayOf(report.closed_through()), *expected.closed_through);
  }
  std::vector<uint64_t> publications;
  for (const v1::Publication& publication : report.publications()) {
    publications.push_back(publication.position());
  }
  EXPECT_EQ(publications, expected.publications);
}

void FoldOracleTest::Compare(const LedgerState& ledger, const std::string& name,
                             absl::CivilDay day) {
  SCOPED_TRACE(absl::StrCat(name, " as of ", absl::FormatCivilTime(day),
                            " as known at ", ledger.size().value()));
  view_ = LookAt(
      Entries(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(
                                                       ledger.size().value())),
      name, day);
  const ReportState* const state = ledger.FindReport(name);
  ASSERT_EQ(state != nullptr, !view_.opened.book_source().empty());
  if (state == nullptr) return;
  ++questions_;
  sheet_ = ScoreSheetOf(view_);
  const v1::Report report = BuildReport(ledger, *state, day);
  const Figures figures(*state,
                        *ledger.FindDepartment(DepartmentOfSubject(name)), day);
  CompareFigures(report, figures);
  if (!HasFailure()) CompareRows(report);
  if (!HasFailure()) CompareClosing(report);
}

void FoldOracleTest::Offering(const Offer& offer) {
  const std::set<std::string> broken =
      BrokenRules(entries_, offer.source, offer.event);
  v1::EventInput input;
  *input.mutable_event() = offer.event;
  *input.mutable_personal_data() = offer.personal_data;
  const std::vector<v1::Problem> problems =
      ledger_->Append(offer.source, input);
  std::string said;
  for (const v1::Problem& problem : problems) {
    absl::StrAppend(&said, problem.ShortDebugString(), "\n");
  }
  ASSERT_EQ(problems.empty(), broken.empty())
      << offer.source << ": " << offer.event.ShortDebugString() << "\n"
      << "the oracle finds broken: " << absl::StrJoin(broken, "; ") << "\n"
      << "admission says: " << said;
  if (!problems.empty()) {
    coverage_.Refuse(broken);
    return;
  }
  // Appending may have moved all entries.
  const size_t size = ledger_->entries().size();
  entries_ = FirstEntries(ledger_->entries(), size);
  coverage_.Accept(FirstEntries(ledger_->entries(), size - 1),
                   *entries_.back());
}

// A fold of some first entries alone says the same as one that went on.
void FoldOracleTest::AskAgain() {
  const auto size = static_cast<uint64_t>(
      1 + historian_->Below(static_cast<int>(entries_.size())));
  LedgerState ledger;
  for (uint64_t i = 0; i < size; ++i) {
    ASSERT_TRUE(ledger.Apply(*entries_[i]).ok());
  }
  const std::string report = DrawReport();
  Compare(ledger, report, historian_->DrawDay(report));
}

void FoldOracleTest::RunHistory(uint64_t seed) {
  SCOPED_TRACE(
      absl::StrCat("DAYBOOK_FOLD_SEED=", seed, " DAYBOOK_FOLD_HISTORIES=1"));
  historian_ = std::make_unique<Historian>(seed);
  ledger_ = std::make_unique<MemoryLedger>(kLedger);
  entries_ = FirstEntries(ledger_->entries(), 1);
  for (size_t i = 0; i < historian_->offers() && !HasFailure(); ++i) {
    Offering(historian_->Draw(entries_));
    if (HasFailure() || !historian_->OneIn(kEventsPerQuestion)) continue;
    const std::string report = DrawReport();
    Compare(ledger_->state(), report, historian_->DrawDay(report));
  }
  if (!HasFailure()) {
    Compare(ledger_->state(), kMainReport, absl::CivilDay(2024, 12, 31));
  }
  if (!HasFailure()) AskAgain();
  if (HasFailure()) ADD_FAILURE() << Tell(entries_);
}

void Say(const char* what, uint64_t count) {
  std::printf("%s %s ", what, std::to_string(count).c_str());
}

TEST_F(FoldOracleTest, RandomHistoriesAreFoldedAndAdmittedAsTheRulesSay) {
  const uint64_t seed = FromEnvironment("DAYBOOK_FOLD_SEED", 20240101);
  const uint64_t histories = FromEnvironment("DAYBOOK_FOLD_HISTORIES", 1'000);
  const bool progress = FromEnvironment("DAYBOOK_FOLD_PROGRESS", 0) != 0;
  std::printf("%s histories from DAYBOOK_FOLD_SEED=%s\n",
              std::to_string(histories).c_str(), std::to_string(seed).c_str());
  std::fflush(stdout);
  for (uint64_t i = 0; i < histories; ++i) {
    RunHistory(seed + i);
    if (HasFailure()) return;
    if (!progress || (i + 1) % 100 != 0) continue;
    Say("done", i + 1);
    std::printf("\n");
    std::fflush(stdout);
  }
  Say("recorded", coverage_.accepted());
  Say("refused", coverage_.refused());
  Say("questions", questions_);
  Say("figures", figures_);
  std::printf("\n");
  if (histories < kHistoriesOfFullCoverage) return;
  EXPECT_EQ(absl::StrJoin(coverage_.Missing(), "\n"), "")
      << "no history held these";
}

}  // namespace
}  // namespace daybook::testing
