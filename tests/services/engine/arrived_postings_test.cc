// ArrivedPostings: what is kept, and that a gap is never forgotten.

#include "services/engine/arrived_postings.h"

#include <vector>

#include "gtest/gtest.h"

namespace daybook::services {
namespace {

TEST(ArrivedPostingsTest, KeepsWhatCameInOrderWithTheLastSize) {
  ArrivedPostings arrived;
  EXPECT_EQ(arrived.size(), LogSize(0));
  const Posting first{Position(3), {}, {}};
  const Posting second{Position(5), {}, {}};
  arrived.Add({&first}, LogSize(4));
  arrived.Add({&second}, LogSize(7));
  ASSERT_EQ(arrived.postings().size(), 2u);
  EXPECT_EQ(arrived.postings()[0].position, Position(3));
  EXPECT_EQ(arrived.postings()[1].position, Position(5));
  EXPECT_EQ(arrived.size(), LogSize(7));
  EXPECT_FALSE(arrived.missed());
}

TEST(ArrivedPostingsTest, AGapStaysThoughFewerComeAfterIt) {
  const Posting posting{Position(3), {}, {}};
  const std::vector<const Posting*> full(ArrivedPostings::count_max, &posting);
  ArrivedPostings arrived;
  arrived.Add({&posting}, LogSize(4));
  arrived.Add(full, LogSize(9));
  EXPECT_TRUE(arrived.missed());
  arrived.Add({&posting}, LogSize(10));
  EXPECT_TRUE(arrived.missed());
  EXPECT_EQ(arrived.size(), LogSize(4));
  ArrivedPostings just_full;
  just_full.Add(full, LogSize(9));
  EXPECT_FALSE(just_full.missed());
}

}  // namespace
}  // namespace daybook::services
