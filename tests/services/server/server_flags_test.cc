// The command line of daybookd: what is taken and what is refused.

#include "services/server/server_flags.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::services {
namespace {

using absl::StatusCode;
using ::testing::HasSubstr;

TEST(ServerFlagsTest, FlagsAreRead) {
  const auto flags =
      ParseServerFlags({"--data_dir=/srv/daybook", "--listen=127.0.0.1:0"});
  ASSERT_TRUE(flags.ok()) << flags.status();
  EXPECT_EQ(flags->data_dir, "/srv/daybook");
  EXPECT_EQ(flags->listen, "127.0.0.1:0");
  EXPECT_EQ(ParseServerFlags({"--data_dir=x"})->listen, "127.0.0.1:7400");
  EXPECT_FALSE(ParseServerFlags({"--data_dir=x"})->rebuild);
  EXPECT_TRUE(ParseServerFlags({"--data_dir=x", "--rebuild"})->rebuild);
}

TEST(ServerFlagsTest, FilesHaveAnAddressOrNone) {
  EXPECT_EQ(ParseServerFlags({"--data_dir=x"})->http_listen, "127.0.0.1:7480");
  EXPECT_EQ(ParseServerFlags({"--data_dir=x", "--http_listen="})->http_listen,
            "");
  const auto flags = ParseServerFlags({"--data_dir=x", "--http_listen=7480"});
  EXPECT_EQ(flags.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(flags.status().message()),
              HasSubstr("--http_listen"));
  EXPECT_EQ(ParseServerFlags({"--data_dir=x", "--policy=p"})->policy, "p");
}

TEST(ServerFlagsTest, TheReserveOfTheDiskIsANumberOfMib) {
  EXPECT_EQ(ParseServerFlags({"--data_dir=x"})->disk_reserve_mib, 64u);
  EXPECT_EQ(ParseServerFlags({"--data_dir=x", "--disk_reserve_mib=0"})
                ->disk_reserve_mib,
            0u);
  EXPECT_EQ(ParseServerFlags({"--data_dir=x", "--disk_reserve_mib=1048576"})
                ->disk_reserve_mib,
            1'048'576u);
  for (const char* value : {"", "-1", "1048577", "64M", "0.5"}) {
    const std::string argument = absl::StrCat("--disk_reserve_mib=", value);
    const auto flags = ParseServerFlags({"--data_dir=x", argument});
    EXPECT_EQ(flags.status().code(), StatusCode::kInvalidArgument) << value;
    EXPECT_THAT(std::string(flags.status().message()),
                HasSubstr("disk_reserve_mib"));
  }
}

TEST(ServerFlagsTest, KeysLieOutsideTheData) {
  EXPECT_EQ(ParseServerFlags({"--data_dir=x"})->key_dir, "");
  EXPECT_EQ(ParseServerFlags({"--data_dir=x", "--key_dir=y"})->key_dir, "y");
  for (const char* inside : {"--key_dir=x", "--key_dir=x/keys"}) {
    EXPECT_EQ(ParseServerFlags({"--data_dir=x", inside}).status().code(),
              StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(ParseServerFlags({"--data_dir=x"})->read_only);
  EXPECT_TRUE(ParseServerFlags({"--data_dir=x", "--read_only"})->read_only);
}

TEST(ServerFlagsTest, PersonalDataIsWithheldUnlessItIsServed) {
  EXPECT_FALSE(ParseServerFlags({"--data_dir=x"})->personal_data);
  EXPECT_FALSE(ParseServerFlags({"--data_dir=x", "--personal_data=withhold"})
                   ->personal_data);
  EXPECT_TRUE(ParseServerFlags({"--data_dir=x", "--personal_data=serve"})
                  ->personal_data);
  for (const char* value : {"", "yes", "Serve"}) {
    const std::string argument = absl::StrCat("--personal_data=", value);
    const auto flags = ParseServerFlags({"--data_dir=x", argument});
    EXPECT_EQ(flags.status().code(), StatusCode::kInvalidArgument) << value;
    EXPECT_THAT(std::string(flags.status().message()), HasSubstr("withhold"));
  }
}

TEST(ServerFlagsTest, HelpNeedsNothingElse) {
  EXPECT_TRUE(ParseServerFlags({"--help"})->help);
  EXPECT_THAT(std::string(ServerUsage()), HasSubstr("Exit codes"));
}

TEST(ServerFlagsTest, DataDirectoryIsRequired) {
  EXPECT_EQ(ParseServerFlags({}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ParseServerFlags({"--data_dir="}).status().code(),
            StatusCode::kInvalidArgument);
}

TEST(ServerFlagsTest, UnknownArgumentsAreRefusedByName) {
  for (const char* argument :
       {"--data-dir=x", "--data_dir", "x", "--verbose", "-h"}) {
    const auto flags = ParseServerFlags({"--data_dir=x", argument});
    EXPECT_EQ(flags.status().code(), StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(flags.status().message()), HasSubstr(argument));
  }
  EXPECT_EQ(ParseServerFlags({"--data_dir=x", "--listen=x"}).status().code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace daybook::services
