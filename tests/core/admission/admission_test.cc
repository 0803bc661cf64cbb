// Needs and Decide: what may be recorded over what is recorded already.

#include "core/admission/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/check.h"
#include "core/budget/money.h"
#include "daybook/internal/fact.pb.h"
#include "tests/support/event_builders.h"
#include "tests/support/memory_ledger.h"

namespace daybook {
namespace {

using testing::Dated;
using testing::Department;
using ::testing::ElementsAre;
using testing::Indicator;
using ::testing::IsEmpty;
using testing::kLedger;
using testing::kReport;
using testing::MemoryLedger;
using testing::Opened;
using testing::Policy;
using testing::Project;
using testing::Result;
using testing::Reversed;
using testing::Spent;
using ::testing::UnorderedElementsAre;

v1::Entry EntryOf(const v1::EventInput& input, uint64_t position) {
  v1::Entry entry;
  entry.set_position(position);
  entry.set_source("accounting");
  *entry.mutable_event() = input.event();
  return entry;
}

// Facts that grow with each decision.
class KnownFacts {
 public:
  Decision Decided(const v1::EventInput& input, uint64_t position) {
    const v1::Entry entry = EntryOf(input, position);
    Needed needed = Needs(entry.event(), entry.source());
    Facts facts;
    const auto put = [&](const std::string& key) {
      const auto known = facts_.find(key);
      if (known != facts_.end()) facts.Put(known->first, &known->second);
    };
    needed.VisitKeys(put);
    needed.VisitVouchedKeys(put);
    absl::StatusOr<Decision> decision = Decide(entry, needed, facts);
    DAYBOOK_CHECK(decision.ok());
    if (!decision->problems.empty()) return *std::move(decision);
    facts_[needed.subject_key] = decision->subject;
    for (const FactUpdate& update : decision->updates) {
      facts_[update.key] = update.value;
    }
    return *std::move(decision);
  }

  Fact& operator[](const std::string& key) { return facts_[key]; }
  size_t size() const { return facts_.size(); }

 private:
  std::map<std::string, Fact> facts_;
};

// A ledger with department, report, project `p` and indicator `i`.
class AdmissionTest : public ::testing::Test {
 protected:
  AdmissionTest() : ledger_(kLedger) {
    for (const v1::EventInput& input :
         {Department(), Opened(), Project("p"), Indicator("i")}) {
      EXPECT_THAT(Append(input), IsEmpty());
    }
  }

  // "field CODE", with a + when it may be retried.
  std::vector<std::string> Append(const v1::EventInput& input,
                                  const std::string& source = "accounting") {
    std::vector<std::string> problems;
    for (const v1::Problem& problem : ledger_.Append(source, input)) {
      EXPECT_NE(problem.remedy(), "");
      problems.push_back(problem.field() + " " +
                         absl::StatusCodeToString(
                             static_cast<absl::StatusCode>(problem.code())) +
                         (problem.retryable() ? "+" : ""));
    }
    return problems;
  }

