#include "services/publisher/durable_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using daybook::testing::IsOk;
using daybook::testing::IsOkAndHolds;
using daybook::testing::StatusIs;

class DurableFileTest : public ::testing::Test {
 protected:
  testing::TemporaryDirectory temporary_;
  const std::filesystem::path path_ = temporary_.path() / "file";
};

TEST_F(DurableFileTest, WhatIsWrittenIsReadAgain) {
  ASSERT_THAT(ReplaceFile(path_, "one"), IsOk());
  EXPECT_THAT(ReadSmallFile(path_, 3), IsOkAndHolds(std::string("one")));
  ASSERT_THAT(ReplaceFile(path_, ""), IsOk());
  EXPECT_THAT(ReadSmallFile(path_, 3), IsOkAndHolds(std::string()));
  struct stat found = {};
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(DurableFileTest, WhatWasLeftBehindIsNoneOfIt) {
  ASSERT_THAT(ReplaceFile(path_.string() + ".tmp", "half a word"), IsOk());
  ASSERT_THAT(ReplaceFile(path_, "one"), IsOk());
  EXPECT_THAT(ReadSmallFile(path_, 100), IsOkAndHolds(std::string("one")));
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".tmp"));
}

TEST_F(DurableFileTest, MoreThanAllowedIsNotRead) {
  ASSERT_THAT(ReplaceFile(path_, "four"), IsOk());
  EXPECT_THAT(ReadSmallFile(path_, 3), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ReadSmallFile(temporary_.path() / "none", 3),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DurableFileTest, AFileIsCreatedOnce) {
  ASSERT_THAT(CreateFile(path_, "one"), IsOk());
  EXPECT_THAT(CreateFile(path_, "two"),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(ReadSmallFile(path_, 3), IsOkAndHolds(std::string("one")));
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".tmp"));
  EXPECT_THAT(CreateFile(temporary_.path() / "none" / "file", "x"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DurableFileTest, ANameThatIsTakenStaysWhoseItIs) {
  const std::filesystem::path other = temporary_.path() / "other";
  ASSERT_THAT(CreateFile(path_, "one"), IsOk());
  ASSERT_THAT(CreateFile(other, "two"), IsOk());
  EXPECT_THAT(RenameFile(path_, other),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(ReadSmallFile(other, 3), IsOkAndHolds(std::string("two")));
  std::filesystem::remove(other);
  ASSERT_THAT(RenameFile(path_, other), IsOk());
  EXPECT_THAT(ReadSmallFile(other, 3), IsOkAndHolds(std::string("one")));
  EXPECT_THAT(RenameFile(path_, other), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace daybook::services
