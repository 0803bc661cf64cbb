// Page tokens continue where they were made for, and nowhere else.

#include "services/grpc/page_token.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace daybook::services {
namespace {

using absl::StatusCode;

TEST(PageTokenTest, TokenContinuesAfterItsName) {
  const std::string token = MakePageToken("list x", "ledgers/430203");
  EXPECT_EQ(*ParsePageToken("list x", token), "ledgers/430203");
}

TEST(PageTokenTest, TokenIsTheSameInEveryRun) {
  EXPECT_EQ(MakePageToken("q", "n"), "cGpNGVKmWC5u");
}

TEST(PageTokenTest, EmptyTokenIsTheFirstPage) {
  EXPECT_EQ(*ParsePageToken("list x", ""), "");
}

TEST(PageTokenTest, OtherTokensAreRefused) {
  const std::string token = MakePageToken("list x", "ledgers/430203");
  for (const std::string& other :
       {MakePageToken("list y", "ledgers/430203"), token + "A",
        token + "==", token.substr(1), std::string("abc"), std::string("!"),
        std::string("ledgers/430203")}) {
    EXPECT_EQ(ParsePageToken("list x", other).status().code(),
              StatusCode::kInvalidArgument)
        << other;
  }
}

TEST(PageTokenTest, PageSizeHasADefaultAndLimits) {
  EXPECT_EQ(*ParsePageSize(0), 100u);
  EXPECT_EQ(*ParsePageSize(1), 1u);
  EXPECT_EQ(*ParsePageSize(1'000), 1'000u);
  EXPECT_EQ(ParsePageSize(1'001).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ParsePageSize(-1).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace daybook::services
