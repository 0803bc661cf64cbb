// The file of a witness's key: made once, for its owner alone, and read back.

#include "services/witness/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

namespace fs = std::filesystem;

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kFailedPrecondition = absl::StatusCode::kFailedPrecondition;

class KeyFileTest : public ::testing::Test {
 protected:
  testing::TemporaryDirectory temporary_;
  const fs::path path_ = temporary_.path() / "key";
};

TEST_F(KeyFileTest, AKeyIsReadBack) {
  const auto made = MakeWitnessKey(path_, "witness.example/w");
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->verifier().type(), checkpoint::KeyType::kCosignature);
  EXPECT_EQ(fs::status(path_).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  const auto read = ReadWitnessKey(path_);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->verifier(), made->verifier());
  const auto other =
      MakeWitnessKey(temporary_.path() / "other", "witness.example/w");
  ASSERT_THAT(other, IsOk());
  EXPECT_NE(other->verifier(), made->verifier());
}

TEST_F(KeyFileTest, AFileThatIsThereIsLeftAlone) {
  const auto made = MakeWitnessKey(path_, "witness.example/w");
  EXPECT_THAT(MakeWitnessKey(path_, "witness.example/w"),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(ReadWitnessKey(path_)->verifier(), made->verifier());
}

TEST_F(KeyFileTest, ANameThatIsNoneMakesNoFile) {
  EXPECT_THAT(MakeWitnessKey(path_, "a b"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(KeyFileTest, AKeyThatOthersMayReadIsRefused) {
  ASSERT_THAT(MakeWitnessKey(path_, "witness.example/w"), IsOk());
  for (const fs::perms more : {fs::perms::group_read, fs::perms::others_read}) {
    fs::permissions(path_, fs::perms::owner_read | more);
    EXPECT_THAT(ReadWitnessKey(path_),
                StatusIs(kFailedPrecondition, HasSubstr("chmod 600")));
  }
  fs::permissions(path_, fs::perms::owner_read);
  EXPECT_THAT(ReadWitnessKey(path_), IsOk());
}

TEST_F(KeyFileTest, OtherTextIsRefusedAndNotRepeated) {
  std::ofstream(path_) << "PRIVATE+KEY+secret";
  fs::permissions(path_, fs::perms::owner_read);
  EXPECT_THAT(ReadWitnessKey(path_),
              StatusIs(kFailedPrecondition, Not(HasSubstr("secret"))));
  EXPECT_THAT(ReadWitnessKey(temporary_.path() / "none"),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace daybook::services
