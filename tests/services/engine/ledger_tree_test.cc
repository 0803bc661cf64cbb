// What LedgerTree promises: after every group the tree over all entries, proofs
// and tiles of every size as an independent calculation has them, also after
// the log is opened again or a group was taken back; and that entries or hashes
// which were changed under their checksums are never given out.

#include "services/engine/ledger_tree.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/entry_codec.h"
#include "tests/support/status_matchers.h"
#include "tests/support/stopped_log.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using ::daybook::testing::StatusIs;
using ::daybook::testing::StoppedLog;
using merkle::Hash;
using merkle::TreeHead;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr uint64_t tile_width = 256;

std::string EntryOf(uint64_t position) {
  return absl::StrCat("entry ", position);
}

class LedgerTreeTest : public ::testing::Test {
 protected:
  LedgerTreeTest() { Open(); }

  void Open() {
    log_ = *storage::EventLog::Open({.directory = Directory()}, shared_);
    tree_ = *LedgerTree::Open(*log_);
  }

  void Close() {
    tree_ = nullptr;
    log_ = nullptr;
  }

  void Reopen() {
    Close();
    Open();
  }

  absl::Status TryReopen() {
    Close();
    log_ = *storage::EventLog::Open({.directory = Directory()}, shared_);
    auto tree = LedgerTree::Open(*log_);
    if (tree.ok()) tree_ = *std::move(tree);
    return tree.status();
  }

  // Appends so many entries as one group.
  void Append(uint64_t count) {
    std::vector<std::string> entries;
    std::vector<Hash> leaves;
    for (uint64_t i = 0; i < count; ++i) {
      entries.push_back(EntryOf(log_->size().value() + i));
      leaves.push_back(merkle::LeafHash(entries.back()));
    }
    std::vector<storage::SideWrite> writes;
    tree_->Add(leaves, writes);
    ASSERT_TRUE(log_->Append(log_->size(), entries, writes).ok());
    tree_->Written();
  }

  // The tree over the first entries, from the entries alone.
  static TreeHead HeadOf(uint64_t size) {
    merkle::Frontier frontier;
    for (uint64_t i = 0; i < size; ++i) {
      frontier.Append(merkle::LeafHash(EntryOf(i)));
    }
    return frontier.Head();
  }

  std::filesystem::path Directory() const { return temporary_.path() / "log"; }

  testing::TemporaryDirectory temporary_;
  storage::SharedResources shared_;
  std::unique_ptr<storage::EventLog> log_;
  std::unique_ptr<LedgerTree> tree_;
};

TEST_F(LedgerTreeTest, IsEmptyBeforeTheFirstEntry) {
  EXPECT_EQ(tree_->Head(), HeadOf(0));
  Reopen();
  EXPECT_EQ(tree_->Head(), HeadOf(0));
}

TEST_F(LedgerTreeTest, GrowsWithEachGroupAndIsTheSameWhenReopened) {
  uint64_t size = 0;
  for (const uint64_t count : {1, 1, 253, 1, 1, 255, 300, 1'500}) {
    Append(count);
    size += count;
    EXPECT_EQ(tree_->Head(), HeadOf(size));
    Reopen();
    EXPECT_EQ(tree_->Head(), HeadOf(size));
  }
}

TEST_F(LedgerTreeTest, AGroupThatWasTakenBackLeavesNothing) {
  Append(300);
  std::vector<storage::SideWrite> writes;
  tree_->Add({merkle::LeafHash("lost")}, writes);
  tree_->TakeBack();
  EXPECT_EQ(tree_->Head(), HeadOf(300));
  Append(300);
  EXPECT_EQ(tree_->Head(), HeadOf(600));
}

TEST_F(LedgerTreeTest, ALogWithItsGenesisAloneNeedsNoRows) {
  ASSERT_TRUE(log_->Append(LogSize(0), {EntryOf(0)}, {}).ok());
  Reopen();
  EXPECT_EQ(tree_->Head(), HeadOf(1));
  Append(1);
  EXPECT_EQ(tree_->Head(), HeadOf(2));
}

TEST_F(LedgerTreeTest, KnowsTheHeadOfEverySize) {
  Append(600);
  merkle::Frontier frontier;
  for (uint64_t size = 0; size <= 600; ++size) {
    ASSERT_EQ(*tree_->HeadAt(LogSize(size)), frontier.Head());
    frontier.Append(merkle::LeafHash(EntryOf(size)));
  }
  EXPECT_THAT(tree_->HeadAt(LogSize(601)).status(),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("600")));
}

