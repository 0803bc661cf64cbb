#include "core/merkle/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/merkle/oracle.h"
#include "tests/support/luck.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"

namespace daybook::merkle {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;
constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

Hash Flipped(const Hash& hash, size_t bit) {
  std::string bytes(hash.bytes());
  bytes[bit / 8 % bytes.size()] ^= static_cast<char>(1 << bit % 8);
  return *Hash::FromBytes(bytes);
}

// Every proof that differs from this one in one hash: changed, missing,
// doubled, in front, at the end, or swapped with its neighbour.
std::vector<std::vector<Hash>> Mutations(const std::vector<Hash>& proof) {
  std::vector<std::vector<Hash>> mutations;
  const auto mutate = [&](const std::function<void(std::vector<Hash>&)>& how) {
    mutations.push_back(proof);
    how(mutations.back());
  };
  for (size_t i = 0; i < proof.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    mutate([&](auto& p) { p[i] = Flipped(p[i], 37 * i + proof.size()); });
    mutate([&](auto& p) { p.erase(p.begin() + at); });
    mutate([&](auto& p) { p.insert(p.begin() + at, proof[i]); });
    if (i == 0 || proof[i - 1] == proof[i]) continue;
    mutate([&](auto& p) { std::swap(p[i - 1], p[i]); });
  }
  mutate([](auto& p) { p.push_back(EmptyRoot()); });
  mutate([](auto& p) { p.insert(p.begin(), EmptyRoot()); });
  return mutations;
}

TEST(VerifyTest, EveryInclusionUpTo130AndNoMutationOfIt) {
  const std::vector<Hash> leaves = EventLeaves(131);
  const auto root = [&](uint64_t first, uint64_t limit) {
    return RootOf(leaves, first, limit);
  };
  for (uint64_t size = 1; size <= 130; ++size) {
    const TreeHead head{LogSize(size), root(0, size)};
    for (uint64_t position = 0; position < size; ++position) {
      SCOPED_TRACE(absl::StrCat(position, " in ", size));
      const Hash& leaf = leaves[position];
      const auto proof = PathOf(position, 0, size, root);
      const auto verified = [&](uint64_t at, uint64_t of) {
        return VerifyInclusion(proof, Position(at), leaf,
                               {LogSize(of), head.root});
      };
      ASSERT_THAT(verified(position, size), IsOk());
      for (const auto& mutation : Mutations(proof)) {
        ASSERT_FALSE(
            VerifyInclusion(mutation, Position(position), leaf, head).ok());
      }
      ASSERT_THAT(VerifyInclusion(proof, Position(position),
                                  leaves[position + 1], head),
                  StatusIs(kDataLoss));
      ASSERT_THAT(VerifyInclusion(proof, Position(position), leaf,
                                  {head.size, Flipped(head.root, position)}),
                  StatusIs(kDataLoss));
      for (uint64_t other = 0; other <= size; ++other) {
        ASSERT_EQ(verified(other, size).ok(), other == position) << other;
      }
      // Another size is seen exactly when the way to the root turns otherwise.
      for (uint64_t other = position + 1; other <= size + 3; ++other) {
        ASSERT_EQ(verified(position, other).ok(),
                  PathTurns(position, other) == PathTurns(position, size))
            << other;
      }
    }
  }
}

TEST(VerifyTest, EveryConsistencyUpTo130AndNoMutationOfIt) {
  const std::vector<Hash> leaves = EventLeaves(130);
  const auto root = [&](uint64_t first, uint64_t limit) {
    return RootOf(leaves, first, limit);
  };
  std::vector<TreeHead> heads;
  for (uint64_t size = 0; size <= 130; ++size) {
    heads.push_back({LogSize(size), root(0, size)});
  }
  for (uint64_t newer = 0; newer <= 130; ++newer) {
    for (uint64_t older = 0; older <= newer; ++older) {
      SCOPED_TRACE(absl::StrCat(older, " to ", newer));
      const auto proof = ConsistencyOf(older, newer, root);
      ASSERT_LE(proof.size(), consistency_hashes_max);
      ASSERT_THAT(VerifyConsistency(proof, heads[older], heads[newer]), IsOk());
      for (const auto& mutation : Mutations(proof)) {
        ASSERT_FALSE(
            VerifyConsistency(mutation, heads[older], heads[newer]).ok());
      }
      TreeHead forged = heads[older];
      forged.root = Flipped(forged.root, newer);
      ASSERT_THAT(VerifyConsistency(proof, forged, heads[newer]),
                  StatusIs(kDataLoss));
      forged = heads[newer];
      forged.root = Flipped(forged.root, older);
      // Of the empty older tree nothing but the newer head itself is shown.
      ASSERT_EQ(VerifyConsistency(proof, heads[older], forged).ok(),
                older == 0 && newer > 0);
      if (older == 0 || older == newer) continue;
      for (uint64_t size = older; size <= newer + 3; ++size) {
        const TreeHead moved{LogSize(size), heads[newer].root};
        ASSERT_EQ(
            VerifyConsistency(proof, heads[older], moved).ok(),
            ConsistencyTurns(older, size) == ConsistencyTurns(older, newer))
            << size;
      }
      for (uint64_t size = 1; size <= newer; ++size) {
        const TreeHead moved{LogSize(size), heads[older].root};
        ASSERT_EQ(
            VerifyConsistency(proof, moved, heads[newer]).ok(),
            ConsistencyTurns(size, newer) == ConsistencyTurns(older, newer))
            << size;
      }
    }
  }
}

// One tree of very many entries with one that is not like the others.
TEST(VerifyTest, LargeTreesAndNoMutationOfTheirProofs) {
  testing::Luck luck(testing::SeedOr(20'241'231));
  const uint64_t bases[] = {uint64_t{1} << 40, uint64_t{3} << 39,
                            uint64_t{1} << 62, tree_size_max.value() - 500};
  for (int round = 0; round < 100; ++round) {
    const uint64_t newer = luck.OneOf(bases) + luck.Below(1'000) - 500;
    const uint64_t position = luck.Below(newer - 1) + 1;
    SCOPED_TRACE(absl::StrCat(position, " in ", newer));
    const Hash leaf = LeafHash("other");
    SparseTree tree({{position, leaf}, {0, LeafHash("first")}});
    const auto root = [&](uint64_t first, uint64_t limit) {
      return tree.Root(first, limit);
    };
    const TreeHead head{LogSize(newer), root(0, newer)};
    const auto path = PathOf(position, 0, newer, root);
    ASSERT_LE(path.size(), inclusion_hashes_max);
    ASSERT_THAT(VerifyInclusion(path, Position(position), leaf, head), IsOk());
    for (const auto& mutation : Mutations(path)) {
      ASSERT_FALSE(
          VerifyInclusion(mutation, Position(position), leaf, head).ok());
    }
    for (int i = 0; i < 20; ++i) {
      const uint64_t other = luck.Below(newer);
      ASSERT_EQ(VerifyInclusion(path, Position(other), leaf, head).ok(),
                other == position);
      const uint64_t size = position + 1 + luck.Below(2 * newer - position);
      if (size > tree_size_max.value()) continue;
      const TreeHead moved{LogSize(size), head.root};
      ASSERT_EQ(VerifyInclusion(path, Position(position), leaf, moved).ok(),
                PathTurns(position, size) == PathTurns(position, newer))
          << size;
    }
    const TreeHead older{LogSize(position), root(0, position)};
    const auto proof = ConsistencyOf(position, newer, root);
    ASSERT_LE(proof.size(), consistency_hashes_max);
    ASSERT_THAT(VerifyConsistency(proof, older, head), IsOk());
    for (const auto& mutation : Mutations(proof)) {
      ASSERT_FALSE(VerifyConsistency(mutation, older, head).ok());
    }
  }
}

TEST(VerifyTest, TheLongestProofs) {
  const uint64_t size = tree_size_max.value();
  SparseTree tree({});
  const auto root = [&](uint64_t first, uint64_t limit) {
    return tree.Root(first, limit);
  };
  EXPECT_EQ(PathOf(0, 0, size, root).size(), inclusion_hashes_max);
  EXPECT_EQ(ConsistencyOf(1'001, size, root).size(), consistency_hashes_max);
}

TEST(VerifyTest, SizesThatCanNotBe) {
  const Hash root = EmptyRoot();
  const LogSize beyond(tree_size_max.value() + 1);
  EXPECT_THAT(VerifyInclusion({}, Position(0), root, {LogSize(0), root}),
              StatusIs(kInvalidArgument));
  EXPECT_THAT(VerifyInclusion({}, Position(1), root, {LogSize(1), root}),
              StatusIs(kInvalidArgument));
  EXPECT_THAT(VerifyInclusion({}, Position(0), root, {beyond, root}),
              StatusIs(kInvalidArgument));
  EXPECT_THAT(VerifyConsistency({}, {LogSize(2), root}, {LogSize(1), root}),
              StatusIs(kInvalidArgument));
  EXPECT_THAT(VerifyConsistency({}, {LogSize(0), root}, {beyond, root}),
              StatusIs(kInvalidArgument));
  EXPECT_THAT(VerifyConsistency({}, {LogSize(1), root}, {LogSize(3), root}),
              StatusIs(kInvalidArgument));
}

TEST(VerifyTest, TheEmptyTreeHasOneRoot) {
  const TreeHead empty{LogSize(0), EmptyRoot()};
  const TreeHead forged{LogSize(0), LeafHash("a")};
  const TreeHead one{LogSize(1), LeafHash("a")};
  EXPECT_THAT(VerifyConsistency({}, empty, empty), IsOk());
  EXPECT_THAT(VerifyConsistency({}, empty, one), IsOk());
  EXPECT_THAT(VerifyConsistency({}, forged, one), StatusIs(kDataLoss));
  EXPECT_THAT(VerifyConsistency({}, forged, forged), StatusIs(kDataLoss));
}

TEST(VerifyTest, OneSizeWithTwoRootsIsAFork) {
  const TreeHead one{LogSize(5), LeafHash("a")};
  const TreeHead other{LogSize(5), LeafHash("b")};
  EXPECT_THAT(VerifyConsistency({}, one, one), IsOk());
  EXPECT_THAT(VerifyConsistency({}, one, other), StatusIs(kDataLoss));
  EXPECT_THAT(VerifyConsistency({{EmptyRoot()}}, one, one),
              StatusIs(kInvalidArgument));
}

TEST(VerifyTest, TheRootOfAnInclusionIsTheTrees) {
  const std::vector<Hash> leaves = EventLeaves(5);
  const auto root = [&](uint64_t first, uint64_t limit) {
    return RootOf(leaves, first, limit);
  };
  EXPECT_THAT(RootOfInclusion(PathOf(2, 0, 5, root), {Position(2), LogSize(5)},
                              leaves[2]),
              IsOkAndHolds(root(0, 5)));
}

}  // namespace
}  // namespace daybook::merkle
