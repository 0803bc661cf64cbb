// EditDistance: insertions, deletions and exchanges, in either direction.

#include "core/base/edit_distance.h"

#include "gtest/gtest.h"

namespace daybook {
namespace {

TEST(EditDistanceTest, CountsTheFewestEdits) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("executed", "executed"), 0u);
  EXPECT_EQ(EditDistance("exekuted", "executed"), 1u);
  EXPECT_EQ(EditDistance("excuted", "executed"), 1u);
  EXPECT_EQ(EditDistance("executedd", "executed"), 1u);
  EXPECT_EQ(EditDistance("", "all"), 3u);
  EXPECT_EQ(EditDistance("adjusted", "adjustment"),
            EditDistance("adjustment", "adjusted"));
}

}  // namespace
}  // namespace daybook