TEST_F(LedgerTreeTest, ProvesEveryKindOfPair) {
  Append(1'000);
  Append(777);
  const std::vector<uint64_t> sizes = {1,   2,   255,   256,   257,
                                       511, 512, 1'000, 1'500, 1'777};
  for (const uint64_t size : sizes) {
    const TreeHead head = HeadOf(size);
    for (const uint64_t position : {uint64_t{0}, size / 2, size - 1}) {
      const auto proof =
          tree_->ProveInclusion(Position(position), LogSize(size));
      ASSERT_TRUE(proof.ok());
      EXPECT_TRUE(merkle::VerifyInclusion(*proof, Position(position),
                                          merkle::LeafHash(EntryOf(position)),
                                          head)
                      .ok());
    }
    for (const uint64_t older : sizes) {
      if (older > size) continue;
      const auto proof = tree_->ProveConsistency(LogSize(older), LogSize(size));
      ASSERT_TRUE(proof.ok());
      EXPECT_TRUE(merkle::VerifyConsistency(*proof, HeadOf(older), head).ok());
    }
  }
  EXPECT_THAT(tree_->ProveInclusion(Position(5), LogSize(5)).status(),
              StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(tree_->ProveInclusion(Position(5), LogSize(1'778)).status(),
              StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(tree_->ProveConsistency(LogSize(2), LogSize(1'778)).status(),
              StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(LedgerTreeTest, GivesTilesAndBundlesOfEveryWidth) {
  Append(70'000 / 2);
  Append(70'000 / 2);
  for (const char* const path :
       {"tile/0/000", "tile/0/000.p/1", "tile/0/272.p/255", "tile/0/273.p/112",
        "tile/1/000", "tile/1/000.p/200", "tile/1/001.p/17",
        "tile/2/000.p/1"}) {
    const merkle::Tile tile = *merkle::ParseTilePath(path);
    const auto hashes = tree_->ReadTile(tile);
    ASSERT_TRUE(hashes.ok()) << path << hashes.status();
    ASSERT_EQ(hashes->size(), tile.width.value());
  }
  for (const char* const path :
       {"tile/0/273.p/113", "tile/0/274.p/1", "tile/1/001.p/18", "tile/2/000",
        "tile/3/000"}) {
    EXPECT_THAT(tree_->ReadTile(*merkle::ParseTilePath(path)).status(),
                StatusIs(absl::StatusCode::kOutOfRange, HasSubstr(path)));
  }
  const merkle::Bundle bundle =
      *merkle::ParseBundlePath("tile/entries/273.p/7");
  const std::string bytes = *tree_->ReadBundle(bundle);
  const auto entries = *merkle::ParseBundle(bytes, bundle.width);
  EXPECT_EQ(entries[6], EntryOf(273 * tile_width + 6));
  EXPECT_THAT(
      tree_->ReadBundle(*merkle::ParseBundlePath("tile/entries/274.p/1"))
          .status(),
      StatusIs(absl::StatusCode::kOutOfRange));
}

TEST_F(LedgerTreeTest, ReadsEntriesUpToTheEndOfATile) {
  Append(600);
  EXPECT_EQ(tree_->ReadEntries(Position(250), Position(600))->size(), 6);
  EXPECT_EQ(tree_->ReadEntries(Position(512), Position(600))->size(), 88);
  EXPECT_EQ(tree_->ReadEntries(Position(513), Position(515))->front(),
            EntryOf(513));
  EXPECT_THAT(tree_->ReadEntries(Position(0), Position(601)).status(),
              StatusIs(absl::StatusCode::kOutOfRange));
}

// Somebody changes what is stored, checksums included.
class ChangedTreeTest : public LedgerTreeTest {
 protected:
  // 256 entries and more are in one group, so that a block of entries lies
  // within a tile or over its end.
  ChangedTreeTest() { Append(1'300); }

  // Changes a byte of the entry at `position`.
  void ChangeEntry(uint64_t position) {
    Close();
    StoppedLog log(Directory());
    const std::string entry = EntryOf(position);
    for (auto [key, value] : log.Rows("entries")) {
      const size_t at = value.find(entry);
      if (at == std::string::npos) continue;
      value[at] = 'E';
      log.Put("entries", key, value);
      return;
    }
    FAIL() << "no entry " << position;
  }

  void ExpectNothingGiven(uint64_t position) {
    const std::string range = absl::StrCat("positions ", position / 256 * 256);
    const auto refused =
        StatusIs(absl::StatusCode::kDataLoss, HasSubstr(range));
    EXPECT_THAT(
        tree_->ReadEntries(Position(position), Position(position + 1)).status(),
        refused);
    const merkle::TileIndex index(position / 256);
    EXPECT_THAT(tree_->ReadBundle({index, merkle::TileWidth(1)}).status(),
                refused);
    EXPECT_THAT(
        tree_->ReadTile({merkle::TileLevel(0), index, merkle::TileWidth(1)})
            .status(),
        refused);
    EXPECT_THAT(
        tree_->ProveInclusion(Position(position), LogSize(1'300)).status(),
        refused);
  }
};

TEST_F(ChangedTreeTest, AChangedEntryOfAFullTileIsNotGiven) {
  ChangeEntry(700);
  Open();
  ExpectNothingGiven(700);
  EXPECT_TRUE(tree_->ReadEntries(Position(0), Position(1)).ok());
}

TEST_F(ChangedTreeTest, AChangedEntryBehindTheLastFullTileIsNotOpened) {
  ChangeEntry(1'290);
  EXPECT_THAT(TryReopen(),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr("1300 entries"), HasSubstr("backup"))));
}

TEST_F(ChangedTreeTest, AChangedOrMissingHashIsNotBelieved) {
  Close();
  const std::string key = std::string(1, '\1') + PositionBytes(Position(2));
  {
    StoppedLog log(Directory());
    log.Put("tree", key, std::string(32, 'x'));
  }
  // The root at the right edge is made of it.
  EXPECT_THAT(TryReopen(), StatusIs(absl::StatusCode::kDataLoss));
  Close();
  {
    StoppedLog log(Directory());
    log.Delete("tree", key);
  }
  EXPECT_THAT(TryReopen(), StatusIs(absl::StatusCode::kDataLoss,
                                    HasSubstr("positions 512 to 767")));
}

TEST_F(ChangedTreeTest, AMissingHeadIsDamage) {
  Close();
  {
    StoppedLog log(Directory());
    log.Delete("tree", "head");
  }
  EXPECT_THAT(TryReopen(), StatusIs(absl::StatusCode::kDataLoss,
                                    HasSubstr("size and root")));
}

}  // namespace
}  // namespace daybook::services
