// Keys of the lineage: in commit order, and read back.

#include "services/engine/lineage_keys.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::services {
namespace {

constexpr char subject[] = "ledgers/1/departments/2/reports/2024";

TEST(LineageKeysTest, KeysStandInTheOrderOfSubjectBucketAndPosition) {
  const std::vector<std::string> keys = {
      StatedKey("ledgers/1/departments/2", Position(9)),
      BlockKey(subject, 0, Position(1)),
      BlockKey(subject, 0, Position(256)),
      BlockKey(subject, 1, Position(0)),
      BlockKey(subject, 256, Position(0)),
      DefinitionKey(subject, 0),
      DefinitionKey(subject, 256),
      StatedKey(subject, Position(2)),
      StatedKey(subject, Position(1'000)),
      KeyBehind(subject),
      StatedKey("ledgers/1/departments/2/reports/2025", Position(0)),
  };
  for (size_t i = 1; i < keys.size(); ++i) EXPECT_LT(keys[i - 1], keys[i]) << i;
}

TEST(LineageKeysTest, PartsAreReadBack) {
  EXPECT_EQ(PositionOfKey(BlockKey(subject, 7, Position(300)),
                          BlockPrefix(subject, 7))
                .value(),
            Position(300));
  EXPECT_EQ(
      PositionOfKey(StatedKey(subject, Position(300)), StatedPrefix(subject))
          .value(),
      Position(300));
  EXPECT_EQ(BucketOfKey(DefinitionKey(subject, 300), DefinitionPrefix(subject))
                .value(),
            300u);
  EXPECT_EQ(SubjectOfKey(DefinitionKey(subject, 0)), subject);
  EXPECT_EQ(SubjectOfKey(BlockKey(subject, 0, Position(0))), subject);
}

TEST(LineageKeysTest, OtherBytesAreDamage) {
  const std::string prefix = StatedPrefix(subject);
  EXPECT_TRUE(absl::IsDataLoss(PositionOfKey(prefix, prefix).status()));
  EXPECT_TRUE(
      absl::IsDataLoss(PositionOfKey(prefix + "1234567", prefix).status()));
  EXPECT_TRUE(absl::IsDataLoss(BucketOfKey(prefix + "12345", prefix).status()));
  EXPECT_EQ(SubjectOfKey("no key"), "");
}

}  // namespace
}  // namespace daybook::services
