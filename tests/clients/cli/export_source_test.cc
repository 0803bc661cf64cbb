// ExportSource: reads what an export holds, and says what is missing of it.

#include "clients/cli/export_source.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/note.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/tile.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/event_builders.h"
#include "tests/support/temporary_directory.h"

namespace daybook::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// An export of a genesis and vouchers "v1" ... of 1, 2, ... fen.
class ExportSourceTest : public ::testing::Test {
 protected:
  void Export(uint64_t size) {
    std::vector<std::string> entries;
    for (uint64_t i = 0; i < size; ++i) {
      v1::Entry entry;
      entry.set_position(i);
      if (i == 0) {
        entry.mutable_genesis()->set_ledger(testing::kLedger);
      } else {
        entry.set_source("book");
        *entry.mutable_event() =
            testing::Spent(absl::StrCat("v", i), static_cast<int64_t>(i))
                .event();
      }
      entries.push_back(entry.SerializeAsString());
    }
    const LogSize log_size(size);
    for (const auto& bundle :
         merkle::BundlesToPublish(LogSize(0), log_size)) {
      std::string bytes;
      for (uint64_t i = 0; i < bundle.width.value(); ++i) {
        DAYBOOK_CHECK(merkle::AppendToBundle(
                          entries[bundle.index.value() * 256 + i], bytes)
                          .ok());
      }
      Write(merkle::BundlePath(bundle), bytes);
    }
    WriteCheckpoint(size);
  }

  void WriteCheckpoint(uint64_t size) {
    const checkpoint::Checkpoint head{
        "example.gov/x", {LogSize(size), merkle::Hash()}, {}};
    checkpoint::Note note;
    note.text = *checkpoint::FormatCheckpoint(head);
    note.signatures.push_back(
        {"example.gov/x", checkpoint::KeyId(1), std::string(64, 's')});
    Write("checkpoint", *checkpoint::FormatNote(note));
  }

  void Write(const std::string& path, const std::string& bytes) {
    const std::filesystem::path file = folder_.path() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::vector<uint64_t> Replay(const ReplayRange& range) {
    auto source = ExportSource::Open(folder_.path());
    EXPECT_TRUE(source.ok()) << source.status();
    std::vector<uint64_t> positions;
    status_ = (*source)->Replay(range, [&](const v1::StoredEntry& stored) {
      positions.push_back(stored.position());
      return absl::OkStatus();
    });
    return positions;
  }

  const testing::TemporaryDirectory folder_;
  absl::Status status_;
};

TEST_F(ExportSourceTest, EntriesComeInOrderAcrossBundles) {
  Export(600);
  EXPECT_THAT(Replay({.first = 254, .limit = 4}),
              ElementsAre(254, 255, 256, 257));
  EXPECT_EQ(Replay({}).size(), 600u);
  EXPECT_THAT(Replay({.first = 599}), ElementsAre(599));
  EXPECT_THAT(Replay({.first = 600}), IsEmpty());
  EXPECT_TRUE(status_.ok()) << status_;
}

TEST_F(ExportSourceTest, AFilterHolds) {
  Export(600);
  ReplayRange range;
  range.filter.set_amount_from_fen(598);
  EXPECT_THAT(Replay(range), ElementsAre(598, 599));
  range.filter.set_subject("ledgers/9");
  Replay(range);
  EXPECT_EQ(status_.code(), absl::StatusCode::kInvalidArgument);
  range.filter.Clear();
  range.filter.set_personal_text("x");
  Replay(range);
  EXPECT_EQ(status_.code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ExportSourceTest, FindingSaysHowFarItIs) {
  Export(600);
  auto source = ExportSource::Open(folder_.path());
  ASSERT_TRUE(source.ok());
  v1::EntryFilter filter;
  filter.set_amount_through_fen(2);
  v1::FindEntriesResponse last;
  std::vector<uint64_t> found;
  ASSERT_TRUE((*source)
                  ->Find(filter, false,
                         [&](const v1::FindEntriesResponse& page) {
                           last = page;
                           for (const auto& stored : page.entries()) {
                             found.push_back(stored.position());
                           }
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_THAT(found, ElementsAre(1, 2));
  EXPECT_EQ(last.read_size(), 600u);
  EXPECT_EQ(last.size(), 600u);
}

TEST_F(ExportSourceTest, EventsThatWereReplayedAreFound) {
  Export(300);
  auto source = ExportSource::Open(folder_.path());
  ASSERT_TRUE(source.ok());
  v1::EventIdentity identity;
  identity.set_source("book");
  identity.set_event_id("v280");
  EXPECT_FALSE((*(*source)->FindEvent(identity)).has_value());
  ASSERT_TRUE((*source)
                  ->Replay({}, [](const v1::StoredEntry&) {
                    return absl::OkStatus();
                  })
                  .ok());
  const auto found = (*source)->FindEvent(identity);
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->position(), 280u);
  identity.set_source("other");
  EXPECT_FALSE((*(*source)->FindEvent(identity)).has_value());
}

TEST_F(ExportSourceTest, AFullBundleServesASmallerCheckpoint) {
  Export(600);
  WriteCheckpoint(300);
  EXPECT_EQ(Replay({}).size(), 300u);
  EXPECT_TRUE(status_.ok()) << status_;
}

TEST_F(ExportSourceTest, WhatIsMissingOrDamagedIsNamed) {
  EXPECT_EQ(ExportSource::Open(folder_.path()).status().code(),
            absl::StatusCode::kNotFound);
  Export(600);
  Write("tile/entries/001", "damaged");
  EXPECT_EQ(Replay({}).size(), 256u);
  EXPECT_EQ(status_.code(), absl::StatusCode::kDataLoss);
  std::filesystem::remove(folder_.path() / "tile/entries/001");
  Replay({});
  EXPECT_EQ(status_.code(), absl::StatusCode::kNotFound);
  Write("checkpoint", "no note");
  EXPECT_EQ(ExportSource::Open(folder_.path()).status().code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace daybook::cli
