#include "storage/hash_table.h"

#include <cstdint>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/hash_run_fixture.h"
#include "tests/support/luck.h"

namespace daybook::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<uint64_t> PositionsOf(const HashTable& table, uint64_t hash) {
  std::vector<uint64_t> positions;
  table.ForEach(hash, [&](Position p) { positions.push_back(p.value()); });
  return positions;
}

TEST(HashTableTest, EmptyTableHasNothing) {
  const HashTable table;
  EXPECT_TRUE(table.empty());
  table.Prefetch(5);
  EXPECT_THAT(PositionsOf(table, 0), IsEmpty());
  EXPECT_THAT(table.Sorted(), IsEmpty());
}

TEST(HashTableTest, AnswersAllPositionsOfAHashAndNoOthers) {
  HashTable table;
  table.Add(5, Position(0));
  table.Add(6, Position(1));
  table.Add(5, Position(2));
  EXPECT_EQ(table.size(), 3u);
  EXPECT_THAT(PositionsOf(table, 5), UnorderedElementsAre(0, 2));
  EXPECT_THAT(PositionsOf(table, 6), ElementsAre(1));
  EXPECT_THAT(PositionsOf(table, 7), IsEmpty());
}

TEST(HashTableTest, HashesAtTheEndsOfTheirRangeGoRoundTheTable) {
  HashTable table;
  for (uint64_t i = 0; i < 8; ++i) table.Add(~i, Position(i));
  table.Add(0, Position(8));
  for (uint64_t i = 0; i < 8; ++i) {
    EXPECT_THAT(PositionsOf(table, ~i), ElementsAre(i));
  }
  EXPECT_THAT(PositionsOf(table, 0), ElementsAre(8));
  EXPECT_EQ(table.Sorted().front().position, 8u);
  EXPECT_EQ(table.Sorted().back().position, 0u);
}

TEST(HashTableTest, ClearedTableForgetsAndTakesNewOnes) {
  HashTable table;
  for (uint64_t i = 0; i < 100; ++i) table.Add(i << 57, Position(i));
  table.Clear();
  EXPECT_EQ(table.size(), 0u);
  EXPECT_THAT(PositionsOf(table, uint64_t{5} << 57), IsEmpty());
  table.Add(uint64_t{5} << 57, Position(7));
  EXPECT_THAT(PositionsOf(table, uint64_t{5} << 57), ElementsAre(7));
}

TEST(HashTableTest, AgreesWithAMultimapThroughAllItsSizes) {
  ::daybook::testing::Luck luck(SeedOfTest());
  HashTable table;
  std::set<std::pair<uint64_t, uint64_t>> model;
  for (uint64_t position = 0; position < 3'000; ++position) {
    // Some of them again.
    uint64_t hash = luck.Next();
    if (luck.Chance(1, 10)) hash >>= luck.Below(64);
    table.Add(hash, Position(position));
    model.emplace(hash, position);
    ASSERT_EQ(table.size(), model.size());
    for (const uint64_t asked : {hash, luck.Next(), luck.Below(4)}) {
      std::vector<uint64_t> expected;
      for (auto at = model.lower_bound({asked, 0});
           at != model.end() && at->first == asked; ++at) {
        expected.push_back(at->second);
      }
      ASSERT_THAT(PositionsOf(table, asked),
                  ::testing::UnorderedElementsAreArray(expected));
    }
  }
  auto at = model.begin();
  for (const HashTable::Entry& entry : table.Sorted()) {
    ASSERT_EQ(std::make_pair(entry.hash, entry.position), *at++);
  }
}

}  // namespace
}  // namespace daybook::storage
