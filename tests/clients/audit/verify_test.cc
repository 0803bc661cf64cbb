// What a verification promises: a ledger that is in order has no findings and
// its reports are derived as a slow fold derives them; whatever an entry alone
// can break is named with position and field, also where the tree over it is
// signed; and keys are trusted only along the entries that name them.

#include "clients/audit/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"
#include "core/report/report_view.h"
#include "tests/clients/audit/signed_ledger.h"
#include "tests/support/event_builders.h"
#include "tests/support/status_matchers.h"

namespace daybook::audit {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StatusIs;

constexpr const char* source = "accounting";
constexpr uint64_t seed = 7;

// A verification and what it found.
struct Verified {
  Findings findings;
  std::unique_ptr<MemoryFetcher> fetcher;
  std::unique_ptr<Verification> verification;
  absl::Status status;

  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    for (const Finding& finding : findings.Sorted()) {
      texts.push_back(FindingText(finding));
    }
    return texts;
  }
};

std::unique_ptr<Verified> VerifyFiles(
    std::map<std::string, std::string> files,
    const checkpoint::VerifierKey& key,
    std::optional<VerifiedState> since = std::nullopt,
    std::vector<KeptCheckpoint> others = {}) {
  auto verified = std::make_unique<Verified>();
  verified->fetcher = std::make_unique<MemoryFetcher>(std::move(files));
  VerifyOptions options{.key = key};
  options.seed = seed;
  options.since = std::move(since);
  verified->verification = std::make_unique<Verification>(
      *verified->fetcher, std::move(options), verified->findings);
  verified->status = verified->verification->Run(std::move(others));
  return verified;
}

std::unique_ptr<Verified> Verify(const SignedLedger& ledger) {
  return VerifyFiles(ledger.Files(ledger.size()), TestKey().verifier());
}

// A ledger with a department and an opened report, of 4 entries.
SignedLedger Small() {
  SignedLedger ledger;
  ledger.Append(source, testing::Department());
  ledger.Append(source, testing::Opened());
  ledger.Append(source, testing::Spent("v1", 100));
  return ledger;
}

v1::Entry EntryOf(const v1::EventInput& input) {
  v1::Entry entry;
  entry.set_source(source);
  *entry.mutable_event() = input.event();
  return entry;
}

