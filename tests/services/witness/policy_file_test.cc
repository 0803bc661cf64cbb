// A policy is read from its file, and what is wrong names the file.

#include "services/witness/policy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(PolicyFileTest, IsRead) {
  const testing::TemporaryDirectory temporary;
  const auto path = temporary.path() / "policy";
  EXPECT_THAT(ReadPolicyFile(path),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(path.string())));
  EXPECT_THAT(ReadPolicyFile(temporary.path()),
              StatusIs(absl::StatusCode::kNotFound));
  std::ofstream(path) << "quorum none\n";
  EXPECT_THAT(ReadPolicyFile(path), IsOk());
  std::ofstream(path) << "nonsense\n";
  EXPECT_THAT(ReadPolicyFile(path),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(path.string()), HasSubstr("line 1"))));
  std::ofstream(path) << "quorum none\n#"
                      << std::string(checkpoint::policy_bytes_max, 'x');
  EXPECT_THAT(ReadPolicyFile(path),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("bytes")));
}

}  // namespace
}  // namespace daybook::services
