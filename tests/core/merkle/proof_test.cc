#include "core/merkle/proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "core/merkle/frontier.h"
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
using ::testing::IsEmpty;

// What a store keeps of a tree over `leaves`.
std::map<NodeId, Hash> StoredNodes(const std::vector<Hash>& leaves) {
  std::map<NodeId, Hash> nodes;
  Frontier frontier;
  for (const Hash& leaf : leaves) {
    frontier.Append(leaf,
                    [&](NodeId node, const Hash& hash) { nodes[node] = hash; });
  }
  return nodes;
}

// Combines the stored nodes; a node that is not stored is a failure.
absl::StatusOr<std::vector<Hash>> FromStore(
    const std::map<NodeId, Hash>& stored,
    const absl::StatusOr<ProofNodes>& wanted) {
  if (!wanted.ok()) return wanted.status();
  return ReadProof(*wanted, [&](NodeId node) -> absl::StatusOr<Hash> {
    const auto found = stored.find(node);
    if (found == stored.end()) return absl::NotFoundError("no such node");
    return found->second;
  });
}

TEST(ProofTest, ProofsAsOtherImplementationsHaveThem) {
  const auto stored = StoredNodes(EventLeaves(7));
  EXPECT_THAT(
      FromStore(stored, ProofNodes::OfInclusion(Position(3), LogSize(7))),
      IsOkAndHolds(ElementsAre(
          FromBase64("T7cNqgptqvfpPys3xeXfczRmMP2KUZltUPHY7v8nlCY="),
          FromBase64("P9HVoFmrFxo0X5kSyDwt2LeTO06VDmdJvIPbsfQ8y94="),
          FromBase64("CdE923ZptzRMGk5/zSfZNnUk1MxvmDHjZ9hsED0563g="))));
  EXPECT_THAT(
      FromStore(stored, ProofNodes::OfInclusion(Position(6), LogSize(7))),
      IsOkAndHolds(ElementsAre(
          FromBase64("NaNEGO5DQ6pR68bpeJkHXEZ/Et0heupUzC1xWBgT1BM="),
          FromBase64("MwFXNIsphb0cRlfkTzYorpF23YKBH/sxqOARud6ouaE="))));
  EXPECT_THAT(
      FromStore(stored, ProofNodes::OfConsistency(LogSize(3), LogSize(7))),
      IsOkAndHolds(ElementsAre(
          FromBase64("T7cNqgptqvfpPys3xeXfczRmMP2KUZltUPHY7v8nlCY="),
          FromBase64("Xz5pjPk3YirKfGvyc+8hdgkuwzwWLcyuOd+HAWJdGJ8="),
          FromBase64("P9HVoFmrFxo0X5kSyDwt2LeTO06VDmdJvIPbsfQ8y94="),
          FromBase64("CdE923ZptzRMGk5/zSfZNnUk1MxvmDHjZ9hsED0563g="))));
  EXPECT_THAT(
      FromStore(stored, ProofNodes::OfConsistency(LogSize(4), LogSize(7))),
      IsOkAndHolds(ElementsAre(
          FromBase64("CdE923ZptzRMGk5/zSfZNnUk1MxvmDHjZ9hsED0563g="))));
}

TEST(ProofTest, InclusionOfEveryPositionInEverySizeUpTo130) {
  const std::vector<Hash> leaves = EventLeaves(130);
  const auto root = [&](uint64_t first, uint64_t limit) {
    return RootOf(leaves, first, limit);
  };
  const auto stored = StoredNodes(leaves);
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    for (uint64_t position = 0; position < size; ++position) {
      const auto wanted =
          ProofNodes::OfInclusion(Position(position), LogSize(size));
      ASSERT_THAT(FromStore(stored, wanted),
                  IsOkAndHolds(PathOf(position, 0, size, root)))
          << position << " in " << size;
      for (const NodeId node : wanted->nodes()) {
        ASSERT_TRUE(IsComplete(node, LogSize(size)));
      }
    }
  }
}

