// EntryFilter: each rule, its opposite and its boundary, and all problems of a
// filter at once.

#include "core/report/entry_filter.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kLedger[] = "ledgers/430203";
constexpr char kDepartment[] = "ledgers/430203/departments/115001";
constexpr char kReport[] = "ledgers/430203/departments/115001/reports/2024";

v1::Date DateOf(int year, int month, int day) {
  v1::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// A voucher of 123.45 yuan, recorded at 1,000 by "writer" for "accounting".
v1::Entry Voucher() {
  v1::Entry entry;
  entry.set_position(7);
  entry.set_recorded_time_us(1'000);
  entry.set_principal("writer");
  entry.set_source("accounting");
  v1::Event& event = *entry.mutable_event();
  event.set_event_id("v1");
  event.set_subject(kReport);
  *event.mutable_effective_date() = DateOf(2024, 3, 15);
  v1::ExpenditureRecorded& spent = *event.mutable_expenditure_recorded();
  spent.mutable_line()->set_economic_code("30201");
  spent.set_amount_fen(12'345);
  spent.set_voucher_number("2024-03-0012");
  spent.set_contract_number("C-7");
  return entry;
}

v1::Entry Genesis() {
  v1::Entry entry;
  entry.set_recorded_time_us(1);
  entry.mutable_genesis()->set_ledger(kLedger);
  return entry;
}

bool Fits(const v1::EntryFilter& filter, const v1::Entry& entry = Voucher()) {
  const auto made = EntryFilter::Make(filter, kLedger);
  EXPECT_TRUE(made.ok()) << made.status();
  const bool fits = made->Fits(entry);
  // The bytes never deny what the entry says.
  EXPECT_TRUE(!fits || made->MayFit(entry.SerializeAsString()));
  return fits;
}

std::string ProblemsOf(const v1::EntryFilter& filter) {
  const auto made = EntryFilter::Make(filter, kLedger);
  EXPECT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(made.status().message());
}

TEST(EntryFilterTest, NothingAskedIsEverything) {
  const auto made = EntryFilter::Make({}, kLedger);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made->is_empty());
  EXPECT_TRUE(made->Fits(Voucher()));
  EXPECT_TRUE(made->Fits(Genesis()));
  EXPECT_TRUE(EntryFilter().is_empty());
}

TEST(EntryFilterTest, ASubjectHoldsWhatIsUnderIt) {
  v1::EntryFilter filter;
  for (const char* subject : {kLedger, kDepartment, kReport}) {
    filter.set_subject(subject);
    EXPECT_TRUE(Fits(filter)) << subject;
  }
  // A part of a name is no name.
  for (const char* subject : {"ledgers/430203/departments/11500",
                              "ledgers/430203/departments/115001/reports/2023"}) {
    filter.set_subject(subject);
    EXPECT_FALSE(Fits(filter)) << subject;
  }
  filter.set_subject(kLedger);
  EXPECT_TRUE(Fits(filter, Genesis()));
  filter.set_subject(kReport);
  EXPECT_FALSE(Fits(filter, Genesis()));
}

TEST(EntryFilterTest, SourceAndPrincipalAreWhole) {
  v1::EntryFilter filter;
  filter.set_source("accounting");
  EXPECT_TRUE(Fits(filter));
  filter.set_principal("writer");
  EXPECT_TRUE(Fits(filter));
  filter.set_principal("write");
  EXPECT_FALSE(Fits(filter));
  filter.clear_principal();
  filter.set_source("account");
  EXPECT_FALSE(Fits(filter));
}

TEST(EntryFilterTest, AnyOfTheKindsWillDo) {
  v1::EntryFilter filter;
  filter.add_kinds("reversal");
  EXPECT_FALSE(Fits(filter));
  filter.add_kinds("expenditure_recorded");
  EXPECT_TRUE(Fits(filter));
  EXPECT_FALSE(Fits(filter, Genesis()));
}

TEST(EntryFilterTest, RecordedTimesBeginWithinAndEndBefore) {
  v1::EntryFilter filter;
  filter.set_recorded_from_us(1'000);
  filter.set_recorded_before_us(1'001);
  EXPECT_TRUE(Fits(filter));
  filter.clear_recorded_from_us();
  filter.set_recorded_before_us(1'000);
  EXPECT_FALSE(Fits(filter));
  filter.clear_recorded_before_us();
  filter.set_recorded_from_us(1'001);
  EXPECT_FALSE(Fits(filter));
}

TEST(EntryFilterTest, DaysAreWithinBothEnds) {
  v1::EntryFilter filter;
  *filter.mutable_effective_from() = DateOf(2024, 3, 15);
  *filter.mutable_effective_through() = DateOf(2024, 3, 15);
  EXPECT_TRUE(Fits(filter));
  *filter.mutable_effective_through() = DateOf(2024, 12, 1);
  *filter.mutable_effective_from() = DateOf(2024, 3, 16);
  EXPECT_FALSE(Fits(filter));
  filter.clear_effective_from();
  *filter.mutable_effective_through() = DateOf(2024, 3, 14);
  EXPECT_FALSE(Fits(filter));
  // What has no day never fits.
  *filter.mutable_effective_through() = DateOf(9999, 12, 31);
  v1::Entry undated = Voucher();
  undated.mutable_event()->clear_effective_date();
  EXPECT_FALSE(Fits(filter, undated));
  EXPECT_FALSE(Fits(filter, Genesis()));
}

TEST(EntryFilterTest, ANumberIsAnyOfThoseThatAPayloadHas) {
  v1::EntryFilter filter;
  for (const char* number : {"2024-03-0012", "C-7"}) {
    filter.set_number(number);
    EXPECT_TRUE(Fits(filter)) << number;
  }
  for (const char* number : {"2024-03-001", "v1", "30201"}) {
    filter.set_number(number);
    EXPECT_FALSE(Fits(filter)) << number;
  }
  v1::Entry entry = Voucher();
  entry.mutable_event()->mutable_refund_received()->set_payment_voucher_number(
      "P-1");
  filter.set_number("P-1");
  EXPECT_TRUE(Fits(filter, entry));
  entry.mutable_event()->mutable_report_published()->set_document_number(
      "D-1");
  filter.set_number("D-1");
  EXPECT_TRUE(Fits(filter, entry));
  EXPECT_FALSE(Fits(filter, Genesis()));
}

TEST(EntryFilterTest, AnAmountFitsWhateverItsSign) {
  v1::EntryFilter filter;
  filter.set_amount_from_fen(12'345);
  filter.set_amount_through_fen(12'345);
  EXPECT_TRUE(Fits(filter));
  v1::Entry red = Voucher();
  red.mutable_event()->mutable_expenditure_recorded()->set_amount_fen(-12'345);
  EXPECT_TRUE(Fits(filter, red));
  filter.clear_amount_through_fen();
  filter.set_amount_from_fen(12'346);
  EXPECT_FALSE(Fits(filter, red));
  filter.clear_amount_from_fen();
  filter.set_amount_through_fen(12'344);
  EXPECT_FALSE(Fits(filter));
  // No event has it, but damage may.
  filter.set_amount_through_fen(std::numeric_limits<int64_t>::max());
  red.mutable_event()->mutable_expenditure_recorded()->set_amount_fen(
      std::numeric_limits<int64_t>::min());
  EXPECT_FALSE(Fits(filter, red));
  // A reversal has no amount of its own.
  filter.set_amount_from_fen(0);
  red.mutable_event()->mutable_reversal()->set_target_event_id("v1");
  EXPECT_FALSE(Fits(filter, red));
}

TEST(EntryFilterTest, AnEconomicCodeIsABeginning) {
  v1::EntryFilter filter;
  for (const char* code : {"3", "302", "30201"}) {
    filter.set_economic_code(code);
    EXPECT_TRUE(Fits(filter)) << code;
  }
  for (const char* code : {"301", "0201", "30202"}) {
    filter.set_economic_code(code);
    EXPECT_FALSE(Fits(filter)) << code;
  }
}

TEST(EntryFilterTest, AllThatIsAskedMustFit) {
  v1::EntryFilter filter;
  filter.set_number("C-7");
  filter.set_amount_from_fen(12'345);
  filter.set_economic_code("302");
  EXPECT_TRUE(Fits(filter));
  filter.set_economic_code("301");
  EXPECT_FALSE(Fits(filter));
}

TEST(EntryFilterTest, PersonalTextIsHeldAgainstPersonalDataAlone) {
  v1::EntryFilter filter;
  filter.set_personal_text("张三");
  const auto made = EntryFilter::Make(filter, kLedger);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made->asks_personal_data());
  EXPECT_FALSE(made->is_empty());
  EXPECT_TRUE(made->MayFit(Voucher().SerializeAsString()));
  v1::PersonalData data;
  EXPECT_FALSE(made->FitsPersonal(data));
  data.set_summary("付张三工资");
  EXPECT_TRUE(made->FitsPersonal(data));
  data.set_summary("付李四工资");
  data.set_preparer("张三");
  EXPECT_TRUE(made->FitsPersonal(data));
}

TEST(EntryFilterTest, BytesThatLackATextAreDeniedUnparsed) {
  v1::EntryFilter filter;
  filter.set_number("C-7");
  const auto made = EntryFilter::Make(filter, kLedger);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made->MayFit(Voucher().SerializeAsString()));
  EXPECT_FALSE(made->MayFit(Genesis().SerializeAsString()));
}

TEST(EntryFilterTest, AllProblemsAreToldAtOnce) {
  v1::EntryFilter filter;
  filter.set_subject("ledgers/9");
  filter.set_source(std::string(65, 's'));
  filter.set_principal(std::string(65, 'p'));
  filter.add_kinds("moon");
  filter.set_recorded_from_us(2);
  filter.set_recorded_before_us(2);
  *filter.mutable_effective_from() = DateOf(2024, 2, 30);
  filter.set_number(std::string(129, 'n'));
  filter.set_amount_from_fen(-1);
  filter.set_economic_code("30x");
  filter.set_personal_text(std::string(513, 't'));
  const std::string problems = ProblemsOf(filter);
  for (const char* field :
       {"subject", "source", "principal", "kinds", "recorded_before_us",
        "effective_from", "number", "amount_from_fen", "economic_code",
        "personal_text"}) {
    EXPECT_THAT(problems, HasSubstr(std::string("filter.") + field + ": "));
  }
}

TEST(EntryFilterTest, RangesMustNotBeEmptyNorListsTooLong) {
  v1::EntryFilter filter;
  *filter.mutable_effective_from() = DateOf(2024, 2, 2);
  *filter.mutable_effective_through() = DateOf(2024, 2, 1);
  filter.set_amount_from_fen(2);
  filter.set_amount_through_fen(1);
  EXPECT_THAT(ProblemsOf(filter), AllOf(HasSubstr("effective_through"),
                                        HasSubstr("amount_through_fen")));
  filter = {};
  for (int i = 0; i < EntryFilter::kinds_max; ++i) filter.add_kinds("reversal");
  EXPECT_TRUE(EntryFilter::Make(filter, kLedger).ok());
  filter.add_kinds("reversal");
  EXPECT_THAT(ProblemsOf(filter), HasSubstr("kinds"));
  filter = {};
  filter.set_subject("115001");
  EXPECT_THAT(ProblemsOf(filter), HasSubstr("resource name"));
  // A field of Event that is no payload.
  filter = {};
  filter.add_kinds("event_id");
  EXPECT_THAT(ProblemsOf(filter), HasSubstr("event_id"));
}

TEST(EntryFilterTest, NumbersOfAPayloadAreThoseThatAreThere) {
  EXPECT_THAT(NumbersOf(Voucher().event()),
              ElementsAre("2024-03-0012", "C-7"));
  v1::Event event;
  EXPECT_THAT(NumbersOf(event), ElementsAre());
  event.mutable_reversal()->set_target_event_id("v1");
  EXPECT_THAT(NumbersOf(event), ElementsAre());
}

}  // namespace
}  // namespace daybook