  MemoryLedger ledger_;
};

TEST_F(AdmissionTest, ALedgerNeedsNoRegistration) {
  v1::EventInput rotated;
  rotated.mutable_event()->set_event_id("key");
  rotated.mutable_event()->set_subject(kLedger);
  rotated.mutable_event()->mutable_key_rotated()->set_public_key(
      std::string(32, 'k'));
  rotated.mutable_event()->mutable_key_rotated()->set_reason("yearly");
  MemoryLedger empty(kLedger);
  EXPECT_THAT(empty.Append("daybookd", rotated), IsEmpty());
  EXPECT_THAT(Append(rotated), IsEmpty());
}

TEST_F(AdmissionTest, WhatIsNotRegisteredMayBeRetried) {
  MemoryLedger empty(kLedger);
  EXPECT_EQ(empty.Append("s", Opened())[0].code(), 5);
  EXPECT_TRUE(empty.Append("s", Opened())[0].retryable());
  EXPECT_THAT(empty.Append("s", Department()), IsEmpty());
  EXPECT_TRUE(empty.Append("s", Spent("a", 1))[0].retryable());
  EXPECT_THAT(empty.Append("s", Opened()), IsEmpty());
  EXPECT_THAT(empty.Append("s", Spent("a", 1)), IsEmpty());
}

TEST_F(AdmissionTest, AnUnknownProjectMayBeRetried) {
  v1::EventInput input = Spent("a", 1);
  v1::Line& line =
      *input.mutable_event()->mutable_expenditure_recorded()->mutable_line();
  line.set_project("q");
  EXPECT_THAT(Append(input), ElementsAre("event.expenditure_recorded.line."
                                         "project NOT_FOUND+"));
  line.set_project("p");
  EXPECT_THAT(Append(input), IsEmpty());
}

TEST_F(AdmissionTest, CodesThatTheListLacksAreRecorded) {
  v1::EventInput input = Spent("a", 1);
  input.mutable_event()
      ->mutable_expenditure_recorded()
      ->mutable_line()
      ->set_economic_code("39999");
  EXPECT_THAT(Append(input), IsEmpty());
}

TEST_F(AdmissionTest, SpendingWithoutBudgetIsRecorded) {
  EXPECT_THAT(Append(Spent("a", Money::event_fen_max)), IsEmpty());
}

TEST_F(AdmissionTest, TheBookSourceStaysAndFundsMayBeAdded) {
  v1::EventInput input = Opened("again");
  input.mutable_event()->mutable_report_opened()->add_funds(v1::FUND_OTHER);
  EXPECT_THAT(Append(input), IsEmpty());
  input.mutable_event()->set_event_id("other");
  input.mutable_event()->mutable_report_opened()->set_book_source("payments");
  EXPECT_THAT(Append(input), ElementsAre("event.report_opened.book_source "
                                         "FAILED_PRECONDITION"));
}

TEST_F(AdmissionTest, AnUnknownIndicatorMayBeRetried) {
  EXPECT_THAT(Append(Result("r", "j", 1)),
              ElementsAre("event.indicator_result_recorded.indicator "
                          "NOT_FOUND+"));
  EXPECT_THAT(Append(Indicator("j")), IsEmpty());
  EXPECT_THAT(Append(Result("r", "j", 1)), IsEmpty());
}

TEST_F(AdmissionTest, ANumberIsNoResultOfAQualitativeIndicator) {
  v1::EventInput input = Indicator("q");
  v1::IndicatorSet& set = *input.mutable_event()->mutable_indicator_set();
  set.set_operator_(v1::IndicatorSet::OPERATOR_QUALITATIVE);
  set.mutable_target()->set_word("提升");
  EXPECT_THAT(Append(input), IsEmpty());
  EXPECT_THAT(Append(Result("r", "q", 1)),
              ElementsAre("event.indicator_result_recorded.value "
                          "FAILED_PRECONDITION"));
}

TEST_F(AdmissionTest, AnIncrementHasTheTargetsUnit) {
  v1::EventInput input = Result("r", "i", 1);
  v1::IndicatorResultRecorded& result =
      *input.mutable_event()->mutable_indicator_result_recorded();
  result.set_mode(v1::IndicatorResultRecorded::MODE_INCREMENT);
  EXPECT_THAT(Append(input), IsEmpty());
  input.mutable_event()->set_event_id("r2");
  result.mutable_value()->mutable_quantity()->set_unit("户");
  EXPECT_THAT(Append(input),
              ElementsAre("event.indicator_result_recorded.value.quantity.unit "
                          "FAILED_PRECONDITION"));
  // Another unit alone is a finding, not a refusal.
  result.set_mode(v1::IndicatorResultRecorded::MODE_CUMULATIVE);
  EXPECT_THAT(Append(input), IsEmpty());
}

TEST_F(AdmissionTest, IncrementsNeverAddUpBeyond63Bits) {
  constexpr int64_t half = std::numeric_limits<int64_t>::max() / 2;
  v1::EventInput input = Result("r1", "i", half);
  v1::IndicatorResultRecorded& result =
      *input.mutable_event()->mutable_indicator_result_recorded();
  result.set_mode(v1::IndicatorResultRecorded::MODE_INCREMENT);
  EXPECT_THAT(Append(input), IsEmpty());
  input.mutable_event()->set_event_id("r2");
  EXPECT_THAT(Append(input), IsEmpty());
  input.mutable_event()->set_event_id("r3");
  v1::Decimal& value =
      *result.mutable_value()->mutable_quantity()->mutable_value();
  value.set_unscaled(2);
  EXPECT_THAT(
      Append(input),
      ElementsAre("event.indicator_result_recorded.value.quantity.value "
                  "OUT_OF_RANGE"));
  value.set_unscaled(1);
  EXPECT_THAT(Append(input), IsEmpty());
}

TEST_F(AdmissionTest, AmountsOfAReportStayBelow2To62Together) {
  // 46,116 amounts of 10^14 are the last that fit below 2^62.
  constexpr int fit = 46'116;
  KnownFacts facts;
  const v1::EventInput input = Spent("a", Money::event_fen_max);
  const auto apply = [&](const v1::EventInput& event) {
    return facts.Decided(event, facts.size()).problems;
  };
  ASSERT_THAT(apply(Department()), IsEmpty());
  ASSERT_THAT(apply(Opened()), IsEmpty());
  for (int i = 0; i < fit; ++i) ASSERT_THAT(apply(input), IsEmpty()) << i;
  const std::vector<v1::Problem> problems = apply(input);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].code(), 11);
  // Negative amounts count as much.
  EXPECT_EQ(apply(Spent("b", -Money::event_fen_max)).size(), 1u);
  constexpr int64_t left =
      Money::report_fen_limit - fit * Money::event_fen_max - 1;
  EXPECT_EQ(apply(Spent("c", left + 1)).size(), 1u);
  EXPECT_THAT(apply(Spent("c", left)), IsEmpty());
}

