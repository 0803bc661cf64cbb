// A report that is replayed from the files of a log is the one that the ledger
// has, on random histories with every kind of event and correction, as of
// random days and at random sizes.

#include "clients/audit/report_replay.h"

#include <string>
#include <vector>

#include "core/merkle/frontier.h"
#include "core/report/report_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/printed_log.h"
#include "tests/simulation/historian.h"
#include "tests/support/memory_ledger.h"
#include "tests/support/seed.h"

namespace daybook::testing {
namespace {

constexpr int histories = 20;
constexpr int questions = 8;

std::vector<v1::Entry> DrawHistory(Historian& historian) {
  MemoryLedger ledger(kLedger);
  for (size_t i = 0; i < historian.offers(); ++i) {
    Entries recorded;
    for (const v1::Entry& entry : ledger.entries()) {
      if (entry.has_event()) recorded.push_back(&entry);
    }
    const Offer offer = historian.Draw(recorded);
    v1::EventInput input;
    *input.mutable_event() = offer.event;
    ledger.Append(offer.source, input);
  }
  return ledger.entries();
}

// The report of the log's size, replayed; without evidence.
v1::Report Replayed(PrintedLog& log, const std::string& name, LogSize size,
                    LogSize whole, absl::CivilDay day) {
  audit::ReportReplay replay(log, *ResourceName::Parse(name), size, whole);
  EXPECT_TRUE(replay.Survey().ok());
  absl::StatusOr<audit::ReportReplay::State> state =
      replay.Fold([](const v1::Entry&, const Posting&) {});
  EXPECT_TRUE(state.ok()) << state.status();
  if (!state.ok()) return {};
  return BuildReport(
      {state->report, state->department, size, state->recorded_time_us}, day);
}

TEST(ReportReplayTest, ItIsTheReportThatTheLedgerHas) {
  const uint64_t first = SeedOr(20'240'601);
  int compared = 0;
  for (uint64_t seed = first; seed < first + histories; ++seed) {
    SCOPED_TRACE(seed);
    Historian historian(seed);
    const std::vector<v1::Entry> entries = DrawHistory(historian);
    for (int i = 0; i < questions; ++i) {
      const auto size = static_cast<size_t>(
          1 + historian.Below(static_cast<int>(entries.size())));
      LedgerState ledger;
      for (size_t k = 0; k < size; ++k)
        ASSERT_TRUE(ledger.Apply(entries[k]).ok());
      const std::string name = historian.OneIn(2) ? kMainReport : kOtherReport;
      const ReportState* state = ledger.FindReport(name);
      if (state == nullptr || !state->is_opened()) continue;
      PrintedLog log(entries, size);
      const absl::CivilDay day = historian.DrawDay(name);
      v1::Report expected = log.Report(name, day);
      expected.clear_evidence();
      const v1::Report replayed =
          Replayed(log, name, LogSize(size), LogSize(entries.size()), day);
      ASSERT_EQ(replayed.SerializeAsString(), expected.SerializeAsString());
      ++compared;
    }
  }
  EXPECT_GT(compared, histories);
}

TEST(ReportReplayTest, RootsAndGenesisAreThoseOfTheEntries) {
  Historian historian(7);
  const std::vector<v1::Entry> entries = DrawHistory(historian);
  const size_t size = entries.size() / 2;
  PrintedLog log(entries, size);
  audit::ReportReplay replay(log, *ResourceName::Parse(kMainReport),
                             LogSize(size), LogSize(entries.size()));
  ASSERT_TRUE(replay.Survey().ok());
  merkle::Frontier tree;
  for (size_t i = 0; i < entries.size(); ++i) {
    v1::Entry entry = entries[i];
    if (i == 0) entry.mutable_genesis()->set_origin(kLogOrigin);
    tree.Append(merkle::LeafHash(entry.SerializeAsString()));
    if (i + 1 == size) {
      EXPECT_EQ(replay.root(), tree.Root());
    }
  }
  EXPECT_EQ(replay.whole_root(), tree.Root());
  EXPECT_EQ(replay.genesis().origin(), kLogOrigin);
}

TEST(ReportReplayTest, WhatALaterVersionWroteIsNotGuessedAt) {
  Historian historian(7);
  std::vector<v1::Entry> entries = DrawHistory(historian);
  entries[5].mutable_event()->clear_payload();
  const LogSize whole(entries.size());
  PrintedLog log(std::move(entries));
  const ResourceName name = *ResourceName::Parse(kMainReport);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      audit::ReportReplay(log, name, LogSize(6), whole).Survey()));
  // What came after the report's size does not matter.
  EXPECT_TRUE(audit::ReportReplay(log, name, LogSize(5), whole).Survey().ok());
}

}  // namespace
}  // namespace daybook::testing
