// That every identity is found where it stands, and repetitions are seen.

#include "clients/audit/identity_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace daybook::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

TEST(IdentityTableTest, FindsWhatWasAddedAndNothingElse) {
  IdentityTable table;
  constexpr uint64_t count = 10'000;
  for (uint64_t i = 0; i < count; ++i) {
    table.Add(IdentityHash("s", absl::StrCat(i)), Position(i));
  }
  EXPECT_THAT(table.Settle(2, 10), IsEmpty());
  for (uint64_t i = 0; i < count; ++i) {
    EXPECT_EQ(table.Find(IdentityHash("s", absl::StrCat(i))), Position(i));
  }
  EXPECT_EQ(table.Find(IdentityHash("t", "1")), std::nullopt);
  EXPECT_EQ(table.Find(IdentityHash("s1", "")), std::nullopt);
}

TEST(IdentityTableTest, RepetitionsComeByPosition) {
  IdentityTable table;
  for (const uint64_t position : {3, 5, 9}) table.Add(77, Position(position));
  table.Add(78, Position(10));
  EXPECT_THAT(table.Settle(1, 10), ElementsAre(Pair(Position(3), Position(5)),
                                               Pair(Position(5), Position(9))));
  EXPECT_EQ(table.Find(77), Position(3));
}

TEST(IdentityTableTest, RepetitionsAreBounded) {
  IdentityTable table;
  for (uint64_t i = 0; i < 100; ++i) table.Add(5, Position(i));
  EXPECT_THAT(table.Settle(3, 4), SizeIs(4));
}

}  // namespace
}  // namespace daybook::audit
