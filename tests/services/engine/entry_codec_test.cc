// The bytes of entries and side tables, as docs/formats/entry.md fixes them.

#include "services/engine/entry_codec.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "core/admission/personal_data.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/test_events.h"

namespace daybook::services {
namespace {

using absl::StatusCode;

// The worked example of docs/formats/entry.md.
v1::Entry ExampleEntry() {
  v1::Entry entry;
  entry.set_format(entry_format);
  entry.set_position(3);
  entry.set_recorded_time_us(1'719'835'200'000'000);
  entry.set_principal(local_principal);
  entry.set_source(kSource);
  v1::PersonalData personal;
  personal.set_payee("张三");
  entry.set_personal_data_commitment(
      PersonalDataCommitment("0123456789abcdef", personal));
  *entry.mutable_event() = Spent("V-17/1", "2024-03-15", 50'000).event();
  return entry;
}

TEST(EntryCodecTest, EntryHasTheDocumentedBytes) {
  EXPECT_EQ(absl::BytesToHexString(EntryBytes(ExampleEntry())),
            "080110031880a0acb1e585870322056c6f63616c2a04626f6f6b322093985fd1"
            "b2de9608d755379f2c6b763bf10e7dcc38565ac8dead5f1546c49ec8424e0a06"
            "562d31372f31122e6c6564676572732f3433303230332f6465706172746d656e"
            "74732f3131353030312f7265706f7274732f323032341a0708e80f1003180f9a"
            "020a0a040801100310d08603");
}

TEST(EntryCodecTest, EntryIsReadAtItsOwnPositionAlone) {
  const std::string bytes = EntryBytes(ExampleEntry());
  EXPECT_EQ(ParseEntry(Position(3), bytes)->event().event_id(), "V-17/1");
  EXPECT_EQ(ParseEntry(Position(4), bytes).status().code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(ParseEntry(Position(3), bytes.substr(1)).status().code(),
            StatusCode::kDataLoss);
}

TEST(EntryCodecTest, EntryOfALaterVersionStopsTheReader) {
  v1::Entry entry = ExampleEntry();
  entry.set_format(2);
  EXPECT_EQ(ParseEntry(Position(3), entry.SerializeAsString()).status().code(),
            StatusCode::kFailedPrecondition);
  entry = ExampleEntry();
  entry.mutable_event()->clear_payload();
  EXPECT_EQ(ParseEntry(Position(3), entry.SerializeAsString()).status().code(),
            StatusCode::kFailedPrecondition);
  entry = ExampleEntry();
  entry.clear_content();
  EXPECT_EQ(ParseEntry(Position(3), entry.SerializeAsString()).status().code(),
            StatusCode::kFailedPrecondition);
}

TEST(EntryCodecTest, PositionsAreBigEndianSoThatKeysSortByThem) {
  EXPECT_EQ(PositionBytes(Position(0x0102)),
            std::string("\0\0\0\0\0\0\1\2", 8));
  EXPECT_LT(PositionBytes(Position(0xff)), PositionBytes(Position(0x100)));
  EXPECT_EQ(*ParsePosition(PositionBytes(Position(UINT64_MAX))),
            Position(UINT64_MAX));
  EXPECT_EQ(ParsePosition("1234567").status().code(), StatusCode::kDataLoss);
}

TEST(EntryCodecTest, AnEntryAroundAnEventsBytesIsTheEntrySerialised) {
  v1::Entry entry;
  entry.set_format(entry_format);
  entry.set_position(1);
  entry.mutable_event()->set_event_id("e");
  const auto around = [&entry] {
    return EntryBytes(entry, entry.event().SerializeAsString());
  };
  EXPECT_EQ(around(), EntryBytes(entry));
  entry.set_position(0);
  entry.set_recorded_time_us(-1);
  EXPECT_EQ(around(), EntryBytes(entry));
  entry.set_position(uint64_t{1} << 40);
  entry.set_recorded_time_us(1'720'000'000'000'000);
  entry.set_principal(std::string(200, 'p'));
  entry.set_source("book");
  entry.set_personal_data_commitment(std::string(32, '\xff'));
  entry.mutable_event()->set_subject(std::string(20'000, 's'));
  EXPECT_EQ(around(), EntryBytes(entry));
}

TEST(EntryCodecTest, PersonalRecordComesBackAsItWas) {
  PersonalRecord record;
  record.salt = "0123456789abcdef";
  record.data.set_payee("张三");
  const auto read = ParsePersonalRecord(PersonalRecordBytes(record));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->salt, record.salt);
  EXPECT_EQ(read->data.payee(), "张三");
  EXPECT_EQ(ParsePersonalRecord("short").status().code(),
            StatusCode::kDataLoss);
}

}  // namespace
}  // namespace daybook::services