TEST_F(AdmissionTest, AnEventIsReversedOnce) {
  EXPECT_THAT(Append(Spent("a", 1)), IsEmpty());
  EXPECT_THAT(Append(Reversed("b", "a")), IsEmpty());
  EXPECT_THAT(Append(Reversed("c", "a")),
              ElementsAre("event.reversal.target_event_id "
                          "FAILED_PRECONDITION"));
}

TEST_F(AdmissionTest, AReversalIsNotReversed) {
  EXPECT_THAT(Append(Spent("a", 1)), IsEmpty());
  EXPECT_THAT(Append(Reversed("b", "a")), IsEmpty());
  EXPECT_THAT(Append(Reversed("c", "b")),
              ElementsAre("event.reversal.target_event_id "
                          "FAILED_PRECONDITION"));
}

TEST_F(AdmissionTest, WhatIsNotRecordedYetMayBeReversedLater) {
  EXPECT_THAT(Append(Reversed("b", "a")),
              ElementsAre("event.reversal.target_event_id NOT_FOUND+"));
}

TEST_F(AdmissionTest, AReversalNamesAnotherSourceWhereItMust) {
  EXPECT_THAT(Append(Spent("a", 1), "payments"), IsEmpty());
  v1::EventInput input = Reversed("b", "a");
  EXPECT_THAT(Append(input),
              ElementsAre("event.reversal.target_event_id NOT_FOUND+"));
  input.mutable_event()->mutable_reversal()->set_target_source("payments");
  EXPECT_THAT(Append(input), IsEmpty());
}

TEST_F(AdmissionTest, AReversalIsDatedOnItsTargetsDayOrLater) {
  EXPECT_THAT(Append(Spent("a", 1)), IsEmpty());
  v1::EventInput input = Reversed("b", "a");
  input.mutable_event()->mutable_effective_date()->set_day(14);
  EXPECT_THAT(Append(input), ElementsAre("event.reversal.target_event_id "
                                         "FAILED_PRECONDITION"));
  input.mutable_event()->mutable_effective_date()->set_day(15);
  EXPECT_THAT(Append(input), IsEmpty());
}

TEST_F(AdmissionTest, RegistrationsAndEventsOfOtherReportsAreNotReversed) {
  const char* refused = "event.reversal.target_event_id FAILED_PRECONDITION";
  EXPECT_THAT(Append(Reversed("b", "opened")), ElementsAre(refused));
  EXPECT_THAT(Append(Reversed("b", "department")), ElementsAre(refused));
}

TEST_F(AdmissionTest, AStatementNamesARowOfTheForm) {
  v1::EventInput input = Dated("a");
  v1::FigureStated& stated = *input.mutable_event()->mutable_figure_stated();
  stated.set_statement(v1::FigureStated::STATEMENT_NONE);
  stated.set_figure("constructon");
  EXPECT_THAT(Append(input),
              ElementsAre("event.figure_stated.figure INVALID_ARGUMENT"));
  stated.set_figure("construction");
  EXPECT_THAT(Append(input), IsEmpty());
}

TEST_F(AdmissionTest, ARefusedEventChangesNoFact) {
  const Decision decision = KnownFacts().Decided(Reversed("b", "a"), 1);
  EXPECT_FALSE(decision.problems.empty());
  EXPECT_THAT(decision.updates, IsEmpty());
  EXPECT_FALSE(decision.posting.has_value());
  EXPECT_THAT(decision.buckets, IsEmpty());
}

class FactsTest : public ::testing::Test {
 protected:
  FactsTest() {
    Decided(Department());
    Decided(Opened());
  }

  Decision Decided(const v1::EventInput& input) {
    return facts_.Decided(input, ++position_);
  }

  void ChangeSubject(const std::function<void(internal::SubjectFact&)>& how) {
    how(std::get<internal::SubjectFact>(
        facts_[std::string("subject/") + kReport]));
  }

  KnownFacts facts_;
  uint64_t position_ = 0;
};

v1::EventInput SpentOn(const std::string& function_code) {
  v1::EventInput input = Spent("a", 1);
  input.mutable_event()
      ->mutable_expenditure_recorded()
      ->mutable_line()
      ->set_function_code(function_code);
  return input;
}

