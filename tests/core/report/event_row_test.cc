// EventRowOf: what an entry says of itself in a list.

#include "core/report/event_row.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/core/report/story.h"

namespace daybook::testing {
namespace {

v1::EventRow RowOf(const Fact& fact) {
  v1::Entry entry;
  entry.set_position(7);
  entry.set_source(fact.source);
  entry.set_principal("local");
  entry.set_recorded_time_us(9);
  *entry.mutable_event() = fact.event;
  entry.mutable_event()->set_event_id("e");
  return EventRowOf(entry);
}

TEST(EventRowTest, WhoWhatWhen) {
  const v1::EventRow row = RowOf(Spent("03-01", "general", 5));
  EXPECT_EQ(row.position(), 7u);
  EXPECT_EQ(row.source(), "book");
  EXPECT_EQ(row.event_id(), "e");
  EXPECT_EQ(row.kind(), "expenditure_recorded");
  EXPECT_EQ(row.effective_date().month(), 3);
  EXPECT_EQ(row.recorded_time_us(), 9);
  EXPECT_EQ(row.principal(), "local");
  EXPECT_EQ(row.statement(), "");
  EXPECT_EQ(row.amount_fen(), 0);
}

TEST(EventRowTest, TheNumberOnThePaper) {
  Fact spent = Spent("03-01", "general", 5);
  spent.event.mutable_expenditure_recorded()->set_voucher_number("V-1");
  EXPECT_EQ(RowOf(spent).document_number(), "V-1");
  Fact approved = Approved("general", 5);
  approved.event.mutable_budget_approved()->set_document_number("〔2024〕1号");
  EXPECT_EQ(RowOf(approved).document_number(), "〔2024〕1号");
  EXPECT_EQ(RowOf(Headcount("03-01", 1, 1)).document_number(), "");
}

TEST(EventRowTest, WhatItStates) {
  EXPECT_EQ(RowOf(Headcount("03-01", 5, 4)).statement(), "quota 5, actual 4");
  EXPECT_EQ(RowOf(Result("03-01", "a", People("80"))).statement(), "80 人");
  EXPECT_EQ(RowOf(Revised("03-01", "a", People("90"))).statement(), "90 人");
  EXPECT_EQ(RowOf(Assessed("03-01", "a", "9.5")).statement(), "9.5");
  EXPECT_EQ(RowOf(StatedNone("03-01", "general.income")).statement(),
            "general.income = 无");
  EXPECT_EQ(RowOf(PriorYear("all.prior_executed", 150)).statement(), "1.50 元");
}

TEST(EventRowTest, WhyAndWhoApproved) {
  EXPECT_EQ(RowOf(Reversed("03-01", "x")).reason(), "");
  Fact reversed = Reversed("03-01", "x");
  reversed.event.mutable_reversal()->set_reason("重复");
  EXPECT_EQ(RowOf(reversed).reason(), "重复");
  const v1::EventRow late = RowOf(Corrected(reversed));
  EXPECT_EQ(late.reason(), "重复；漏记");
  EXPECT_EQ(late.approver(), "预算股");
}

TEST(EventRowTest, OneReasonIsSaidOnce) {
  Fact reversed = Corrected(Reversed("03-01", "x"));
  EXPECT_EQ(RowOf(reversed).reason(), "漏记");
  reversed.event.mutable_reversal()->set_reason("漏记");
  EXPECT_EQ(RowOf(reversed).reason(), "漏记");
}

TEST(EventRowTest, WhatItReplacesIsOfItsOwnSourceUnlessItSaysSo) {
  const v1::EventRow row =
      RowOf(Replacing("old", Spent("03-01", "general", 5)));
  EXPECT_EQ(row.replaces().source(), "book");
  EXPECT_EQ(row.replaces().event_id(), "old");
  EXPECT_FALSE(RowOf(Spent("03-01", "general", 5)).has_replaces());
}

}  // namespace
}  // namespace daybook::testing
