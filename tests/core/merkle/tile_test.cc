#include "core/merkle/tile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/frontier.h"
#include "core/merkle/proof.h"
#include "tests/core/merkle/oracle.h"
#include "tests/support/luck.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"

namespace daybook::merkle {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

std::string Sha256Hex(const std::string& bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &length, EVP_sha256(),
             nullptr);
  return ToHex({reinterpret_cast<const char*>(digest), length});
}

Tile MakeTile(uint32_t level, uint64_t index, uint32_t width) {
  return {TileLevel(level), TileIndex(index), TileWidth(width)};
}

// The tree of 70,000 entries whose tiles other implementations have read.
class LargeTree {
 public:
  LargeTree() {
    for (uint64_t i = 0; i < 70'000; ++i) {
      std::string entry;
      for (int shift = 56; shift >= 0; shift -= 8) {
        entry.push_back(static_cast<char>(i >> shift & 0xFF));
      }
      frontier_.Append(LeafHash(entry), [&](NodeId node, const Hash& hash) {
        nodes_[node] = hash;
      });
    }
  }

  const Frontier& frontier() const { return frontier_; }
  const Hash& Node(NodeId node) const { return nodes_.at(node); }

  // Its hashes are those that the tree has at tile levels.
  std::vector<Hash> Hashes(const Tile& tile) const {
    std::vector<Hash> hashes;
    const NodeId first = FirstNode(tile);
    for (uint64_t i = 0; i < tile.width.value(); ++i) {
      hashes.push_back(Node({first.level, NodeIndex(first.index.value() + i)}));
    }
    return hashes;
  }

 private:
  Frontier frontier_;
  std::map<NodeId, Hash> nodes_;
};

const LargeTree& Large() {
  static const LargeTree* const tree = new LargeTree;
  return *tree;
}

TEST(TileTest, TilesAsOtherImplementationsHaveThem) {
  std::string bundle;
  for (int i = 0; i < 7; ++i) {
    ASSERT_THAT(AppendToBundle(absl::StrCat("event-", i), bundle), IsOk());
  }
  EXPECT_EQ(bundle.size(), 63);
  EXPECT_EQ(Sha256Hex(bundle),
            "7f8f3526a78f36ad2ff27e158c2192ed3ebdcefe7c290acb03d425a472688a45");
  const std::string tile = FormatTile(EventLeaves(7));
  EXPECT_EQ(tile.size(), 224);
  EXPECT_EQ(Sha256Hex(tile),
            "a9d2880da2aa51721e338d59623516692a27e1cae71145d7e6861f0019644472");
  EXPECT_EQ(Large().frontier().Root(),
            FromBase64("B1kWeg+Y416ALUb/fH0p0sPwOmOiVt62q7/zV6kbY7E="));
  EXPECT_EQ(Sha256Hex(FormatTile(Large().Hashes(MakeTile(1, 0, 256)))),
            "dbf848d70619481ec09adf64ff73d027ffd27f3cab12570d5087d7e9fede902a");
  EXPECT_THAT(
      Large().Hashes(MakeTile(2, 0, 1)),
      ElementsAre(FromBase64("vJvKkJUW1b8UjCvy3qCg2fcXzkmH0v51BNZpQ2O0FZg=")));
}

