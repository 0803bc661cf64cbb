// ResumeFile: what was kept is read again, and nothing else is taken for it.

#include "clients/cli/resume_file.h"

#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::cli {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;

TEST(ResumeFileTest, WhatIsKeptIsReadAgain) {
  const ::daybook::testing::TemporaryDirectory folder;
  const ResumeFile file((folder.path() / "at").string());
  EXPECT_THAT(file.Read(), IsOkAndHolds(0u));
  EXPECT_THAT(file.Write(560), IsOk());
  EXPECT_THAT(file.Read(), IsOkAndHolds(560u));
  EXPECT_THAT(file.Write(7), IsOk());
  EXPECT_THAT(file.Read(), IsOkAndHolds(7u));
}

TEST(ResumeFileTest, OtherFilesAreLeftAlone) {
  const ::daybook::testing::TemporaryDirectory folder;
  const std::string path = (folder.path() / "other").string();
  for (const char* content : {"", "x", "-1", "1\n2\n"}) {
    std::ofstream(path, std::ios::trunc) << content;
    EXPECT_EQ(ResumeFile(path).Read().status().code(),
              absl::StatusCode::kFailedPrecondition)
        << content;
  }
  EXPECT_EQ(ResumeFile((folder.path() / "no" / "folder").string())
                .Write(1)
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace daybook::cli
