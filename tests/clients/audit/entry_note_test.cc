// That an entry says the same whether it is scanned or parsed, and that what is
// not in the form of writers is left to the parser.

#include "clients/audit/entry_note.h"

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <string>

#include "clients/audit/entry_scan.h"
#include "tests/clients/audit/signed_ledger.h"
#include "tests/support/event_builders.h"
#include "tests/support/luck.h"
#include "tests/support/seed.h"

namespace daybook::audit {
namespace {

// Everything of a note but where it is parsed to.
std::string Text(const EntryNote& note) {
  std::string money;
  for (const MoneyFact& fact : note.money) {
    money += fact.bucket_key + "=" + std::to_string(fact.fen) + ";";
  }
  return std::to_string(static_cast<int>(note.kind)) + "|" +
         std::to_string(note.recorded_time_us) + "|" +
         std::string(note.commitment) + "|" + std::string(note.source) + "|" +
         std::string(note.event_id) + "|" + std::string(note.subject) + "|" +
         std::to_string(note.day) + "|" + std::to_string(note.year) + "|" +
         std::to_string(note.may_be_late) + "|" + money;
}

// The note and how many findings it made.
std::pair<std::string, size_t> Note(uint64_t position, const std::string& bytes,
                                    Parsing parsing) {
  google::protobuf::Arena arena;
  Findings findings;
  const EntryNote note =
      NoteOf(Position(position), bytes, parsing, arena, findings);
  return {Text(note), findings.count()};
}

TEST(EntryNoteTest, ScannedAndParsedAreOne) {
  const SignedLedger ledger = SignedLedger::OfLoad(500);
  size_t scanned = 0;
  for (uint64_t i = 0; i < ledger.size(); ++i) {
    const std::string bytes = ledger.bytes(i);
    if (ScanEntry(bytes).has_value()) ++scanned;
    EXPECT_EQ(Note(i, bytes, Parsing::kWhatIsNeeded),
              Note(i, bytes, Parsing::kAll));
  }
  // Or it would not be worth while.
  EXPECT_GT(scanned, ledger.size() / 2);
}

TEST(EntryNoteTest, DamagedBytesAreScannedAsTheyAreParsed) {
  const SignedLedger ledger = SignedLedger::OfLoad(200);
  const uint64_t seed = testing::SeedOr(1);
  testing::Luck luck(seed);
  const google::protobuf::LogSilencer silent;
  size_t scanned = 0;
  for (int round = 0; round < 20'000; ++round) {
    const uint64_t position = luck.Below(ledger.size());
    std::string bytes = ledger.bytes(position);
    bytes[luck.Below(bytes.size())] = static_cast<char>(luck.Below(256));
    if (luck.Chance(1, 4)) bytes.resize(luck.Below(bytes.size()));
    if (!ScanEntry(bytes).has_value()) continue;
    v1::Entry entry;
    if (!entry.ParseFromString(bytes)) continue;
    ++scanned;
    EXPECT_EQ(Note(position, bytes, Parsing::kWhatIsNeeded),
              Note(position, bytes, Parsing::kAll));
  }
  EXPECT_GT(scanned, 100u);
}

TEST(EntryNoteTest, OtherFormsAreLeftToTheParser) {
  v1::Entry entry;
  entry.set_format(1);
  entry.set_position(3);
  entry.set_source("accounting");
  *entry.mutable_event() = testing::Spent("v1", 5).event();
  const std::string bytes = entry.SerializeAsString();
  EXPECT_TRUE(ScanEntry(bytes).has_value());
  // A field twice, of which the later counts.
  v1::Entry twice;
  twice.set_position(4);
  EXPECT_FALSE(ScanEntry(bytes + twice.SerializeAsString()).has_value());
  entry.mutable_event()->set_event_id("凭证");
  EXPECT_FALSE(ScanEntry(entry.SerializeAsString()).has_value());
  entry.mutable_event()->mutable_reversal()->set_target_event_id("v0");
  EXPECT_FALSE(ScanEntry(entry.SerializeAsString()).has_value());
}

}  // namespace
}  // namespace daybook::audit