TEST(ProofTest, ConsistencyOfAllSizesUpTo130) {
  const std::vector<Hash> leaves = EventLeaves(130);
  const auto root = [&](uint64_t first, uint64_t limit) {
    return RootOf(leaves, first, limit);
  };
  const auto stored = StoredNodes(leaves);
  for (uint64_t newer = 0; newer <= leaves.size(); ++newer) {
    for (uint64_t older = 0; older <= newer; ++older) {
      const auto wanted =
          ProofNodes::OfConsistency(LogSize(older), LogSize(newer));
      ASSERT_THAT(FromStore(stored, wanted),
                  IsOkAndHolds(ConsistencyOf(older, newer, root)))
          << older << " to " << newer;
      for (const NodeId node : wanted->nodes()) {
        ASSERT_TRUE(IsComplete(node, LogSize(newer)));
      }
    }
  }
}

TEST(ProofTest, LargeTreesHaveTheProofsOfTheDefinition) {
  testing::Luck luck(testing::SeedOr(20'241'231));
  const uint64_t bases[] = {uint64_t{1} << 32, uint64_t{1} << 40,
                            uint64_t{3} << 39, uint64_t{1} << 62,
                            tree_size_max.value() - 1'000};
  for (int round = 0; round < 300; ++round) {
    const uint64_t newer = luck.OneOf(bases) + luck.Below(2'000) - 1'000;
    const uint64_t position =
        luck.Chance(1, 3) ? newer - 1 - luck.Below(1'000) : luck.Below(newer);
    SCOPED_TRACE(absl::StrCat(position, " in ", newer));
    SparseTree tree({{position, LeafHash("other")}});
    const auto root = [&](uint64_t first, uint64_t limit) {
      return tree.Root(first, limit);
    };
    const auto read = [&](NodeId node) -> absl::StatusOr<Hash> {
      return tree.Node(node);
    };
    const auto inclusion =
        ProofNodes::OfInclusion(Position(position), LogSize(newer));
    ASSERT_THAT(inclusion, IsOk());
    EXPECT_LE(inclusion->nodes().size(), 128);
    EXPECT_THAT(ReadProof(*inclusion, read),
                IsOkAndHolds(PathOf(position, 0, newer, root)));
    const auto consistency =
        ProofNodes::OfConsistency(LogSize(position), LogSize(newer));
    ASSERT_THAT(consistency, IsOk());
    EXPECT_THAT(ReadProof(*consistency, read),
                IsOkAndHolds(ConsistencyOf(position, newer, root)));
  }
}

TEST(ProofTest, NothingIsToBeShownOfTheEmptyTreeAndTheSameTree) {
  EXPECT_THAT(ProofNodes::OfInclusion(Position(0), LogSize(1))->nodes(),
              IsEmpty());
  for (const uint64_t older : {0, 9}) {
    const auto wanted = ProofNodes::OfConsistency(LogSize(older), LogSize(9));
    ASSERT_THAT(wanted, IsOk());
    EXPECT_THAT(wanted->nodes(), IsEmpty());
    EXPECT_THAT(wanted->Combine({}), IsEmpty());
  }
}

TEST(ProofTest, WhatTheTreeDoesNotHoldIsOutOfRange) {
  constexpr auto kOutOfRange = absl::StatusCode::kOutOfRange;
  const LogSize beyond(tree_size_max.value() + 1);
  EXPECT_THAT(ProofNodes::OfInclusion(Position(6), LogSize(7)), IsOk());
  EXPECT_THAT(ProofNodes::OfInclusion(Position(7), LogSize(7)),
              StatusIs(kOutOfRange));
  EXPECT_THAT(ProofNodes::OfInclusion(Position(0), LogSize(0)),
              StatusIs(kOutOfRange));
  EXPECT_THAT(ProofNodes::OfInclusion(Position(0), beyond),
              StatusIs(kOutOfRange));
  EXPECT_THAT(ProofNodes::OfConsistency(LogSize(8), LogSize(7)),
              StatusIs(kOutOfRange));
  EXPECT_THAT(ProofNodes::OfConsistency(LogSize(8), beyond),
              StatusIs(kOutOfRange));
}

TEST(ProofTest, AFailedReadEndsTheReading) {
  int reads = 0;
  const auto wanted = ProofNodes::OfInclusion(Position(3), LogSize(7));
  ASSERT_THAT(wanted, IsOk());
  EXPECT_THAT(ReadProof(*wanted,
                        [&](NodeId) -> absl::StatusOr<Hash> {
                          ++reads;
                          return absl::DataLossError("torn");
                        }),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(reads, 1);
  EXPECT_DEATH(wanted->Combine({}), "broken invariant");
}

}  // namespace
}  // namespace daybook::merkle