TEST_F(FactsTest, BucketsAreNumberedInTheOrderOfTheirFirstEvents) {
  const auto number = [&](const std::string& code) {
    const Decision decision = Decided(SpentOn(code));
    EXPECT_TRUE(decision.posting.has_value());
    EXPECT_EQ(decision.buckets.size(), 1u);
    return std::pair(decision.buckets[0].number, decision.buckets[0].is_new);
  };
  EXPECT_EQ(number("201"), std::pair(0u, true));
  EXPECT_EQ(number("202"), std::pair(1u, true));
  EXPECT_EQ(number("201"), std::pair(0u, false));
  EXPECT_EQ(number("203"), std::pair(2u, true));
}

TEST_F(FactsTest, AReportHasSoManyBucketsAndNoMore) {
  ChangeSubject([](auto& fact) { fact.set_buckets(buckets_max - 1); });
  EXPECT_THAT(Decided(SpentOn("201")).problems, IsEmpty());
  const Decision refused = Decided(SpentOn("202"));
  ASSERT_EQ(refused.problems.size(), 1u);
  EXPECT_EQ(refused.problems[0].code(), 8);
  EXPECT_EQ(refused.problems[0].field(), "event.expenditure_recorded.line");
  EXPECT_THAT(Decided(SpentOn("201")).problems, IsEmpty());
}

TEST_F(FactsTest, AReportHoldsSoManyStatementsAndNoMore) {
  ChangeSubject([](auto& fact) { fact.set_statements(statements_max - 1); });
  EXPECT_THAT(Decided(Indicator("i")).problems, IsEmpty());
  const Decision refused = Decided(Indicator("i"));
  ASSERT_EQ(refused.problems.size(), 1u);
  EXPECT_EQ(refused.problems[0].code(), 8);
  EXPECT_THAT(Decided(SpentOn("201")).problems, IsEmpty());
}

TEST_F(FactsTest, AReportHoldsSoManyBytesOfStatementsAndNoMore) {
  const uint64_t bytes = Indicator("i").event().ByteSizeLong();
  ChangeSubject([&](auto& fact) {
    fact.set_statement_bytes(statement_bytes_max - bytes);
  });
  EXPECT_THAT(Decided(Indicator("i")).problems, IsEmpty());
  ASSERT_EQ(Decided(Indicator("i")).problems.size(), 1u);
  EXPECT_THAT(Decided(SpentOn("201")).problems, IsEmpty());
}

TEST_F(AdmissionTest, APreconditionHoldsWhileTheSubjectHasNoLaterEntry) {
  const v1::EventInput input = Spent("a", 1);
  internal::SubjectFact subject;
  subject.set_last_position(7);
  const Fact fact(subject);
  EXPECT_FALSE(CheckPrecondition(input.event(), LogSize(8), &fact).has_value());
  const auto stale = CheckPrecondition(input.event(), LogSize(7), &fact);
  ASSERT_TRUE(stale.has_value());
  EXPECT_EQ(stale->code(), 10);
  EXPECT_FALSE(
      CheckPrecondition(input.event(), LogSize(0), nullptr).has_value());
}

// What VisitVouchedKeys promises.
TEST_F(FactsTest, AKnownBucketVouchesForAllThatItDependsOn) {
  EXPECT_THAT(Decided(SpentOn("201")).problems, IsEmpty());
  const v1::Entry entry = EntryOf(SpentOn("201"), 9);
  const auto decided = [&](bool with_bucket) {
    Needed needed = Needs(entry.event(), entry.source());
    Facts facts;
    facts.Put(needed.subject_key, &facts_[needed.subject_key]);
    if (with_bucket) {
      facts.Put(needed.bucket_keys[0], &facts_[needed.bucket_keys[0]]);
    }
    return Decide(entry, needed, facts)->problems;
  };
  EXPECT_THAT(decided(true), IsEmpty());
  EXPECT_FALSE(decided(false).empty());
}

TEST_F(AdmissionTest, NeedsNamesEachFactOnceAndTheTarget) {
  std::vector<std::string> keys;
  const auto note = [&](const std::string& key) { keys.push_back(key); };
  Needs(Spent("a", 1).event(), "s").VisitKeys(note);
  Needs(Spent("a", 1).event(), "s").VisitVouchedKeys(note);
  EXPECT_THAT(keys,
              UnorderedElementsAre(
                  ::testing::StartsWith(std::string("bucket/") + kReport + "/"),
                  std::string("subject/") + testing::kDepartment,
                  std::string("subject/") + kReport));
  const Needed needed = Needs(Reversed("b", "a").event(), "s");
  ASSERT_TRUE(needed.target.has_value());
  EXPECT_EQ(needed.target->source(), "s");
  EXPECT_EQ(needed.target->event_id(), "a");
}

}  // namespace
}  // namespace daybook
