#include "core/merkle/entry_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace daybook::merkle {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

TEST(EntryBundleTest, LengthAndBytesOfEachEntry) {
  std::string bundle;
  ASSERT_THAT(AppendToBundle("abc", bundle), IsOk());
  ASSERT_THAT(AppendToBundle("", bundle), IsOk());
  ASSERT_THAT(AppendToBundle(std::string(258, 'x'), bundle), IsOk());
  EXPECT_EQ(bundle, absl::StrCat(absl::string_view("\0\3abc\0\0\1\2", 9),
                                 std::string(258, 'x')));
  EXPECT_THAT(ParseBundle(bundle, TileWidth(3)),
              IsOkAndHolds(ElementsAre("abc", "", std::string(258, 'x'))));
}

TEST(EntryBundleTest, TheLongestEntryAndOneByteMore) {
  std::string bundle;
  const std::string longest(bundled_entry_bytes_max, 'x');
  ASSERT_THAT(AppendToBundle(longest, bundle), IsOk());
  EXPECT_THAT(ParseBundle(bundle, TileWidth(1)),
              IsOkAndHolds(ElementsAre(longest)));
  const std::string before = bundle;
  EXPECT_THAT(AppendToBundle(longest + "x", bundle),
              StatusIs(kInvalidArgument, HasSubstr("65535")));
  EXPECT_EQ(bundle, before);
}

TEST(EntryBundleTest, EveryOtherNumberOfBytesIsRefused) {
  std::string bundle;
  for (const char* const entry : {"one", "two"}) {
    ASSERT_THAT(AppendToBundle(entry, bundle), IsOk());
  }
  for (size_t size = 0; size < bundle.size(); ++size) {
    EXPECT_THAT(ParseBundle(bundle.substr(0, size), TileWidth(2)),
                StatusIs(kInvalidArgument))
        << size;
  }
  EXPECT_THAT(ParseBundle(bundle, TileWidth(2)), IsOk());
  EXPECT_THAT(ParseBundle(bundle, TileWidth(1)),
              StatusIs(kInvalidArgument, HasSubstr("follow")));
  EXPECT_THAT(ParseBundle(bundle, TileWidth(3)),
              StatusIs(kInvalidArgument, HasSubstr("2 of 3")));
}

}  // namespace
}  // namespace daybook::merkle
