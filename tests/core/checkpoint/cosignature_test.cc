#include "core/checkpoint/cosignature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/checkpoint/ed25519.h"
#include "core/checkpoint/note.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

TEST(CosignatureTest, TheMessageIsTwoLinesAndTheWholeText) {
  EXPECT_EQ(CosignatureMessage(UnixSeconds(1'679'315'147), "log\n7\nroot\n"),
            "cosignature/v1\ntime 1679315147\nlog\n7\nroot\n");
  EXPECT_EQ(CosignatureMessage(UnixSeconds(0), "x\n"),
            "cosignature/v1\ntime 0\nx\n");
}

TEST(CosignatureTest, AsOtherImplementationsHaveIt) {
  const auto lines = ParseSignatureLines(witness_line);
  ASSERT_THAT(lines, IsOk());
  const auto cosignature = UnpackCosignature(lines->front().bytes);
  ASSERT_THAT(cosignature, IsOk());
  EXPECT_EQ(cosignature->time, witness_time);
  EXPECT_EQ(PackCosignature(*cosignature), lines->front().bytes);
  EXPECT_TRUE(Ed25519Verifies(WitnessSigner().verifier().public_key(),
                              CosignatureMessage(witness_time, checkpoint_text),
                              cosignature->ed25519));
}

TEST(CosignatureTest, Has72Bytes) {
  for (const size_t size : {0, 8, 64, 71, 73, 76}) {
    EXPECT_THAT(UnpackCosignature(std::string(size, '\0')),
                StatusIs(kInvalidArgument))
        << size;
  }
  EXPECT_THAT(UnpackCosignature(std::string(72, '\0')), IsOk());
}

TEST(CosignatureTest, TheTimeFitsIntoASignedNumber) {
  std::string bytes(72, '\xff');
  EXPECT_THAT(UnpackCosignature(bytes), StatusIs(kInvalidArgument));
  bytes[0] = '\x80';
  EXPECT_THAT(UnpackCosignature(bytes), StatusIs(kInvalidArgument));
  bytes[0] = '\x7f';
  const auto cosignature = UnpackCosignature(bytes);
  ASSERT_THAT(cosignature, IsOk());
  EXPECT_EQ(cosignature->time, cosignature_time_max);
  EXPECT_EQ(PackCosignature(*cosignature), bytes);
}

}  // namespace
}  // namespace daybook::checkpoint
