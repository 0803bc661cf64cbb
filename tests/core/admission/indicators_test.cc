// Revised targets, as admission decides them. Sets, results and assessments are
// in admission_test.cc.

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

}  // namespace
}  // namespace daybook::testing
