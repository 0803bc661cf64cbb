// Addresses to listen on, as they are written and as they fail.

#include "services/http/listen_address.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace daybook::services {
namespace {

using absl::StatusCode;

TEST(ListenAddressTest, AddressesComeBackAsWritten) {
  for (const char* text : {"127.0.0.1:7400", "localhost:0", "[::1]:65535"}) {
    const auto address = ParseListenAddress(text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->ToString(), text);
    EXPECT_TRUE(address->IsLoopback());
  }
  EXPECT_FALSE(ParseListenAddress("0.0.0.0:7400")->IsLoopback());
  EXPECT_FALSE(ParseListenAddress("127.example.com:7400")->IsLoopback());
}

TEST(ListenAddressTest, OtherTextIsRefused) {
  for (const char* text :
       {"", "7400", "127.0.0.1", "127.0.0.1:", ":7400", "127.0.0.1:65536",
        "127.0.0.1:-1", "::1:7400", "127.0.0.1:74x"}) {
    EXPECT_EQ(ParseListenAddress(text).status().code(),
              StatusCode::kInvalidArgument)
        << text;
  }
}

}  // namespace
}  // namespace daybook::services
