// Identities: every recorded event is found by its identity, and nothing else,
// also after opening again and when the index is lost.

#include "services/engine/identities.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/services/engine/engine_fixture.h"

namespace daybook::services {
namespace {

class IdentitiesTest : public EngineTest {
 protected:
  IdentitiesTest() {
    Append(Opening());
    Inputs inputs;
    for (int i = 0; i < 300; ++i) {
      inputs.push_back(Spent(absl::StrCat("v", i), "2024-03-15", i + 1));
    }
    Append(inputs);
  }

  // Where the events v0 to v299 stand, as the engine finds them.
  void ExpectAllFound() {
    const auto first = engine_->FindEvent(kSource, "v0");
    ASSERT_TRUE(first.ok());
    ASSERT_TRUE(first->has_value());
    for (uint64_t i = 0; i < 300; ++i) {
      const auto found = engine_->FindEvent(kSource, absl::StrCat("v", i));
      ASSERT_TRUE(found.ok());
      EXPECT_EQ(*found, Position((*first)->value() + i));
    }
    for (const char* other : {"v300", "v", ""}) {
      EXPECT_EQ(engine_->FindEvent(kSource, other).value(), std::nullopt);
    }
    EXPECT_EQ(engine_->FindEvent("other", "v1").value(), std::nullopt);
  }
};

TEST_F(IdentitiesTest, EachEventIsFoundAndNothingElse) { ExpectAllFound(); }

TEST_F(IdentitiesTest, WhatTheIndexLacksIsReadFromTheLog) {
  Reopen();
  ExpectAllFound();
  EXPECT_EQ(Refused({Spent("v7", "2024-03-15", 9'999)}),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(IdentitiesTest, ADamagedIndexIsMadeAnew) {
  const auto folder =
      temporary_.path() / "data0" / "ledgers" / kLedgerId / "index";
  engine_ = nullptr;
  registry_ = nullptr;
  directory_ = nullptr;
  std::filesystem::create_directory(folder);
  const auto run = folder / "00000000000000000000-00000000000000000100.run";
  std::ofstream(run) << "no run";
  Reopen();
  ExpectAllFound();
  EXPECT_FALSE(std::filesystem::exists(run));
}

TEST_F(IdentitiesTest, TheEntryVerifiesWhatAHashOnlySuggests) {
  v1::Entry entry;
  entry.set_source("a");
  entry.mutable_event()->set_event_id("b");
  EXPECT_TRUE(IsIdentity(entry, "a", "b"));
  EXPECT_FALSE(IsIdentity(entry, "a", "c"));
  EXPECT_FALSE(IsIdentity(entry, "c", "b"));
}

}  // namespace
}  // namespace daybook::services
