// SameFact: what counts as a retry of the same event.

#include "core/admission/equality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/admission/personal_data.h"
#include "tests/support/event_builders.h"

namespace daybook {
namespace {

using ::testing::HasSubstr;
using testing::Spent;

const std::string salt(16, 's');

v1::Entry EntryOf(const v1::EventInput& input) {
  v1::Entry entry;
  entry.set_position(7);
  *entry.mutable_event() = input.event();
  entry.set_personal_data_commitment(
      PersonalDataCommitment(salt, input.personal_data()));
  return entry;
}

TEST(EqualityTest, TheSameEventIsTheSameFact) {
  EXPECT_TRUE(SameFact(EntryOf(Spent("a", 100)), "", Spent("a", 100)));
}

TEST(EqualityTest, AnyOtherFieldIsAnotherFact) {
  EXPECT_FALSE(SameFact(EntryOf(Spent("a", 100)), "", Spent("a", 101)));
  v1::EventInput dated = Spent("a", 100);
  dated.mutable_event()->mutable_effective_date()->set_day(16);
  EXPECT_FALSE(SameFact(EntryOf(Spent("a", 100)), "", dated));
}

TEST(EqualityTest, PersonalDataIsComparedThroughTheSalt) {
  v1::EventInput input = Spent("a", 100);
  input.mutable_personal_data()->set_payee("甲");
  const v1::Entry entry = EntryOf(input);
  EXPECT_TRUE(SameFact(entry, salt, input));
  v1::EventInput other = input;
  other.mutable_personal_data()->set_payee("乙");
  EXPECT_FALSE(SameFact(entry, salt, other));
  EXPECT_FALSE(SameFact(entry, salt, Spent("a", 100)));
}

TEST(EqualityTest, PersonalDataWhereNoneWasIsAnotherFact) {
  v1::EventInput input = Spent("a", 100);
  input.mutable_personal_data()->set_payee("甲");
  EXPECT_FALSE(SameFact(EntryOf(Spent("a", 100)), "", input));
}

TEST(EqualityTest, ErasedPersonalDataIsNotCompared) {
  v1::EventInput input = Spent("a", 100);
  input.mutable_personal_data()->set_payee("甲");
  const v1::Entry entry = EntryOf(input);
  input.mutable_personal_data()->set_payee("乙");
  EXPECT_TRUE(SameFact(entry, "", input));
}

TEST(EqualityTest, TheProblemNamesTheFieldAndNoPersonalValue) {
  v1::Problem problem = OtherContent(EntryOf(Spent("a", 100)), Spent("a", 101));
  EXPECT_EQ(problem.code(), 6);
  EXPECT_FALSE(problem.retryable());
  EXPECT_THAT(problem.message(),
              HasSubstr("event.expenditure_recorded.amount_fen"));
  EXPECT_THAT(problem.message(), HasSubstr("position 7"));
  v1::EventInput input = Spent("a", 100);
  input.mutable_personal_data()->set_payee("secret");
  problem = OtherContent(EntryOf(Spent("a", 100)), input);
  EXPECT_THAT(problem.message(), HasSubstr("personal_data"));
  EXPECT_THAT(problem.DebugString(), ::testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace daybook
