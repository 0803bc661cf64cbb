#include "core/merkle/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "tests/core/merkle/oracle.h"
#include "tests/support/luck.h"
#include "tests/support/seed.h"

namespace daybook::merkle {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

NodeId Node(uint32_t level, uint64_t index) {
  return {Level(level), NodeIndex(index)};
}

TEST(TreeTest, PeaksAreTheOnesOfTheSize) {
  EXPECT_THAT(PeakNodes(LogSize(0)), IsEmpty());
  EXPECT_THAT(PeakNodes(LogSize(1)), ElementsAre(Node(0, 0)));
  EXPECT_THAT(PeakNodes(LogSize(2)), ElementsAre(Node(1, 0)));
  EXPECT_THAT(PeakNodes(LogSize(7)),
              ElementsAre(Node(2, 0), Node(1, 2), Node(0, 6)));
  EXPECT_THAT(PeakNodes(LogSize((uint64_t{1} << 40) + 1)),
              ElementsAre(Node(40, 0), Node(0, uint64_t{1} << 40)));
  EXPECT_EQ(PeakNodes(tree_size_max).size(), 63);
}

TEST(TreeTest, CoveringNodesOfARangeWithin) {
  EXPECT_THAT(CoveringNodes(Position(3), Position(3)), IsEmpty());
  EXPECT_THAT(CoveringNodes(Position(4), Position(6)), ElementsAre(Node(1, 2)));
  EXPECT_THAT(CoveringNodes(Position(1), Position(7)),
              ElementsAre(Node(0, 1), Node(1, 1), Node(1, 2), Node(0, 6)));
}

// Side by side without a gap, and no two that could be one.
TEST(TreeTest, CoveringNodesCoverWithTheFewest) {
  for (uint64_t first = 0; first < 70; ++first) {
    for (uint64_t limit = first; limit < 70; ++limit) {
      uint64_t covered = first;
      NodeId before = Node(63, 0);
      for (const NodeId node :
           CoveringNodes(Position(first), Position(limit))) {
        ASSERT_EQ(node.index.value() << node.level.value(), covered);
        covered += uint64_t{1} << node.level.value();
        ASSERT_FALSE(before.level == node.level &&
                     before.index.value() % 2 == 0 &&
                     before.index.value() + 1 == node.index.value());
        before = node;
      }
      ASSERT_EQ(covered, limit);
    }
  }
}

TEST(TreeTest, AnEntryCompletesANodeForEachOneAtItsEnd) {
  EXPECT_THAT(NodesCompletedBy(Position(0)), ElementsAre(Node(0, 0)));
  EXPECT_THAT(NodesCompletedBy(Position(1)),
              ElementsAre(Node(0, 1), Node(1, 0)));
  EXPECT_THAT(NodesCompletedBy(Position(2)), ElementsAre(Node(0, 2)));
  EXPECT_THAT(NodesCompletedBy(Position(11)),
              ElementsAre(Node(0, 11), Node(1, 5), Node(2, 2)));
  EXPECT_EQ(NodesCompletedBy(Position((uint64_t{1} << 62) - 1)).size(), 63);
}

TEST(TreeTest, ANodeIsCompleteOnceItsLastEntryIsThere) {
  EXPECT_FALSE(IsComplete(Node(0, 0), LogSize(0)));
  EXPECT_TRUE(IsComplete(Node(0, 0), LogSize(1)));
  EXPECT_FALSE(IsComplete(Node(2, 1), LogSize(7)));
  EXPECT_TRUE(IsComplete(Node(2, 1), LogSize(8)));
  EXPECT_TRUE(IsComplete(Node(62, 0), tree_size_max));
  EXPECT_FALSE(IsComplete(Node(63, 0), tree_size_max));
  EXPECT_FALSE(IsComplete(Node(64, 0), tree_size_max));
}

TEST(TreeTest, PeaksCombineToTheRoot) {
  EXPECT_EQ(CombinePeaks({}), EmptyRoot());
  const std::vector<Hash> leaves = EventLeaves(130);
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    std::vector<Hash> peaks;
    for (const NodeId node : PeakNodes(LogSize(size))) {
      const uint64_t first = node.index.value() << node.level.value();
      peaks.push_back(
          RootOf(leaves, first, first + (uint64_t{1} << node.level.value())));
    }
    ASSERT_EQ(CombinePeaks(peaks), RootOf(leaves, 0, size)) << size;
  }
}

TEST(TreeTest, PeaksOfLargeTreesCombineToTheRoot) {
  testing::Luck luck(testing::SeedOr(20'241'231));
  for (int round = 0; round < 200; ++round) {
    const uint64_t size = 1 + luck.Next() % ((uint64_t{1} << 41) - 1);
    SparseTree tree({{luck.Below(size), LeafHash("other")}});
    std::vector<Hash> peaks;
    for (const NodeId node : PeakNodes(LogSize(size))) {
      ASSERT_TRUE(IsComplete(node, LogSize(size)));
      peaks.push_back(tree.Node(node));
    }
    ASSERT_EQ(peaks.size(), static_cast<size_t>(std::popcount(size)));
    ASSERT_EQ(CombinePeaks(peaks), tree.Root(0, size)) << size;
  }
}

TEST(TreeDeathTest, SizesBeyondTheLimitAreBugs) {
  const LogSize beyond(tree_size_max.value() + 1);
  EXPECT_DEATH(PeakNodes(beyond), "broken invariant");
  EXPECT_DEATH(NodesCompletedBy(Position(tree_size_max.value())),
               "broken invariant");
  EXPECT_DEATH(CoveringNodes(Position(2), Position(1)), "broken invariant");
}

}  // namespace
}  // namespace daybook::merkle