TEST(TileTest, PathsGroupTheIndexByThousands) {
  const std::map<std::string, Tile> paths = {
      {"tile/0/000", MakeTile(0, 0, 256)},
      {"tile/0/005.p/1", MakeTile(0, 5, 1)},
      {"tile/1/999.p/255", MakeTile(1, 999, 255)},
      {"tile/0/x001/000", MakeTile(0, 1'000, 256)},
      {"tile/63/x001/x234/067", MakeTile(63, 1'234'067, 256)},
      {"tile/0/273.p/112", MakeTile(0, 273, 112)},
      {"tile/0/x036/x028/x797/x018/x963/967",
       MakeTile(0, 36'028'797'018'963'967, 256)},
  };
  for (const auto& [path, tile] : paths) {
    EXPECT_EQ(TilePath(tile), path);
    EXPECT_THAT(ParseTilePath(path), IsOkAndHolds(tile));
    const Bundle bundle{tile.index, tile.width};
    const std::string entries = "tile/entries" + path.substr(path.find('/', 5));
    EXPECT_EQ(BundlePath(bundle), entries);
    EXPECT_THAT(ParseBundlePath(entries), IsOkAndHolds(bundle));
    EXPECT_THAT(ParseTilePath(entries), StatusIs(kInvalidArgument));
    EXPECT_THAT(ParseBundlePath(path), StatusIs(kInvalidArgument));
  }
  EXPECT_EQ(tile_index_max, TileIndex(36'028'797'018'963'967));
}

TEST(TileTest, OtherSpellingsOfAPathAreRefused) {
  for (const char* const path : {"",
                                 "tile",
                                 "tile/",
                                 "tile/0",
                                 "tile/0/",
                                 "tile//000",
                                 "/tile/0/000",
                                 "tile/0/0",
                                 "tile/0/0000",
                                 "tile/0/000/",
                                 "tile/0/x000",
                                 "tile/0/x000/001",
                                 "tile/0/001/002",
                                 "tile/0/x001/x002",
                                 "tile/00/000",
                                 "tile/01/000",
                                 "tile/64/000",
                                 "tile/-1/000",
                                 "tile/+1/000",
                                 "tile/1 /000",
                                 "tile/0/000.p",
                                 "tile/0/000.p/",
                                 "tile/0/000.p/0",
                                 "tile/0/000.p/256",
                                 "tile/0/000.p/01",
                                 "tile/0/000.p/+1",
                                 "tile/0/000.p/1/",
                                 "tile/0/000.p/1.p/1",
                                 "tile/0/00a",
                                 "tile/0/ 01",
                                 "tile/0/X001/000",
                                 "tile/0/x1/000",
                                 "tile/0/../000",
                                 "tile/data/000",
                                 "tile/0/x036/x028/x797/x018/x963/968",
                                 "tile/0/x999/x999/x999/x999/"
                                 "x999/x999/999",
                                 "tile/99999999999999999999/000",
                                 "tile/0/000.p/99999999999999999999",
                                 "Tile/0/000"}) {
    EXPECT_THAT(ParseTilePath(path),
                StatusIs(kInvalidArgument, HasSubstr("tile/0/x001")))
        << path;
    EXPECT_THAT(ParseBundlePath(path), StatusIs(kInvalidArgument)) << path;
  }
  EXPECT_THAT(ParseTilePath(std::string(1'000'000, '/')),
              StatusIs(kInvalidArgument));
}

TEST(TileTest, PartialTilesAreTheRestsOfEachLevel) {
  EXPECT_THAT(PartialTiles(LogSize(0)), IsEmpty());
  EXPECT_THAT(PartialTiles(LogSize(255)), ElementsAre(MakeTile(0, 0, 255)));
  EXPECT_THAT(PartialTiles(LogSize(256)), ElementsAre(MakeTile(1, 0, 1)));
  EXPECT_THAT(PartialTiles(LogSize(70'000)),
              ElementsAre(MakeTile(0, 273, 112), MakeTile(1, 1, 17),
                          MakeTile(2, 0, 1)));
  EXPECT_EQ(PartialTiles(tree_size_max).size(), 8);
}

TEST(TileTest, ATileIsAsWideAsTheTreeHasHashes) {
  EXPECT_EQ(TileAt(TileLevel(0), TileIndex(0), LogSize(0)), std::nullopt);
  EXPECT_EQ(TileAt(TileLevel(0), TileIndex(0), LogSize(1)), MakeTile(0, 0, 1));
  EXPECT_EQ(TileAt(TileLevel(0), TileIndex(0), LogSize(256)),
            MakeTile(0, 0, 256));
  EXPECT_EQ(TileAt(TileLevel(0), TileIndex(1), LogSize(256)), std::nullopt);
  EXPECT_EQ(TileAt(TileLevel(1), TileIndex(0), LogSize(255)), std::nullopt);
  EXPECT_EQ(TileAt(TileLevel(1), TileIndex(0), LogSize(65'535)),
            MakeTile(1, 0, 255));
  EXPECT_EQ(TileAt(TileLevel(7), TileIndex(0), tree_size_max),
            MakeTile(7, 0, 127));
  EXPECT_EQ(TileAt(TileLevel(8), TileIndex(0), tree_size_max), std::nullopt);
  EXPECT_EQ(TileAt(TileLevel(63), TileIndex(0), tree_size_max), std::nullopt);
  EXPECT_EQ(BundleAt(TileIndex(1), LogSize(256)), std::nullopt);
  EXPECT_EQ(BundleAt(TileIndex(1), LogSize(260)),
            (Bundle{TileIndex(1), TileWidth(4)}));
}

TEST(TileTest, WhatIsPublishedIsWhatIsNewOrWider) {
  EXPECT_THAT(TilesToPublish(LogSize(5), LogSize(5)), IsEmpty());
  EXPECT_THAT(TilesToPublish(LogSize(0), LogSize(7)),
              ElementsAre(MakeTile(0, 0, 7)));
  EXPECT_THAT(TilesToPublish(LogSize(255), LogSize(513)),
              ElementsAre(MakeTile(0, 0, 256), MakeTile(0, 1, 256),
                          MakeTile(0, 2, 1), MakeTile(1, 0, 2)));
  EXPECT_THAT(TilesToPublish(LogSize(256), LogSize(257)),
              ElementsAre(MakeTile(0, 1, 1)));
  EXPECT_EQ(TilesToPublish(LogSize(0), LogSize(70'000)).size(), 277);
  EXPECT_THAT(BundlesToPublish(LogSize(255), LogSize(258)),
              ElementsAre(Bundle{TileIndex(0), TileWidth(256)},
                          Bundle{TileIndex(1), TileWidth(2)}));
  EXPECT_THAT(BundlesToPublish(LogSize(9), LogSize(9)), IsEmpty());
  EXPECT_THAT(BundlesToPublish(LogSize(0), LogSize(256)),
              ElementsAre(Bundle{TileIndex(0), TileWidth(256)}));
}

// Published step by step, a tree is what it is when published at once.
TEST(TileTest, SmallStepsPublishTheTilesOfTheLastSize) {
  testing::Luck luck(testing::SeedOr(7));
  std::map<std::pair<TileLevel, TileIndex>, TileWidth> published;
  LogSize size(0);
  while (size.value() < 150'000) {
    const LogSize next(size.value() + luck.Below(2'000));
    for (const Tile& tile : TilesToPublish(size, next)) {
      ASSERT_EQ(TileAt(tile.level, tile.index, next), tile);
      auto& width =
          published.try_emplace({tile.level, tile.index}, 0).first->second;
      ASSERT_GT(tile.width, width);
      width = tile.width;
    }
    size = next;
    const auto at_once = TilesToPublish(LogSize(0), size);
    ASSERT_EQ(at_once.size(), published.size());
    for (const Tile& tile : at_once) {
      ASSERT_EQ(published.at({tile.level, tile.index}), tile.width);
    }
  }
}

TEST(TileTest, EveryNodeComesFromItsTile) {
  const LogSize size(1'000);
  const auto node_at = [](uint32_t level, uint64_t index) {
    return NodeId{Level(level), NodeIndex(index)};
  };
  EXPECT_EQ(TileOf(node_at(0, 999), size), MakeTile(0, 3, 232));
  EXPECT_EQ(TileOf(node_at(7, 1), size), MakeTile(0, 0, 256));
  EXPECT_EQ(TileOf(node_at(8, 2), size), MakeTile(1, 0, 3));
  EXPECT_EQ(TileOf(node_at(9, 0), size), MakeTile(1, 0, 3));
  EXPECT_DEATH(TileOf(node_at(9, 1), size), "broken invariant");
  EXPECT_EQ(TileOf(node_at(62, 0), tree_size_max), MakeTile(7, 0, 127));
}

// Proofs from tiles alone, as a client makes them that reads a file server.
TEST(TileTest, ProofsFromTilesAreThoseFromNodes) {
  testing::Luck luck(testing::SeedOr(20'241'231));
  for (int round = 0; round < 500; ++round) {
    const LogSize size(1 + luck.Below(70'000));
    const Position position(luck.Below(size.value()));
    for (const auto& wanted :
         {ProofNodes::OfInclusion(position, size),
          ProofNodes::OfConsistency(LogSize(position.value()), size)}) {
      ASSERT_THAT(wanted, IsOk());
      std::map<Tile, std::vector<Hash>> tiles;
      for (const Tile& tile : TilesOf(wanted->nodes(), size)) {
        ASSERT_EQ(TileAt(tile.level, tile.index, size), tile);
        ASSERT_TRUE(tiles.emplace(tile, Large().Hashes(tile)).second);
      }
      ASSERT_LE(tiles.size(), 6);
      for (const NodeId node : wanted->nodes()) {
        const Tile tile = TileOf(node, size);
        ASSERT_EQ(NodeFromTile(tile, tiles.at(tile), node), Large().Node(node));
      }
    }
  }
}

TEST(TileTest, ANodeIsOnlyInItsTile) {
  const std::vector<Hash> hashes = EventLeaves(7);
  const Tile tile = MakeTile(0, 0, 7);
  const auto from = [&](uint32_t level, uint64_t index) {
    return NodeFromTile(tile, hashes, {Level(level), NodeIndex(index)});
  };
  EXPECT_EQ(from(0, 6), hashes[6]);
  EXPECT_EQ(from(2, 0), RootOf(hashes, 0, 4));
  EXPECT_EQ(from(1, 2), RootOf(hashes, 4, 6));
  EXPECT_DEATH(from(0, 7), "broken invariant");
  EXPECT_DEATH(from(1, 3), "broken invariant");
  EXPECT_DEATH(from(8, 0), "broken invariant");
  EXPECT_DEATH(from(0, 256), "broken invariant");
}

TEST(TileTest, TheBytesOfATileAreItsHashes) {
  const std::vector<Hash> hashes = EventLeaves(3);
  const std::string bytes = FormatTile(hashes);
  EXPECT_THAT(ParseTile(bytes, TileWidth(3)), IsOkAndHolds(hashes));
  EXPECT_THAT(ParseTile(bytes, TileWidth(2)), StatusIs(kInvalidArgument));
  EXPECT_THAT(ParseTile(bytes, TileWidth(4)), StatusIs(kInvalidArgument));
  EXPECT_THAT(ParseTile(bytes.substr(1), TileWidth(3)),
              StatusIs(kInvalidArgument));
}

}  // namespace
}  // namespace daybook::merkle
