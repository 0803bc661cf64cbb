// Lineage blocks: what is written is read, up to any position, and nothing
// else.

#include "core/report/lineage_block.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr Position first(1'000);

MoneyRow Row(uint64_t position, DayOfYear day, int64_t fen) {
  return {Position(position), day, {fen, 1}};
}

MoneyRow Cancel(uint64_t position, DayOfYear day, int64_t fen) {
  return {Position(position), day, {fen, -1}};
}

// How a block begins that has these rows before it.
std::string HeaderAfter(const std::vector<MoneyRow>& rows) {
  LineageSum sum;
  for (const MoneyRow& row : rows) sum.Add(row);
  return sum.BlockHeader();
}

std::vector<MoneyRow> RowsOf(const std::string& block) {
  std::vector<MoneyRow> rows;
  EXPECT_TRUE(ReadBlock(
                  block, first, [](DayOfYear, const DayTotal&) {},
                  [&](const MoneyRow& row) {
                    rows.push_back(row);
                    return true;
                  })
                  .ok());
  return rows;
}

TEST(LineageBlockTest, RowsComeBackInOrder) {
  const std::vector<MoneyRow> rows = {
      Row(1'000, 1, 1),
      Row(1'001, 366, std::numeric_limits<int64_t>::max()),
      Cancel(1'200, 366, std::numeric_limits<int64_t>::min() + 1),
      Cancel(5'000'000'000, 200, 0),
  };
  std::string block = HeaderAfter({});
  for (const MoneyRow& row : rows) block += BlockRow(row, first);
  EXPECT_THAT(RowsOf(block), ElementsAreArray(rows));
}

TEST(LineageBlockTest, ABlockBeginsWithWhatIsBeforeIt) {
  const std::string block =
      HeaderAfter({Row(1, 5, 60), Row(2, 5, 40), Cancel(3, 300, -40)}) +
      BlockRow(Row(1'000, 5, 1), first) + BlockRow(Row(1'001, 6, 2), first);
  LineageSum sum;
  ASSERT_TRUE(sum.AddBlock(block, first, Position(1'001)).ok());
  const MoneyTimeline at_first = sum.Take();
  EXPECT_EQ(at_first.At(4), MoneySum());
  EXPECT_EQ(at_first.At(5), (MoneySum{101, 3}));
  EXPECT_EQ(at_first.At(366), (MoneySum{61, 2}));
  ASSERT_TRUE(sum.AddBlock(block, first, Position(1'002)).ok());
  EXPECT_EQ(sum.Take().At(366), (MoneySum{63, 3}));
  ASSERT_TRUE(sum.AddBlock(block, first, first).ok());
  EXPECT_EQ(sum.Take().At(366), (MoneySum{60, 1}));
}

TEST(LineageBlockTest, TakingBeginsAnew) {
  LineageSum sum;
  sum.Add(Row(1, 1, 5));
  EXPECT_EQ(sum.rows(), 1u);
  EXPECT_EQ(sum.Take().At(1), (MoneySum{5, 1}));
  EXPECT_EQ(sum.rows(), 0u);
  EXPECT_THAT(sum.Take().steps(), IsEmpty());
}

TEST(LineageBlockTest, RowsAreCountedAlsoWhereTheyCancelEachOther) {
  const std::string block =
      HeaderAfter({Row(1, 5, 9), Cancel(2, 5, -9), Row(3, 8, 1)}) +
      BlockRow(Row(1'000, 5, 1), first);
  EXPECT_EQ(*RowsBefore(block, first), 3u);
  EXPECT_EQ(*RowsBefore(block, first, 5, 7), 2u);
  EXPECT_EQ(*RowsBefore(block, first, 6, 7), 0u);
  EXPECT_EQ(*RowsBefore(block, first, 8, 366), 1u);
  EXPECT_TRUE(absl::IsDataLoss(RowsBefore("", first).status()));
}

TEST(LineageBlockTest, ABlockSaysWhetherAllOfItWasAdded) {
  const std::string block = HeaderAfter({}) + BlockRow(Row(1'000, 5, 1), first);
  LineageSum sum;
  EXPECT_TRUE(*sum.AddBlock(block, first, Position(1'001)));
  EXPECT_FALSE(*sum.AddBlock(block, first, Position(1'000)));
}

TEST(LineageBlockTest, AReaderMayStop) {
  const std::string block = HeaderAfter({}) +
                            BlockRow(Row(1'000, 5, 1), first) +
                            BlockRow(Row(1'001, 6, 2), first);
  int rows = 0;
  ASSERT_TRUE(ReadBlock(
                  block, first, [](DayOfYear, const DayTotal&) {},
                  [&](const MoneyRow&) {
                    ++rows;
                    return false;
                  })
                  .ok());
  EXPECT_EQ(rows, 1);
}

TEST(LineageBlockTest, EveryCutBlockIsDamageOrAShorterOne) {
  const std::vector<MoneyRow> rows = {Row(1'000, 5, 1'000'000),
                                      Cancel(1'300, 366, -1'000'000)};
  const std::string header = HeaderAfter({Row(1, 5, 100), Cancel(2, 5, -1)});
  const std::string one = header + BlockRow(rows[0], first);
  const std::string two = one + BlockRow(rows[1], first);
  for (size_t size = 0; size <= two.size(); ++size) {
    LineageSum sum;
    const bool whole =
        size == header.size() || size == one.size() || size == two.size();
    EXPECT_EQ(
        sum.AddBlock(two.substr(0, size), first, Position(UINT64_MAX)).ok(),
        whole)
        << size;
  }
}

TEST(LineageBlockTest, DaysThatNoYearHasAreDamage) {
  const std::string day_0("\x00\x00\x00\x02", 4);
  const std::string day_367("\x00\x00\xDE\x05\x02", 5);
  for (const std::string& block : {day_0, day_367}) {
    LineageSum sum;
    EXPECT_TRUE(absl::IsDataLoss(
        sum.AddBlock(block, first, Position(UINT64_MAX)).status()));
  }
}

}  // namespace
}  // namespace daybook
