// Rows of events: what cancels what, exact amounts, and who answers for it.

#include "clients/cli/event_rows_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "daybook/v1/event.pb.h"
#include "tests/clients/text_proto.h"

namespace daybook::cli {
namespace {

using testing::FromText;
using ::testing::HasSubstr;
using ::testing::Not;

v1::EventRow Row(const std::string& text) {
  return FromText<v1::EventRow>(text);
}

TEST(EventRowsTextTest, EveryKindOfEventHasAName) {
  const auto* payloads = v1::Event::descriptor()->FindOneofByName("payload");
  for (int i = 0; i < payloads->field_count(); ++i) {
    const std::string& kind = payloads->field(i)->name();
    EXPECT_NE(KindText(kind), kind);
  }
  EXPECT_EQ(KindText("of_tomorrow"), "of_tomorrow");
}

TEST(EventRowsTextTest, CancellingIsSaidOnBothSides) {
  EXPECT_EQ(RelationText(Row("cancels: 0")), "冲销 #0");
  EXPECT_EQ(RelationText(Row("cancelled_by: 456")), "已被 #456 冲销");
  EXPECT_EQ(RelationText(Row("position: 5")), "");
}

TEST(EventRowsTextTest, WhatIsReplacedIsOfTheOwnSourceUnlessNamed) {
  EXPECT_EQ(RelationText(Row(R"(source: "a" replaces { event_id: "v" })")),
            "更正 a/v");
  EXPECT_EQ(RelationText(Row(R"(source: "a" cancelled_by: 7
                                replaces { source: "b" event_id: "v" })")),
            "已被 #7 冲销，更正 b/v");
}

TEST(EventRowsTextTest, AmountsAreExact) {
  EXPECT_EQ(AmountText(Row("amount_fen: -1042001")), "-10420.01");
}

TEST(EventRowsTextTest, WhatMovesNoMoneyHasNoAmount) {
  EXPECT_EQ(AmountText(Row("position: 1")), "");
  EXPECT_EQ(AmountText(Row(R"(statement: "341.5 人")")), "341.5 人");
}

TEST(EventRowsTextTest, AnApproverStandsBesideTheReason) {
  EXPECT_EQ(ReasonText(Row(R"(reason: "漏记" approver: "预算股")")),
            "漏记（批准：预算股）");
  EXPECT_EQ(ReasonText(Row(R"(reason: "漏记")")), "漏记");
}

TEST(EventTableTest, ARowSaysTheDocumentAndElseTheEvent) {
  EventTable table(EventTable::Shows::kLeaves);
  table.AddRow(Row(R"(position: 5 event_id: "v-1" leaf: 2 amount_fen: 100
                      document_number: "2024-03-0012"
                      effective_date { year: 2024 month: 3 day: 1 }
                      document_date { year: 2024 month: 2 day: 28 })"));
  table.AddRow(Row(R"(position: 6 event_id: "v-2" leaf: 1 amount_fen: 20150)"));
  const std::string text = table.TakeRows();
  EXPECT_THAT(text, HasSubstr("2024-03-01（单据 2024-02-28）"));
  EXPECT_THAT(text, HasSubstr("2024-03-0012"));
  EXPECT_THAT(text, Not(HasSubstr("v-1")));
  EXPECT_THAT(text, HasSubstr("v-2"));
  EXPECT_THAT(text, HasSubstr("201.50  [1]"));
}

TEST(EventTableTest, NothingCommandsTheTerminal) {
  for (const EventTable::Shows shows :
       {EventTable::Shows::kLeaves, EventTable::Shows::kSides,
        EventTable::Shows::kRecorded}) {
    EventTable table(shows);
    table.AddRow(Row(R"(event_id: "\033[2J" kind: "\033a" source: "\n"
                        statement: "\007" reason: "\r" approver: "\033"
                        principal: "\033" replaces { event_id: "\033" })"));
    const std::string text = table.TakeRows();
    EXPECT_THAT(text, Not(HasSubstr("\033")));
    EXPECT_THAT(text, Not(HasSubstr("\r")));
    EXPECT_THAT(text, Not(HasSubstr("\007")));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  }
}

}  // namespace
}  // namespace daybook::cli
