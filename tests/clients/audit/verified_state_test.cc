// The state of a verification: one spelling, and what is none is refused.

#include "clients/audit/verified_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace daybook::audit {
namespace {

VerifiedState Seven() {
  VerifiedState state{.ledger = "ledgers/1", .origin = "budget.example/1"};
  for (int i = 0; i < 7; ++i) {
    state.tree.Append(merkle::LeafHash(absl::StrCat("event-", i)));
  }
  state.recorded_time_us = 12;
  state.keys.push_back({.position = 0, .key = {1, 2}});
  return state;
}

TEST(VerifiedStateTest, ComesBack) {
  const std::string text = FormatVerifiedState(Seven());
  EXPECT_THAT(text, ::testing::HasSubstr(
                        "root gTvaOkIAD4KUtqlU6oN5LC3vrmUkbvdgr5/dU699Rjg=\n"));
  const auto state = ParseVerifiedState(text);
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(FormatVerifiedState(*state), text);
  EXPECT_EQ(state->tree.size(), LogSize(7));
}

TEST(VerifiedStateTest, WhatIsCutOffOrChangedIsRefused) {
  const std::string text = FormatVerifiedState(Seven());
  for (size_t size = 0; size < text.size(); ++size) {
    // Without its last lines, which are the keys, it is a state too.
    const std::string cut = text.substr(0, size);
    const auto state = ParseVerifiedState(cut);
    EXPECT_TRUE(!state.ok() || FormatVerifiedState(*state) == cut);
  }
  std::string changed = text;
  changed[text.find("peak ") + 6] ^= 1;
  EXPECT_FALSE(ParseVerifiedState(changed).ok());
  EXPECT_FALSE(ParseVerifiedState(text + "more 1\n").ok());
}

}  // namespace
}  // namespace daybook::audit
