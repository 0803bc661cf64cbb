#include "core/merkle/frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/core/merkle/oracle.h"
#include "tests/support/status_matchers.h"

namespace daybook::merkle {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;

TEST(FrontierTest, RootsAsOtherImplementationsHaveThem) {
  const char* const roots[] = {
      "ZzTbOxm2Tcg3A/mh9K7naX37KS+04IJ8xj+KNRsbNgk=",
      "P9HVoFmrFxo0X5kSyDwt2LeTO06VDmdJvIPbsfQ8y94=",
      "2y7/5k02NSvNTCYL3g4RODEMn3e4nUxXV4ZS+bGFtjA=",
      "MwFXNIsphb0cRlfkTzYorpF23YKBH/sxqOARud6ouaE=",
      "C3TUMA55gFbNSHKLT7AenxWtPgp5UPvFiXT/Z1MnHSQ=",
      "qbMAxQ27DbCCHLtvJ8lPuysA0lYEGwx4gDOmsfsRUdQ=",
      "gTvaOkIAD4KUtqlU6oN5LC3vrmUkbvdgr5/dU699Rjg=",
      "N90W6/aD2WwOJECE1c124CLQDGoJL2AIzIrHq80rbxI=",
  };
  Frontier frontier;
  EXPECT_EQ(frontier.Head(), (TreeHead{LogSize(0), EmptyRoot()}));
  for (const char* const root : roots) {
    frontier.Append(LeafHash(absl::StrCat("event-", frontier.size().value())));
    EXPECT_EQ(frontier.Root(), FromBase64(root)) << frontier.size().value();
  }
}

TEST(FrontierTest, TellsOfEveryNodeOnceWhenItIsComplete) {
  const std::vector<Hash> leaves = EventLeaves(300);
  Frontier frontier;
  for (uint64_t position = 0; position < leaves.size(); ++position) {
    std::vector<NodeId> visited;
    frontier.Append(leaves[position], [&](NodeId node, const Hash& hash) {
      visited.push_back(node);
      const uint64_t first = node.index.value() << node.level.value();
      EXPECT_EQ(hash, RootOf(leaves, first,
                             first + (uint64_t{1} << node.level.value())));
    });
    ASSERT_EQ(visited, NodesCompletedBy(Position(position)));
    ASSERT_EQ(frontier.size(), LogSize(position + 1));
    ASSERT_EQ(frontier.Root(), RootOf(leaves, 0, position + 1));
  }
}

TEST(FrontierTest, GoesOnFromItsPeaksAtEverySize) {
  const std::vector<Hash> leaves = EventLeaves(66);
  Frontier frontier;
  for (uint64_t size = 0; size < leaves.size(); ++size) {
    auto again = Frontier::FromPeaks(frontier.size(), frontier.peaks());
    ASSERT_THAT(again, IsOk());
    ASSERT_EQ(again->Head(), frontier.Head());
    frontier.Append(leaves[size]);
    again->Append(leaves[size]);
    ASSERT_EQ(again->Head(), frontier.Head());
    ASSERT_EQ(again->peaks(), frontier.peaks());
  }
}

TEST(FrontierTest, GoesOnFromALargeTree) {
  const uint64_t size = (uint64_t{1} << 40) - 3;
  SparseTree tree({{size + 1, LeafHash("other")}});
  std::vector<Hash> peaks;
  for (const NodeId node : PeakNodes(LogSize(size))) {
    peaks.push_back(tree.Node(node));
  }
  auto frontier = Frontier::FromPeaks(LogSize(size), std::move(peaks));
  ASSERT_THAT(frontier, IsOk());
  for (uint64_t more = 0; more < 8; ++more) {
    ASSERT_EQ(frontier->Root(), tree.Root(0, size + more));
    frontier->Append(tree.Root(size + more, size + more + 1));
  }
}

TEST(FrontierTest, NeedsOneHashForEachPeak) {
  const std::vector<Hash> three = EventLeaves(3);
  EXPECT_THAT(Frontier::FromPeaks(LogSize(7), three), IsOk());
  EXPECT_THAT(Frontier::FromPeaks(LogSize(0), {}), IsOk());
  for (const uint64_t size : {0, 6, 15}) {
    EXPECT_THAT(
        Frontier::FromPeaks(LogSize(size), three),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("peaks")))
        << size;
  }
}

TEST(FrontierTest, HoldsAtMostWhatSignedNumbersCount) {
  auto full = Frontier::FromPeaks(tree_size_max, EventLeaves(63));
  ASSERT_THAT(full, IsOk());
  EXPECT_DEATH(full->Append(LeafHash("one more")), "broken invariant");
  EXPECT_THAT(
      Frontier::FromPeaks(LogSize(tree_size_max.value() + 1), EventLeaves(1)),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("9223372036854775807")));
}

}  // namespace
}  // namespace daybook::merkle
