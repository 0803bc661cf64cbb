// An entry as a row: what it is about, whatever its payload.

#include "clients/cli/entry_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/clients/text_proto.h"

namespace daybook::cli {
namespace {

using testing::FromText;

std::string AboutOf(const std::string& event) {
  return EntryCells(FromText<v1::Entry>("event { " + event + " }")).back();
}

TEST(EntryTextTest, ARefundNamesItsPayment) {
  EXPECT_EQ(AboutOf(R"(refund_received {
                         kind: KIND_CURRENT_YEAR payment_event_id: "v-1"
                         line { fund: FUND_GENERAL nature: NATURE_PROJECT }
                         amount_fen: 100 })"),
            "general project; refund of v-1");
  EXPECT_EQ(AboutOf(R"(refund_received {
                         kind: KIND_PRIOR_YEAR payment_voucher_number: "2023-7"
                         line { fund: FUND_GENERAL } amount_fen: 100 })"),
            "general; prior-year refund of 2023-7");
  EXPECT_EQ(AboutOf(R"(refund_received {
                         kind: KIND_ADVANCE payment_event_id: "a-1"
                         line { fund: FUND_GENERAL } amount_fen: 100 })"),
            "general; refund of advance a-1");
}

TEST(EntryTextTest, AClearingNamesItsAdvance) {
  EXPECT_EQ(AboutOf(R"(advance_cleared { advance_event_id: "a-1"
                                         line { fund: FUND_GENERAL } })"),
            "general; clears a-1");
}

TEST(EntryTextTest, ClosingAndPublishingSayTheirDays) {
  EXPECT_EQ(
      AboutOf("period_closed { through { year: 2024 month: 11 day: 30 } }"),
      "through 2024-11-30");
  EXPECT_EQ(AboutOf(R"(period_reopened {
                         from { year: 2024 month: 11 day: 1 }
                         correction { reason: "漏记" approver: "预算股" } })"),
            "from 2024-11-01: 漏记, approved by 预算股");
  EXPECT_EQ(AboutOf(R"(report_published {
                         as_of { year: 2024 month: 12 day: 31 } size: 612
                         document_number: "公告1号" })"),
            "as of 2024-12-31, size 612; 公告1号");
}

TEST(EntryTextTest, ARevisionNamesItsIndicator) {
  EXPECT_EQ(AboutOf(R"(indicator_revised { indicator: "output.jobs" })"),
            "output.jobs");
}

TEST(EntryTextTest, ALateReclassificationSaysWhatItReplacesAndWhoLetItIn) {
  EXPECT_EQ(AboutOf(R"(expenditure_recorded { line { fund: FUND_GENERAL } }
                       replaces { source: "books" event_id: "v-1" }
                       correction { reason: "记错" approver: "财务负责人" })"),
            "general; replaces books/v-1; late: 记错, approved by 财务负责人");
}

TEST(EntryTextTest, AnEventWithoutAnyOfThatIsItsLineAlone) {
  EXPECT_EQ(AboutOf("advance_paid { line { fund: FUND_GENERAL } }"), "general");
}

}  // namespace
}  // namespace daybook::cli
