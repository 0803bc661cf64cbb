#include "storage/crc32c.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/support/luck.h"

namespace daybook::storage {
namespace {

TEST(Crc32cTest, AgreesWithPublishedVectors) {
  EXPECT_EQ(ExtendCrc32c(0, ""), 0u);
  EXPECT_EQ(ExtendCrc32c(0, "123456789"), 0xe3069283u);
  // RFC 3720, B.4.
  EXPECT_EQ(ExtendCrc32c(0, std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(ExtendCrc32c(0, std::string(32, '\xff')), 0x62a8ab43u);
}

TEST(Crc32cTest, HardwareAndTableAgreeAtAnyLengthAndAddress) {
  ::daybook::testing::Luck luck(1);
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes.push_back(static_cast<char>(luck.Below(256)));
  }
  const absl::string_view all = bytes;
  for (size_t begin = 0; begin < 9; ++begin) {
    for (size_t size = 0; size + begin <= all.size(); ++size) {
      const absl::string_view part = all.substr(begin, size);
      EXPECT_EQ(ExtendCrc32c(5, part), ExtendCrc32cByTable(5, part));
    }
  }
}

TEST(Crc32cTest, IsTheSameInPartsAsAtOnce) {
  const absl::string_view all = "gapless, in commit order";
  for (size_t i = 0; i <= all.size(); ++i) {
    EXPECT_EQ(ExtendCrc32c(ExtendCrc32c(0, all.substr(0, i)), all.substr(i)),
              ExtendCrc32c(0, all));
  }
}

}  // namespace
}  // namespace daybook::storage
