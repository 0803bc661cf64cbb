// IsInOrder against the walk by reflection: what the bytes of an event pass as
// in order has no problem that every message can have, and the other way round.
// Events are those of a made-up year, changed at random; DAYBOOK_SEED is the
// seed.

#include "core/admission/wire_check.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "core/admission/type_rules.h"
#include "core/admission/well_formed.h"
#include "daybook/v1/event.pb.h"
#include "tests/support/event_builders.h"
#include "tests/support/luck.h"

namespace daybook {
namespace {

using testing::Luck;
using testing::Spent;

bool InOrder(const v1::Event& event) {
  return IsInOrder(event.SerializeAsString(),
                   RulesOf(*v1::Event::descriptor()));
}

uint64_t Seed() {
  const char* const given = std::getenv("DAYBOOK_SEED");
  return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}

TEST(WireCheckTest, AnEventInOrderPasses) {
  EXPECT_TRUE(InOrder(Spent("a", 1).event()));
  EXPECT_TRUE(InOrder(testing::Indicator("i").event()));
  EXPECT_TRUE(InOrder(testing::Policy().event()));
  EXPECT_TRUE(IsInOrder("", RulesOf(*v1::PersonalData::descriptor())));
}

TEST(WireCheckTest, StringsMayBeSoLongAndNoLonger) {
  EXPECT_TRUE(InOrder(Spent(std::string(64, 'x'), 1).event()));
  EXPECT_FALSE(InOrder(Spent(std::string(65, 'x'), 1).event()));
}

TEST(WireCheckTest, WhatIsRequiredMustBeThereAndNotBlank) {
  EXPECT_FALSE(InOrder(Spent("", 1).event()));
  EXPECT_FALSE(InOrder(Spent("  ", 1).event()));
  EXPECT_FALSE(IsInOrder("", RulesOf(*v1::Event::descriptor())));
}

TEST(WireCheckTest, ControlCharactersArePersonalDataAlone) {
  EXPECT_FALSE(InOrder(Spent("a\x1f", 1).event()));
  EXPECT_FALSE(InOrder(Spent("a\x7f", 1).event()));
  v1::PersonalData data;
  data.set_payee("a\nb");
  EXPECT_TRUE(IsInOrder(data.SerializeAsString(),
                        RulesOf(*v1::PersonalData::descriptor())));
}

TEST(WireCheckTest, LinesMayStandInLongerTextAlone) {
  v1::Event event = Spent("a", 1).event();
  event.mutable_correction()->set_approver("b");
  event.mutable_correction()->set_reason("one\n\ttwo\r\n");
  EXPECT_TRUE(InOrder(event));
  event.mutable_correction()->set_approver("b\n");
  EXPECT_FALSE(InOrder(event));
}

TEST(WireCheckTest, UnknownFieldsAndValuesDoNotPass) {
  const v1::Event event = Spent("a", 1).event();
  v1::Event changed = event;
  changed.GetReflection()->MutableUnknownFields(&changed)->AddVarint(9'999, 1);
  EXPECT_FALSE(InOrder(changed));
  changed = event;
  v1::Line& line = *changed.mutable_expenditure_recorded()->mutable_line();
  line.GetReflection()->MutableUnknownFields(&line)->AddVarint(500, 1);
  EXPECT_FALSE(InOrder(changed));
  changed = event;
  for (const int number : {-1, 40, 64, 1'000}) {
    changed.mutable_expenditure_recorded()->mutable_line()->set_fund(
        static_cast<v1::Fund>(number));
    EXPECT_FALSE(InOrder(changed)) << number;
  }
}

TEST(WireCheckTest, AFieldOfAnotherTypeIsUnknown) {
  // event_id, a string, as a number.
  EXPECT_FALSE(
      IsInOrder(std::string("\x08\x05", 2), RulesOf(*v1::Event::descriptor())));
  // expenditure_recorded.amount_fen, a number, as a string.
  v1::Event event = Spent("a", 1).event();
  v1::ExpenditureRecorded& spent = *event.mutable_expenditure_recorded();
  spent.clear_amount_fen();
  spent.GetReflection()->MutableUnknownFields(&spent)->AddLengthDelimited(
      v1::ExpenditureRecorded::kAmountFenFieldNumber, "x");
  EXPECT_FALSE(InOrder(event));
}

TEST(WireCheckTest, BytesThatAreNoMessageDoNotPass) {
  const std::string bytes = Spent("a", 1).event().SerializeAsString();
  const TypeRules& rules = RulesOf(*v1::Event::descriptor());
  EXPECT_FALSE(IsInOrder(bytes.substr(0, bytes.size() - 1), rules));
  EXPECT_FALSE(IsInOrder(bytes + '\xff', rules));
  EXPECT_FALSE(IsInOrder(std::string(11, '\xff'), rules));
}

// How many problems the walk by reflection finds: it is made where the bytes do
// not pass, so bytes that never do are given.
size_t ReflectionFinds(const v1::Event& event) {
  v1::EventInput input;
  *input.mutable_event() = event;
  const auto problems = [&](const std::string& bytes) {
    return CheckWellFormed(input, {bytes, ""}, testing::kLedger).size();
  };
  // The bytes of an event in order, whatever this one is: no walk.
  static const auto* const passing =
      new std::string(Spent("a", 1).event().SerializeAsString());
  return problems("\xff") - problems(*passing);
}

// Of several kinds, so that words, choices, lists and lists of messages are
// among what is changed.
std::vector<std::string> EventsToChange() {
  v1::Event corrected = Spent("PZ-1", 1).event();
  corrected.mutable_correction()->set_reason("reason");
  corrected.mutable_correction()->set_approver("approver");
  corrected.mutable_expenditure_recorded()->set_voucher_number("V-1");
  v1::Event word = testing::Result("r", "i", 1).event();
  word.mutable_indicator_result_recorded()->mutable_value()->set_word("word");
  v1::Event aliases = testing::Project("p").event();
  aliases.mutable_project_registered()->add_aliases("alias");
  std::vector<std::string> all;
  for (const v1::Event& event :
       {corrected, word, aliases, testing::Department().event(),
        testing::Opened().event(), testing::Policy().event(),
        testing::Reversed("b", "a").event(), testing::Indicator("i").event()}) {
    all.push_back(event.SerializeAsString());
  }
  return all;
}

TEST(WireCheckTest, BytesAndReflectionAgreeOnChangedEvents) {
  const uint64_t seed = Seed();
  SCOPED_TRACE(seed);
  Luck luck(seed);
  const std::vector<std::string> events = EventsToChange();
  int in_order = 0;
  int changed = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string mutated = events[luck.Below(events.size())];
    for (uint64_t n = 1 + luck.Below(2); n > 0; --n) {
      mutated[luck.Below(mutated.size())] = static_cast<char>(luck.Below(256));
    }
    v1::Event event;
    if (!event.ParseFromString(mutated)) continue;
    ++changed;
    if (InOrder(event)) ++in_order;
    EXPECT_EQ(InOrder(event), ReflectionFinds(event) == 0)
        << event.ShortDebugString();
  }
  // Both sides of the question were asked.
  EXPECT_GT(in_order, changed / 20);
  EXPECT_LT(in_order, changed);
}

}  // namespace
}  // namespace daybook
