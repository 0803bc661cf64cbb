// Rebuild: what is made anew from the log answers the same as what grew with
// it.

#include "services/engine/rebuild.h"

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/lineage_keys.h"
#include "tests/services/engine/engine_fixture.h"

namespace daybook::services {
namespace {

using storage::Space;

class RebuildTest : public EngineTest {
 protected:
  RebuildTest() {
    Append(Opening());
    Inputs inputs = {Approved("budget", "2024-01-01", 1'000'000)};
    // More than a chunk, and more than a block of one bucket.
    for (int i = 0; i < 2'500; ++i) {
      inputs.push_back(Spent(absl::StrCat("v", i), "2024-03-15", i + 1));
    }
    Append(inputs);
    Append({Reversed("r", "v7")});
    Append({WithPayee(Spent("paid", "2024-03-15", 1), "张三")});
    Append({Erased("erased", "paid")});
    // The tests look at what is stored.
    EXPECT_TRUE(engine_->Settle().ok());
  }

  storage::EventLog& log() { return **directory_->OpenLedger(kLedgerId); }

  // Makes what lies beside the log anew, with the ledger closed.
  absl::Status RebuildAnew() {
    engine_ = nullptr;
    registry_ = nullptr;
    auto identities = Identities::Open(log(), LedgerIdOf(log()));
    return identities.ok() ? Rebuild(log(), **identities) : identities.status();
  }

  // All keys and values of a space.
  std::string Dump(Space space) {
    std::string dump;
    const auto cursor = log().NewCursor(space);
    for (cursor->Seek(""); cursor->valid(); cursor->Next()) {
      absl::StrAppend(&dump, cursor->key(), "=", cursor->value(), "\n");
    }
    EXPECT_TRUE(cursor->status().ok());
    return dump;
  }
};

TEST_F(RebuildTest, NothingBesideTheLogChanges) {
  const std::string facts = Dump(Space::kFact);
  const std::string lineage = Dump(Space::kLineage);
  ASSERT_TRUE(RebuildAnew().ok());
  EXPECT_EQ(Dump(Space::kFact), facts);
  EXPECT_EQ(Dump(Space::kLineage), lineage);
}

TEST_F(RebuildTest, WhatIsLostIsMadeAnewWhenTheLedgerIsOpened) {
  const std::string now = ReportBytes();
  const std::string then = ReportBytes(LogSize(1'500), LastDay(2024));
  const std::string lineage = Dump(Space::kLineage);
  ASSERT_TRUE(log().ClearSide(Space::kFact, "", "\x7f").ok());
  ASSERT_TRUE(log().ClearSide(Space::kLineage, "", "\xff").ok());
  EXPECT_FALSE(IsCurrent(log()).value());
  Reopen();
  EXPECT_TRUE(IsCurrent(log()).value());
  EXPECT_EQ(ReportBytes(), now);
  EXPECT_EQ(ReportBytes(LogSize(1'500), LastDay(2024)), then);
  EXPECT_EQ(Dump(Space::kLineage), lineage);
  // Admission decides as before.
  EXPECT_EQ(Refused({Reversed("again", "v7")}),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Refused({Reversed("r2", "v8")}), absl::StatusCode::kOk);
  // And recognises what is recorded.
  EXPECT_THAT(Results(Append({Spent("v1", "2024-03-15", 2)})),
              ::testing::ElementsAre("replayed 5"));
}

TEST_F(RebuildTest, ItCanBeAskedFor) {
  const std::string now = ReportBytes();
  const std::string lineage = Dump(Space::kLineage);
  ASSERT_TRUE(log()
                  .WriteSide({{Space::kLineage, StatedKey(kReport, Position(2)),
                               "other"}})
                  .ok());
  LedgerEngineOptions options;
  options.rebuild = true;
  Reopen(options);
  EXPECT_EQ(ReportBytes(), now);
  EXPECT_EQ(Dump(Space::kLineage), lineage);
}

TEST_F(RebuildTest, AnsweredTimesStay) {
  clock_.Set(clock_.Now() + absl::Hours(5));
  const KnownAt asked{std::nullopt, absl::ToUnixMicros(clock_.Now())};
  const auto size = engine_->Resolve(asked);
  ASSERT_TRUE(size.ok()) << size.status();
  clock_.Set(clock_.Now() - absl::Hours(4));
  LedgerEngineOptions options;
  options.rebuild = true;
  Reopen(options);
  EXPECT_EQ(Refused({Spent("late", "2024-03-15", 1)}), absl::StatusCode::kOk);
  EXPECT_EQ(engine_->Resolve(asked).value(), *size);
}

TEST_F(RebuildTest, NothingIsDeletedWhenAnEntryCanNotBeRead) {
  ASSERT_TRUE(AppendStored(log(), "no entry").ok());
  const std::string lineage = Dump(Space::kLineage);
  EXPECT_TRUE(absl::IsDataLoss(RebuildAnew()));
  EXPECT_EQ(Dump(Space::kLineage), lineage);
  EXPECT_TRUE(IsCurrent(log()).value());
}

TEST_F(RebuildTest, WhatOtherRulesRecordedStandsThoughTheseRefuseIt) {
  v1::Entry entry = EntryAt(3);
  entry.set_position(log().size().value());
  entry.mutable_event()->set_subject(kReport2023);
  entry.mutable_event()->set_event_id("other");
  ASSERT_TRUE(AppendStored(log(), EntryBytes(entry)).ok());
  EXPECT_TRUE(RebuildAnew().ok());
  EXPECT_TRUE(IsCurrent(log()).value());
}

TEST_F(RebuildTest, WhatNoRulesCanHaveRecordedIsDamage) {
  v1::Entry entry = EntryAt(3);
  entry.set_position(log().size().value());
  entry.mutable_event()->mutable_reversal()->set_target_event_id("nowhere");
  entry.mutable_event()->set_event_id("other");
  ASSERT_TRUE(AppendStored(log(), EntryBytes(entry)).ok());
  EXPECT_TRUE(absl::IsDataLoss(RebuildAnew()));
  EXPECT_FALSE(IsCurrent(log()).value());
}

}  // namespace
}  // namespace daybook::services
