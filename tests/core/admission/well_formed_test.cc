// CheckWellFormed: what every event has in common.

#include "core/admission/well_formed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/event_builders.h"

namespace daybook {
namespace {

using ::testing::Contains;
using testing::Dated;
using testing::DateOf;
using testing::Department;
using ::testing::ElementsAre;
using testing::Indicator;
using ::testing::IsEmpty;
using testing::kDepartment;
using testing::kLedger;
using testing::kReport;
using testing::Opened;
using testing::Policy;
using testing::Project;
using testing::Result;
using testing::Reversed;
using testing::Spent;

std::vector<std::string> FieldsOf(const v1::EventInput& input) {
  std::vector<std::string> fields;
  for (const v1::Problem& problem : CheckWellFormed(input, kLedger)) {
    EXPECT_NE(problem.message(), "") << problem.field();
    EXPECT_NE(problem.remedy(), "") << problem.field();
    EXPECT_FALSE(problem.retryable());
    fields.push_back(problem.field());
  }
  return fields;
}

TEST(WellFormedTest, GoodEventsPass) {
  for (const v1::EventInput& input :
       {Department(), Project("p"), Opened(), Policy(), Spent("a", 1),
        Reversed("b", "a"), Indicator("i"), Result("r", "i", 1)}) {
    EXPECT_THAT(FieldsOf(input), IsEmpty()) << input.ShortDebugString();
  }
}

TEST(WellFormedTest, AnEventIdHas1To64PrintableBytes) {
  EXPECT_THAT(FieldsOf(Spent(std::string(64, 'x'), 1)), IsEmpty());
  EXPECT_THAT(FieldsOf(Spent(std::string(65, 'x'), 1)),
              ElementsAre("event.event_id"));
  EXPECT_THAT(FieldsOf(Spent("", 1)), ElementsAre("event.event_id"));
  EXPECT_THAT(FieldsOf(Spent("a\nb", 1)), ElementsAre("event.event_id"));
  EXPECT_THAT(FieldsOf(Spent(std::string("a\0b", 3), 1)),
              ElementsAre("event.event_id"));
}

TEST(WellFormedTest, AnEventSaysSomething) {
  EXPECT_THAT(FieldsOf(Dated("a")), ElementsAre("event.payload"));
}

TEST(WellFormedTest, EachPayloadHasItsKindOfSubject) {
  v1::EventInput input = Spent("a", 1);
  input.mutable_event()->set_subject(kDepartment);
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.subject"));
  input = Department();
  input.mutable_event()->set_subject(kReport);
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.subject"));
}

v1::EventInput KeyRotated() {
  v1::EventInput input;
  v1::Event& event = *input.mutable_event();
  event.set_event_id("key");
  event.set_subject(kLedger);
  // Bytes that no text has.
  std::string key(32, '\xFF');
  key[0] = '\0';
  event.mutable_key_rotated()->set_public_key(key);
  event.mutable_key_rotated()->set_reason("yearly");
  return input;
}

TEST(WellFormedTest, AKeyIsRotatedForALedgerByTheServerAlone) {
  EXPECT_THAT(FieldsOf(KeyRotated()), IsEmpty());
  const auto problem = CheckMayState(KeyRotated().event());
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->code(),
            static_cast<int>(absl::StatusCode::kPermissionDenied));
  EXPECT_FALSE(CheckMayState(Spent("a", 1).event()).has_value());
  v1::EventInput input = KeyRotated();
  input.mutable_event()->set_subject(kReport);
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.subject"));
  input = KeyRotated();
  *input.mutable_event()->mutable_effective_date() = DateOf(2024, 1, 1);
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.effective_date"));
  input = KeyRotated();
  input.mutable_event()->mutable_key_rotated()->clear_reason();
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.key_rotated.reason"));
  for (const size_t size : {0u, 31u, 33u}) {
    input = KeyRotated();
    input.mutable_event()->mutable_key_rotated()->set_public_key(
        std::string(size, 'k'));
    EXPECT_THAT(FieldsOf(input), ElementsAre("event.key_rotated.public_key"));
  }
}

TEST(WellFormedTest, ASubjectOfAnotherLedgerIsRefused) {
  v1::EventInput input = Department();
  input.mutable_event()->set_subject("ledgers/1/departments/1");
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.subject"));
}

TEST(WellFormedTest, AnEffectiveDateLiesWithinTheFiscalYear) {
  v1::EventInput input = Spent("a", 1);
  v1::Date& date = *input.mutable_event()->mutable_effective_date();
  for (const v1::Date& good : {DateOf(2024, 1, 1), DateOf(2024, 12, 31)}) {
    date = good;
    EXPECT_THAT(FieldsOf(input), IsEmpty());
  }
  for (const v1::Date& bad :
       {DateOf(2023, 12, 31), DateOf(2025, 1, 1), DateOf(2024, 2, 30)}) {
    date = bad;
    EXPECT_THAT(FieldsOf(input), ElementsAre("event.effective_date"));
  }
  input.mutable_event()->clear_effective_date();
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.effective_date"));
}

TEST(WellFormedTest, RegistrationsCarryNoEffectiveDate) {
  for (v1::EventInput input :
       {Department(), Project("p"), Opened(), Policy()}) {
    *input.mutable_event()->mutable_effective_date() = DateOf(2024, 1, 1);
    EXPECT_THAT(FieldsOf(input), ElementsAre("event.effective_date"));
  }
}

TEST(WellFormedTest, ADocumentDateIsAnyDayThatExists) {
  v1::EventInput input = Spent("a", 1);
  *input.mutable_event()->mutable_document_date() = DateOf(2025, 10, 10);
  EXPECT_THAT(FieldsOf(input), IsEmpty());
  *input.mutable_event()->mutable_document_date() = DateOf(2025, 13, 1);
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.document_date"));
}

// Adds field 9999 to a message.
void AddUnknownField(google::protobuf::Message& message) {
  message.GetReflection()->MutableUnknownFields(&message)->AddVarint(9999, 1);
}

TEST(WellFormedTest, UnknownFieldsAreRefusedWhereverTheyStand) {
  v1::EventInput input = Spent("a", 1);
  AddUnknownField(input);
  EXPECT_THAT(FieldsOf(input), ElementsAre("input"));
  input = Spent("a", 1);
  AddUnknownField(*input.mutable_event());
  EXPECT_THAT(FieldsOf(input), ElementsAre("event"));
  input = Spent("a", 1);
  AddUnknownField(
      *input.mutable_event()->mutable_expenditure_recorded()->mutable_line());
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.expenditure_recorded.line"));
  input = Spent("a", 1);
  AddUnknownField(*input.mutable_personal_data());
  EXPECT_THAT(FieldsOf(input), ElementsAre("personal_data"));
}

TEST(WellFormedTest, UnknownEnumValuesAreRefused) {
  v1::EventInput input = Spent("a", 1);
  input.mutable_event()->mutable_expenditure_recorded()->set_payment_method(
      static_cast<v1::ExpenditureRecorded::PaymentMethod>(99));
  EXPECT_THAT(FieldsOf(input),
              ElementsAre("event.expenditure_recorded.payment_method"));
}

TEST(WellFormedTest, StringsHaveTheirLimits) {
  v1::EventInput input = Spent("a", 1);
  std::string& number = *input.mutable_event()
                             ->mutable_expenditure_recorded()
                             ->mutable_voucher_number();
  number = std::string(64, 'x');
  EXPECT_THAT(FieldsOf(input), IsEmpty());
  number += "x";
  EXPECT_THAT(FieldsOf(input),
              ElementsAre("event.expenditure_recorded.voucher_number"));
}

TEST(WellFormedTest, OnlyLongerTextHasLinesAndNoneOtherControlCharacters) {
  v1::EventInput input = Spent("a", 1);
  v1::Correction& correction = *input.mutable_event()->mutable_correction();
  correction.set_approver("a");
  correction.set_reason("first\r\n\tsecond");
  EXPECT_THAT(FieldsOf(input), IsEmpty());
  correction.set_reason("bell\a");
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.correction.reason"));
  correction.set_reason("delete\x7F");
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.correction.reason"));
  correction.set_reason("why");
  correction.set_approver("a\tb");
  EXPECT_THAT(FieldsOf(input), ElementsAre("event.correction.approver"));
}

TEST(WellFormedTest, PersonalValuesAreNeverRepeated) {
  v1::EventInput input = Spent("a", 1);
  input.mutable_personal_data()->set_payee(std::string(513, 's'));
  const std::vector<v1::Problem> problems = CheckWellFormed(input, kLedger);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].field(), "personal_data.payee");
  EXPECT_EQ(problems[0].value(), "");
}

TEST(WellFormedTest, AnEventHasAtMost60000Bytes) {
  v1::EventInput input = Policy();
  // Labels that are too long each, and the event with them.
  input.mutable_event()->mutable_policy_adopted()->mutable_policy()->set_title(
      std::string(event_bytes_max, 'x'));
  EXPECT_THAT(FieldsOf(input), Contains("event"));
}

TEST(WellFormedTest, AllProblemsComeAtOnce) {
  v1::EventInput input = Spent("", 0);
  input.mutable_event()->clear_effective_date();
  EXPECT_THAT(FieldsOf(input),
              ElementsAre("event.event_id", "event.effective_date",
                          "event.expenditure_recorded.amount_fen"));
}

TEST(WellFormedTest, ASourceHas1To64PrintableBytes) {
  EXPECT_THAT(CheckSource("accounting"), IsEmpty());
  EXPECT_THAT(CheckSource(std::string(64, 'x')), IsEmpty());
  for (const std::string& source :
       {std::string(), std::string(65, 'x'), std::string("a\tb")}) {
    EXPECT_EQ(CheckSource(source).size(), 1u);
  }
}

}  // namespace
}  // namespace daybook
