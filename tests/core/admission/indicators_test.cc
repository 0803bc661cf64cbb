// What is recorded about an indicator is judged by the set that holds on its
// day. More of results and assessments is in admission_test.cc.

#include "core/admission/indicators.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/core/report/story.h"
#include "tests/support/memory_ledger.h"

namespace daybook::testing {
namespace {

class IndicatorsTest : public ::testing::Test {
 protected:
  IndicatorsTest() {
    for (const v1::Entry& entry : Entries({})) {
      if (entry.has_event()) Add({entry.event()});
    }
  }

  // "field code" of the only problem; empty when there is none.
  std::string Add(const Fact& fact) {
    v1::EventInput input;
    *input.mutable_event() = fact.event;
    input.mutable_event()->set_event_id("e" + std::to_string(++events_));
    const auto problems = ledger_.Append("book", input);
    EXPECT_LE(problems.size(), 1u);
    if (problems.empty()) return "";
    return problems[0].field() + " " + std::to_string(problems[0].code());
  }

  MemoryLedger ledger_{"ledgers/430203"};
  int events_ = 0;
};

TEST_F(IndicatorsTest, ATargetIsRevisedInItsKindAndUnit) {
  EXPECT_EQ(Add(Revised("06-01", "output.a", People("90"))),
            "event.indicator_revised.indicator 5");
  ASSERT_EQ(Add(Indicator("output.a")), "");
  EXPECT_EQ(Add(Revised("06-01", "output.a", People("90"))), "");
  EXPECT_EQ(Add(Revised("06-01", "output.a", Measured("90", "户"))),
            "event.indicator_revised.target.quantity.unit 9");
  EXPECT_EQ(Add(Revised("06-01", "output.a", DayValue("06-30"))),
            "event.indicator_revised.target 9");
  EXPECT_EQ(Add(Revised("06-01", "output.a", {})),
            "event.indicator_revised.target 3");
}

TEST_F(IndicatorsTest, WhatDoesNotApplyHasNoTargetToRevise) {
  ASSERT_EQ(Add(NotApplicable("output.b")), "");
  EXPECT_EQ(Add(Revised("06-01", "output.b", People("90"))),
            "event.indicator_revised.indicator 9");
}

TEST_F(IndicatorsTest, NothingIsRecordedBeforeTheDayThatSetsIt) {
  Fact set = Dated("03-01", Indicator("output.a"));
  ASSERT_EQ(Add(set), "");
  EXPECT_EQ(Add(Revised("02-29", "output.a", People("90"))),
            "event.indicator_revised.indicator 5");
  EXPECT_EQ(Add(Result("02-29", "output.a", People("9"))),
            "event.indicator_result_recorded.indicator 5");
  EXPECT_EQ(Add(Assessed("02-29", "output.a", "9")),
            "event.indicator_assessed.row 5");
  EXPECT_EQ(Add(Revised("03-01", "output.a", People("90"))), "");
  EXPECT_EQ(Add(Result("03-01", "output.a", People("9"))), "");
}

TEST_F(IndicatorsTest, TheSetOfTheDayDecidesWhateverCameLater) {
  ASSERT_EQ(Add(Indicator("output.a")), "");
  Fact households = Dated("07-01", Indicator("output.a"));
  *households.event.mutable_indicator_set()->mutable_target() =
      Measured("5", "户");
  ASSERT_EQ(Add(households), "");
  Fact none = Dated("10-01", NotApplicable("output.a"));
  ASSERT_EQ(Add(none), "");
  EXPECT_EQ(Add(Revised("06-30", "output.a", People("90"))), "");
  EXPECT_EQ(Add(Revised("07-01", "output.a", People("90"))),
            "event.indicator_revised.target.quantity.unit 9");
  EXPECT_EQ(Add(Revised("09-30", "output.a", Measured("6", "户"))), "");
  EXPECT_EQ(Add(Revised("10-01", "output.a", Measured("6", "户"))),
            "event.indicator_revised.indicator 9");
}

TEST_F(IndicatorsTest, AReversedSetHoldsUntilItsReversal) {
  ASSERT_EQ(Add(Indicator("output.a")), "");
  Fact none = Dated("05-01", NotApplicable("output.a"));
  ASSERT_EQ(Add(none), "");
  const std::string second = "e" + std::to_string(events_);
  EXPECT_EQ(Add(Result("06-01", "output.a", People("9"))),
            "event.indicator_result_recorded.indicator 9");
  ASSERT_EQ(Add(Reversed("06-01", second.c_str())), "");
  EXPECT_EQ(Add(Result("05-31", "output.a", People("9"))),
            "event.indicator_result_recorded.indicator 9");
  EXPECT_EQ(Add(Result("06-01", "output.a", People("9"))), "");
}

TEST_F(IndicatorsTest, AnIndicatorIsSetSoOftenAndNoMore) {
  constexpr int sets_max = 256;
  for (int i = 0; i < sets_max; ++i) ASSERT_EQ(Add(Indicator("output.a")), "");
  EXPECT_EQ(Add(Indicator("output.a")), "event.indicator_set.indicator 8");
  EXPECT_EQ(Add(Indicator("output.b")), "");
}

}  // namespace
}  // namespace daybook::testing
