// Erasures of personal data, as admission decides them.

#include "core/admission/erasure.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/admission/admission.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/event_builders.h"
#include "tests/support/memory_ledger.h"

namespace daybook::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::EventInput WithPayee(v1::EventInput input) {
  input.mutable_personal_data()->set_payee("甲");
  return input;
}

v1::EventInput Erased(const std::string& event_id, const std::string& target) {
  v1::EventInput input;
  v1::Event& event = *input.mutable_event();
  event.set_event_id(event_id);
  event.set_subject(kReport);
  v1::PersonalDataErased& erased = *event.mutable_personal_data_erased();
  erased.mutable_target()->set_event_id(target);
  erased.mutable_correction()->set_reason("本人申请");
  erased.mutable_correction()->set_approver("办公室");
  return input;
}

// A report with the voucher "v", which has personal data, and "plain", which
// has none. Add answers "field CODE" of each problem.
class ErasureTest : public ::testing::Test {
 protected:
  ErasureTest() {
    EXPECT_THAT(Add(WithPayee(Department())), IsEmpty());
    EXPECT_THAT(Add(Opened()), IsEmpty());
    EXPECT_THAT(Add(WithPayee(Spent("v", 100))), IsEmpty());
    EXPECT_THAT(Add(Spent("plain", 100)), IsEmpty());
  }

  std::vector<std::string> Add(const v1::EventInput& input,
                               const std::string& source = "book") {
    std::vector<std::string> found;
    for (const v1::Problem& problem : ledger_.Append(source, input)) {
      found.push_back(absl::StrCat(problem.field(), " ", problem.code(),
                                   problem.retryable() ? " retry" : ""));
      message_ = problem.message();
    }
    return found;
  }

  MemoryLedger ledger_{kLedger};
  // Of the last problem.
  std::string message_;
};

constexpr char kTarget[] = "event.personal_data_erased.target";

TEST_F(ErasureTest, PersonalDataIsErasedOnce) {
  EXPECT_THAT(Add(Erased("e", "v")), IsEmpty());
  EXPECT_THAT(Add(Erased("again", "v")),
              ElementsAre(absl::StrCat(kTarget, ".event_id 9")));
  EXPECT_THAT(message_, HasSubstr("by position 5"));
}

TEST_F(ErasureTest, TheSourceMayBeNamedButMustBeTheEventsOwn) {
  v1::EventInput own = Erased("e", "v");
  v1::EventIdentity& target =
      *own.mutable_event()->mutable_personal_data_erased()->mutable_target();
  target.set_source("other");
  EXPECT_THAT(Add(own), ElementsAre(absl::StrCat(kTarget, ".source 9")));
  EXPECT_THAT(Add(Erased("e", "v"), "other"),
              ElementsAre(absl::StrCat(kTarget, ".event_id 5 retry")));
  target.set_source("book");
  EXPECT_THAT(Add(own), IsEmpty());
}

TEST_F(ErasureTest, WhatIsNotRecordedYetMayBeRetried) {
  EXPECT_THAT(Add(Erased("e", "later")),
              ElementsAre(absl::StrCat(kTarget, ".event_id 5 retry")));
  ASSERT_THAT(Add(WithPayee(Spent("later", 1))), IsEmpty());
  EXPECT_THAT(Add(Erased("e", "later")), IsEmpty());
}

TEST_F(ErasureTest, WithoutPersonalDataThereIsNothingToErase) {
  EXPECT_THAT(Add(Erased("e", "plain")),
              ElementsAre(absl::StrCat(kTarget, ".event_id 9")));
}

TEST_F(ErasureTest, TheSubjectIsThatOfTheTarget) {
  v1::EventInput erased = Erased("e", "department");
  EXPECT_THAT(Add(erased), ElementsAre(absl::StrCat(kTarget, ".event_id 9")));
  EXPECT_THAT(message_, HasSubstr(kDepartment));
  erased.mutable_event()->set_subject(kDepartment);
  EXPECT_THAT(Add(erased), IsEmpty());
  erased = Erased("l", "v");
  erased.mutable_event()->set_subject(kLedger);
  EXPECT_THAT(Add(erased), ElementsAre("event.subject 3"));
}

TEST_F(ErasureTest, ReasonApproverAndTargetAreRequired) {
  v1::EventInput erased = Erased("e", "v");
  erased.mutable_event()->mutable_personal_data_erased()->Clear();
  EXPECT_THAT(Add(erased),
              ElementsAre("event.personal_data_erased.target 3",
                          "event.personal_data_erased.correction 3"));
  erased = Erased("e", "v");
  erased.mutable_event()
      ->mutable_personal_data_erased()
      ->mutable_correction()
      ->clear_approver();
  EXPECT_THAT(
      Add(erased),
      ElementsAre("event.personal_data_erased.correction.approver 3"));
}

TEST_F(ErasureTest, AnErasureIsNotReversedAndHasNoDay) {
  ASSERT_THAT(Add(Erased("e", "v")), IsEmpty());
  EXPECT_THAT(Add(Reversed("r", "e")),
              ElementsAre("event.reversal.target_event_id 9"));
  v1::EventInput dated = Erased("d", "v");
  *dated.mutable_event()->mutable_effective_date() = DateOf(2024, 3, 15);
  EXPECT_THAT(Add(dated), ElementsAre("event.effective_date 3"));
}

TEST_F(ErasureTest, AVoucherMayBeReversedAfterItsErasureAndTheOtherWayRound) {
  ASSERT_THAT(Add(WithPayee(Spent("w", 1))), IsEmpty());
  EXPECT_THAT(Add(Erased("e", "v")), IsEmpty());
  EXPECT_THAT(Add(Reversed("r", "v")), IsEmpty());
  EXPECT_THAT(Add(Reversed("s", "w")), IsEmpty());
  EXPECT_THAT(Add(Erased("f", "w")), IsEmpty());
}

TEST_F(ErasureTest, ADecisionNamesTheEntryAndTouchesNoReport) {
  const v1::Event event = Erased("e", "v").event();
  Needed needed = Needs(event, "book");
  Facts facts;
  const ::daybook::Fact subject = [] {
    internal::SubjectFact fact;
    fact.set_registered(true);
    return fact;
  }();
  facts.Put(needed.subject_key, &subject);
  facts.Put(absl::StrCat("subject/", kDepartment), &subject);
  facts.target = &ledger_.entries()[3];
  v1::Entry entry;
  entry.set_position(9);
  entry.set_source("book");
  *entry.mutable_event() = event;
  const auto decision = Decide(entry, needed, facts);
  ASSERT_TRUE(decision.ok());
  ASSERT_THAT(decision->problems, IsEmpty());
  EXPECT_EQ(decision->erased, Position(3));
  ASSERT_TRUE(decision->posting.has_value());
  EXPECT_THAT(decision->posting->money, IsEmpty());
  EXPECT_FALSE(decision->posting->stated.has_value());
  EXPECT_EQ(decision->subject.statements(), 0u);
  EXPECT_EQ(decision->subject.last_position(), 9u);
}

}  // namespace
}  // namespace daybook::testing
