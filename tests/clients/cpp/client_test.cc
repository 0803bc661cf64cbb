// Client: what it answers by itself, without a server.

#include "clients/cpp/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/status_matchers.h"

namespace daybook::client {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::StatusIs;

// Nothing listens on port 1 of the loopback.
constexpr const char* nobody = "127.0.0.1:1";

v1::AppendEventsRequest RequestOf(size_t source_bytes) {
  v1::AppendEventsRequest request;
  request.set_source(std::string(source_bytes, 'x'));
  return request;
}

TEST(ClientTest, ARequestOverTheLimitIsRefusedWithARemedy) {
  EXPECT_THAT(
      Client(nobody).AppendEvents(RequestOf(Client::append_bytes_max)).status(),
      StatusIs(absl::StatusCode::kResourceExhausted,
               AllOf(HasSubstr("at most 17825792"),
                     HasSubstr("send fewer events"))));
}

TEST(ClientTest, AServerThatIsNotThereIsNamed) {
  EXPECT_THAT(Client(nobody).AppendEvents(RequestOf(1)).status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr(nobody)));
}

}  // namespace
}  // namespace daybook::client