TEST(VerifyTest, ALedgerInOrderHasNoFindings) {
  for (const uint64_t events : {0, 200, 1'500}) {
    const SignedLedger ledger = SignedLedger::OfLoad(events);
    const auto verified = Verify(ledger);
    ASSERT_TRUE(verified->status.ok()) << verified->status;
    EXPECT_THAT(verified->Texts(), IsEmpty());
    EXPECT_EQ(verified->verification->size().value(), ledger.size());
    EXPECT_TRUE(verified->verification->signer().has_value());
    EXPECT_EQ(verified->verification->ledger(), "ledgers/430203");
  }
}

TEST(VerifyTest, ReportsAreThoseOfASlowFold) {
  const SignedLedger ledger = SignedLedger::OfLoad(3'000);
  const auto verified = Verify(ledger);
  const ReportFold* const fold = verified->verification->reports();
  ASSERT_NE(fold, nullptr);
  size_t compared = 0;
  for (const auto& [name, report] : ledger.state().reports()) {
    const auto state = fold->MakeState(name);
    ASSERT_TRUE(state.ok()) << state.status();
    for (const absl::CivilDay day : {ReportFold::DrawnDay(seed, report.name()),
                                     LastDay(report.name().fiscal_year())}) {
      const v1::Report derived =
          BuildReport({state->report, state->department, LogSize(ledger.size()),
                       verified->verification->last_recorded_time_us()},
                      day);
      const v1::Report slow = BuildReport(ledger.state(), report, day);
      EXPECT_EQ(derived.SerializeAsString(), slow.SerializeAsString());
      ++compared;
    }
  }
  EXPECT_EQ(compared, 6u);
  EXPECT_THAT(fold->Reports(), SizeIs(3));
}

TEST(VerifyTest, ReversedStatementsAndLateEventsAreFolded) {
  SignedLedger ledger = Small();
  ledger.Append(source, testing::Indicator("pupils"));
  ledger.Append(source, testing::Result("r1", "pupils", 120));
  v1::EventInput close;
  close.mutable_event()->set_event_id("close");
  close.mutable_event()->set_subject(testing::kReport);
  *close.mutable_event()->mutable_period_closed()->mutable_through() =
      testing::DateOf(2024, 6, 30);
  ledger.Append(source, close);
  v1::EventInput late = testing::Reversed("x1", "r1");
  late.mutable_event()->mutable_correction()->set_reason("wrong");
  late.mutable_event()->mutable_correction()->set_approver("office");
  ledger.Append(source, late);
  v1::EventInput undone = testing::Reversed("x2", "v1");
  *undone.mutable_event()->mutable_correction() = late.event().correction();
  ledger.Append(source, undone);
  const auto verified = Verify(ledger);
  EXPECT_THAT(verified->Texts(), IsEmpty());
  const auto state =
      verified->verification->reports()->MakeState(testing::kReport);
  ASSERT_TRUE(state.ok());
  const absl::CivilDay day(2024, 12, 31);
  const ReportState& slow = *ledger.state().FindReport(testing::kReport);
  const v1::Report derived =
      BuildReport({state->report, state->department, LogSize(ledger.size()),
                   verified->verification->last_recorded_time_us()},
                  day);
  EXPECT_EQ(derived.late_adjustments(), 2u);
  EXPECT_EQ(derived.SerializeAsString(),
            BuildReport(ledger.state(), slow, day).SerializeAsString());
}

TEST(VerifyTest, SourcesAreCounted) {
  SignedLedger ledger = Small();
  const auto verified = Verify(ledger);
  const auto& sources = verified->verification->sources();
  ASSERT_TRUE(sources.contains(source));
  EXPECT_EQ(sources.at(source).created, 3u);
  EXPECT_EQ(sources.at(source).last_event_id, "v1");
  EXPECT_EQ(sources.at(source).last_position, 3u);
}

TEST(VerifyTest, AnEntryOfAnotherPositionIsNamed) {
  SignedLedger ledger = Small();
  ledger.Change(3, [](v1::Entry& entry) { entry.set_position(9); });
  EXPECT_THAT(Verify(ledger)->Texts(),
              ElementsAre("position 3, position: 9, expected 3"));
}

TEST(VerifyTest, RecordedTimeMayStandButNeverFalls) {
  SignedLedger ledger = Small();
  ledger.Change(3, [](v1::Entry& entry) { entry.set_recorded_time_us(2); });
  EXPECT_THAT(Verify(ledger)->Texts(), IsEmpty());
  ledger.Change(3, [](v1::Entry& entry) { entry.set_recorded_time_us(1); });
  EXPECT_THAT(Verify(ledger)->Texts(),
              ElementsAre(HasSubstr("position 3, recorded_time_us: 1")));
}

TEST(VerifyTest, AnIdentityStandsOnce) {
  SignedLedger ledger = Small();
  v1::Entry again = EntryOf(testing::Spent("v1", 5));
  ledger.Force(again);
  EXPECT_THAT(Verify(ledger)->Texts(),
              ElementsAre(HasSubstr("position 4, identity: v1 of source "
                                    "accounting, expected another than that "
                                    "of position 3")));
  // The same id of another source is another event.
  SignedLedger other = Small();
  again.set_source("treasury");
  other.Force(again);
  EXPECT_THAT(Verify(other)->Texts(), IsEmpty());
}

TEST(VerifyTest, AReversalNeedsATargetBeforeIt) {
  SignedLedger ledger = Small();
  ledger.Force(EntryOf(testing::Reversed("x1", "nothing")));
  ledger.Force(EntryOf(testing::Reversed("x2", "v2")));
  ledger.Force(EntryOf(testing::Spent("v2", 5)));
  EXPECT_THAT(
      Verify(ledger)->Texts(),
      ElementsAre(
          HasSubstr("position 4, reversal.target: an event that is not there"),
          HasSubstr("position 5, reversal.target: the event at position 6")));
}

TEST(VerifyTest, AnEventIsReversedOnce) {
  SignedLedger ledger = Small();
  ledger.Append(source, testing::Reversed("x1", "v1"));
  EXPECT_THAT(Verify(ledger)->Texts(), IsEmpty());
  ledger.Force(EntryOf(testing::Reversed("x2", "v1")));
  ledger.Force(EntryOf(testing::Reversed("x3", "x1")));
  EXPECT_THAT(Verify(ledger)->Texts(),
              ElementsAre(HasSubstr("position 5, reversal.target: position 3"),
                          HasSubstr("position 6, reversal.target: position 4, "
                                    "a reversal")));
}

TEST(VerifyTest, AReversalIsOfItsOwnReport) {
  SignedLedger ledger = Small();
  v1::EventInput other = testing::Reversed("x1", "v1");
  other.mutable_event()->set_subject(
      "ledgers/430203/departments/115001/reports/2025");
  *other.mutable_event()->mutable_effective_date() =
      testing::DateOf(2025, 1, 1);
  ledger.Force(EntryOf(other));
  EXPECT_THAT(Verify(ledger)->Texts(),
              ElementsAre(HasSubstr("an event of another report")));
}

TEST(VerifyTest, SubjectsAndDaysAreOfTheLedgerAndTheYear) {
  SignedLedger ledger = Small();
  v1::EventInput foreign = testing::Spent("f1", 1);
  foreign.mutable_event()->set_subject("ledgers/4302030/departments/1");
  ledger.Force(EntryOf(foreign));
  v1::EventInput dated = testing::Spent("f2", 1);
  *dated.mutable_event()->mutable_effective_date() =
      testing::DateOf(2023, 12, 31);
  ledger.Force(EntryOf(dated));
  EXPECT_THAT(Verify(ledger)->Texts(),
              AllOf(Contains(HasSubstr("position 4, subject: ledgers/4302030")),
                    Contains(HasSubstr("position 5, effective_date: 2023, "
                                       "expected a day of 2024"))));
}

TEST(VerifyTest, BytesThatAreNoEntryAreNamed) {
  const SignedLedger ledger = Small();
  auto files = ledger.Files(4);
  files["tile/entries/000.p/4"].back() ^= 1;
  const auto verified = VerifyFiles(std::move(files), TestKey().verifier());
  EXPECT_TRUE(verified->status.ok());
  EXPECT_THAT(verified->Texts(),
              Contains(AllOf(HasSubstr("position 3"), HasSubstr("leaf hash"))));
  EXPECT_THAT(verified->Texts(), Contains(HasSubstr("root of size 4")));
}

TEST(VerifyTest, AnotherKeysCheckpointIsRefused) {
  const SignedLedger ledger = Small();
  const auto verified = VerifyFiles(ledger.Files(4), TestKey('z').verifier());
  EXPECT_THAT(verified->Texts(),
              ElementsAre(HasSubstr("checkpoint, signature: by none")));
  EXPECT_FALSE(verified->verification->signer().has_value());
  EXPECT_FALSE(verified->verification->State().has_value());
}

// The entry that rotates the key stands at position 4.
SignedLedger Rotated() {
  SignedLedger ledger = Small();
  v1::Entry rotated;
  rotated.set_source("daybookd");
  rotated.mutable_event()->set_event_id("key-1");
  rotated.mutable_event()->set_subject("ledgers/430203");
  const auto key = TestKey('n').verifier().public_key();
  rotated.mutable_event()->mutable_key_rotated()->set_public_key(key.data(),
                                                                 key.size());
  rotated.mutable_event()->mutable_key_rotated()->set_reason("yearly");
  ledger.Force(rotated);
  ledger.Force(EntryOf(testing::Spent("v2", 5)));
  return ledger;
}

TEST(VerifyTest, ARotatedKeyIsTrustedWhereTheOldOneCoversTheRotation) {
  const SignedLedger ledger = Rotated();
  auto files = ledger.Files(6);
  files["checkpoint"] = ledger.Checkpoint(6, TestKey('n'));
  const auto bridge = *ParseKept("bridge", ledger.Checkpoint(5));
  const auto early = *ParseKept("early", ledger.Checkpoint(4));
  EXPECT_THAT(VerifyFiles(files, TestKey().verifier(), {}, {bridge})->Texts(),
              IsEmpty());
  // Without it nobody who is trusted names the new key.
  EXPECT_THAT(VerifyFiles(files, TestKey().verifier(), {}, {early})->Texts(),
              ElementsAre(HasSubstr("checkpoint, signature")));
  // Whoever trusts the new key trusts what it signed, the old key included.
  EXPECT_THAT(VerifyFiles(files, TestKey('n').verifier(), {}, {early})->Texts(),
              IsEmpty());
}

TEST(VerifyTest, AKeyThatNoEntryNamesIsNamed) {
  const SignedLedger ledger = Small();
  auto files = ledger.Files(4);
  files["checkpoint"] = ledger.Checkpoint(4, TestKey('z'));
  EXPECT_THAT(VerifyFiles(files, TestKey('z').verifier())->Texts(),
              ElementsAre(HasSubstr("checkpoint, key: ")));
}

TEST(VerifyTest, CheckpointsOfAnotherHistoryAreNamed) {
  const SignedLedger ledger = Small();
  SignedLedger other = Small();
  other.Change(2, [](v1::Entry& entry) { entry.set_recorded_time_us(3); });
  const auto forked = *ParseKept("forked", other.Checkpoint(3));
  const auto verified =
      VerifyFiles(ledger.Files(4), TestKey().verifier(), {}, {forked});
  EXPECT_THAT(verified->Texts(),
              ElementsAre(HasSubstr("forked, root of size 3")));
}

TEST(VerifyTest, GoesOnFromWhatWasVerified) {
  const SignedLedger ledger = SignedLedger::OfLoad(1'000);
  for (const uint64_t before : {1, 255, 256, 257, 900}) {
    auto files = ledger.Files(before);
    const auto first = VerifyFiles(files, TestKey().verifier());
    ASSERT_THAT(first->Texts(), IsEmpty());
    const auto state = first->verification->State();
    ASSERT_TRUE(state.has_value());
    const std::string text = FormatVerifiedState(*state);
    const auto parsed = ParseVerifiedState(text);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    for (const uint64_t now : {before, before + 1, uint64_t{1'000}}) {
      const auto second =
          VerifyFiles(ledger.Files(now), TestKey().verifier(), *parsed);
      ASSERT_TRUE(second->status.ok()) << second->status;
      EXPECT_THAT(second->Texts(), IsEmpty()) << before << " to " << now;
      EXPECT_EQ(second->verification->first_read(), before);
      const auto later = second->verification->State();
      ASSERT_TRUE(later.has_value());
      EXPECT_EQ(later->tree.Root(), ledger.Root(now));
    }
  }
}

TEST(VerifyTest, GoingOnFindsAnotherHistory) {
  const SignedLedger ledger = SignedLedger::OfLoad(600);
  const auto first = VerifyFiles(ledger.Files(500), TestKey().verifier());
  const auto state = first->verification->State();
  ASSERT_TRUE(state.has_value());
  SignedLedger other = SignedLedger::OfLoad(600);
  other.Change(20, [](v1::Entry& entry) {
    entry.mutable_event()->mutable_source_recorded_time()->set_seconds(1);
  });
  const auto second =
      VerifyFiles(other.Files(600), TestKey().verifier(), *state);
  EXPECT_THAT(second->status, StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(second->Texts(),
              ElementsAre(HasSubstr("consistency with what was verified")));
  // A log that shrank is another one too.
  const auto shrunk =
      VerifyFiles(ledger.Files(499), TestKey().verifier(), *state);
  EXPECT_THAT(shrunk->Texts(), SizeIs(1));
}

TEST(VerifyTest, WhatCanNotBeReachedIsNoFinding) {
  const SignedLedger ledger = SignedLedger::OfLoad(600);
  Findings findings;
  MemoryFetcher fetcher(ledger.Files(600));
  fetcher.reads_left = 4;
  Verification verification(fetcher, {.key = TestKey().verifier()}, findings);
  EXPECT_THAT(verification.Run({}), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(findings.count(), 0u);
}

TEST(VerifyTest, WithoutACheckpointThereIsNothingToVerify) {
  const auto verified = VerifyFiles({}, TestKey().verifier());
  EXPECT_THAT(verified->status, StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(verified->Texts(), ElementsAre(HasSubstr("checkpoint")));
}

}  // namespace
}  // namespace daybook::audit
