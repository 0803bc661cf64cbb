#include "core/checkpoint/wipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace daybook::checkpoint {
namespace {

using ::testing::Each;

TEST(WipeTest, BytesBecomeZeros) {
  std::array<unsigned char, 3> secret = {1, 2, 3};
  Wipe(secret);
  EXPECT_THAT(secret, Each(0));
}

TEST(WipeTest, ATextIsEmptyAndItsRoomZeros) {
  std::string secret(100, 'x');
  secret.resize(40);
  // Read as memory, beyond the end of the text too.
  const auto* const room =
      reinterpret_cast<const volatile unsigned char*>(secret.data());
  Wipe(secret);
  EXPECT_EQ(secret, "");
  EXPECT_THAT(std::string(room, room + 100), Each('\0'));
  std::string empty;
  Wipe(empty);
  EXPECT_EQ(empty, "");
}

}  // namespace
}  // namespace daybook::checkpoint
