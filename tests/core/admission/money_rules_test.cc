// Rules of the money payloads alone; what refunds and clearings may take is in
// corrections_test.cc.

#include <string>
#include <vector>

#include "core/admission/payload_rules.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Fields(const Fact& fact) {
  ProblemList problems;
  CheckMoneyPayload(fact.event, problems);
  std::vector<std::string> fields;
  for (const v1::Problem& problem : problems.Take()) {
    fields.push_back(problem.field());
  }
  return fields;
}

TEST(MoneyRulesTest, AFlowIsNotZeroAndAnAdvanceIsPositive) {
  EXPECT_THAT(Fields(AdvancePaid("03-01", "general", 1)), IsEmpty());
  for (const int64_t fen : {0, -1}) {
    EXPECT_THAT(Fields(AdvancePaid("03-01", "general", fen)),
                ElementsAre("event.advance_paid.amount_fen"));
    EXPECT_THAT(Fields(Cleared("03-01", "general", fen, "a")),
                ElementsAre("event.advance_cleared.amount_fen"));
    EXPECT_THAT(Fields(Refunded("03-01", "general", fen, "a")),
                ElementsAre("event.refund_received.amount_fen"));
  }
  EXPECT_THAT(Fields(Spent("03-01", "general", -1)), IsEmpty());
}

TEST(MoneyRulesTest, AllThatIsWrongIsSaid) {
  Fact fact = Cleared("03-01", "general", 0, "a");
  fact.event.mutable_advance_cleared()->mutable_line()->clear_fund();
  fact.event.mutable_advance_cleared()->mutable_line()->set_function_code("1");
  EXPECT_THAT(Fields(fact),
              ElementsAre("event.advance_cleared.line.fund",
                          "event.advance_cleared.line.function_code",
                          "event.advance_cleared.amount_fen"));
}

}  // namespace
}  // namespace daybook::testing
