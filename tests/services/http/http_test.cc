// HTTP over real connections of the loopback: what is answered, what the limits
// are, and how a server ends. What the client can not send is sent by hand.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/base/check.h"
#include "services/http/http_client.h"
#include "services/http/http_server.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr size_t body_bytes_max = 1'000;

std::unique_ptr<HttpServer> StartServer(HttpServer::Handler handler,
                                        uint16_t port = 0) {
  HttpServerOptions options;
  options.address = {"127.0.0.1", port};
  options.body_bytes_max = body_bytes_max;
  auto server = HttpServer::Start(options, std::move(handler));
  DAYBOOK_CHECK(server.ok());
  return *std::move(server);
}

// Says what it was asked.
HttpResponse Echo(const HttpRequest& request) {
  HttpResponse response;
  response.content_type = "text/x.echo";
  response.cache_control = "public, max-age=7";
  response.body =
      absl::StrCat(request.method, " ", request.path, " ", request.body);
  return response;
}

std::string Url(const HttpServer& server, const std::string& path) {
  return absl::StrCat("http://", server.address(), path);
}

// All that the server says to `bytes`, until it ends the connection.
std::string Talk(const HttpServer& server, const std::string& bytes) {
  const auto address = *ParseListenAddress(server.address());
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(address.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int number = socket(AF_INET, SOCK_STREAM, 0);
  DAYBOOK_CHECK(
      connect(number, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0);
  DAYBOOK_CHECK(send(number, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size()));
  std::string said;
  char buffer[4'096];
  ssize_t got = 0;
  while ((got = recv(number, buffer, sizeof(buffer), 0)) > 0) {
    said.append(buffer, static_cast<size_t>(got));
  }
  close(number);
  return said;
}

TEST(HttpTest, AnswersWhatTheHandlerSays) {
  const auto server = StartServer(Echo);
  HttpClient client({});
  auto reply = client.Get(Url(*server, "/a/b?c=d"));
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->content_type, "text/x.echo");
  EXPECT_EQ(reply->body, "GET /a/b ");
  reply = client.Post(Url(*server, "/c"), "some body");
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->body, "POST /c some body");
  reply = client.Post(Url(*server, "/c"), "");
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->body, "POST /c ");
}

TEST(HttpTest, HeadersSayWhatTheyShould) {
  const auto server = StartServer(Echo);
  EXPECT_THAT(
      Talk(*server, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Content-Length: 6\r\n"),
            HasSubstr("Content-Type: text/x.echo\r\n"),
            HasSubstr("Cache-Control: public, max-age=7\r\n"),
            EndsWith("\r\n\r\nGET / ")));
}

TEST(HttpTest, HeadIsAnsweredWithoutTheBody) {
  const auto server = StartServer(Echo);
  EXPECT_THAT(
      Talk(*server, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
      AllOf(HasSubstr("Content-Length: 7\r\n"), EndsWith("\r\n\r\n")));
}

TEST(HttpTest, AConnectionTakesSeveralRequests) {
  const auto server = StartServer(Echo);
  EXPECT_THAT(Talk(*server,
                   "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
                   "GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              AllOf(HasSubstr("GET /1 "), HasSubstr("GET /2 ")));
}

TEST(HttpTest, ABodyMayHaveJustTheLimit) {
  const auto server = StartServer(Echo);
  HttpClient client({});
  EXPECT_EQ(
      client.Post(Url(*server, "/"), std::string(body_bytes_max, 'x'))->status,
      200);
  EXPECT_EQ(
      client.Post(Url(*server, "/"), std::string(body_bytes_max + 1, 'x'))
          ->status,
      413);
}

TEST(HttpTest, LongHeadersAndNonsenseAreRefused) {
  const auto server = StartServer(Echo);
  EXPECT_THAT(
      Talk(*server, absl::StrCat("GET / HTTP/1.1\r\nHost: x\r\nX: ",
                                 std::string(HttpServer::header_bytes_max, 'x'),
                                 "\r\nConnection: close\r\n\r\n")),
      Not(HasSubstr(" 200 ")));
  EXPECT_THAT(Talk(*server, "nonsense\r\n\r\n"), Not(HasSubstr(" 200 ")));
}

TEST(HttpTest, AnErrorSaysThatItIsNotToBeKept) {
  const auto server = StartServer([](const HttpRequest&) {
    HttpResponse response;
    response.status = 405;
    response.allow = "GET, HEAD";
    return response;
  });
  EXPECT_THAT(
      Talk(*server, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n"),
            HasSubstr("Cache-Control: no-store\r\n")));
}

TEST(HttpTest, AnAddressInUseIsUnavailable) {
  const auto server = StartServer(Echo);
  HttpServerOptions options;
  options.address = *ParseListenAddress(server->address());
  EXPECT_THAT(HttpServer::Start(options, Echo),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(HttpTest, WhatWasTakenIsAnsweredBeforeTheServerEnds) {
  absl::Notification asked;
  absl::Notification answer;
  const auto server = StartServer([&](const HttpRequest& request) {
    asked.Notify();
    answer.WaitForNotification();
    return Echo(request);
  });
  const std::string url = Url(*server, "/slow");
  std::thread caller([&] {
    HttpClient client({});
    const auto reply = client.Get(url);
    ASSERT_THAT(reply, IsOk());
    EXPECT_EQ(reply->body, "GET /slow ");
  });
  asked.WaitForNotification();
  std::thread stopper([&] { server->Shutdown(absl::Minutes(1)); });
  answer.Notify();
  stopper.join();
  caller.join();
  HttpClient client({});
  EXPECT_THAT(client.Get(url), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(HttpTest, TheClientDoesNotWaitForEver) {
  absl::Notification end;
  const auto server = StartServer([&](const HttpRequest& request) {
    end.WaitForNotification();
    return Echo(request);
  });
  HttpClient client({absl::Milliseconds(100)});
  EXPECT_THAT(client.Get(Url(*server, "/")),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  end.Notify();
}

TEST(HttpTest, TheClientTakesNoMoreThanItsLimit) {
  const auto server = StartServer([](const HttpRequest&) {
    HttpResponse response;
    response.body = std::string(100, 'x');
    return response;
  });
  HttpClient enough({absl::Seconds(60), 100});
  EXPECT_EQ(enough.Get(Url(*server, "/"))->body.size(), 100u);
  HttpClient less({absl::Seconds(60), 99});
  EXPECT_THAT(less.Get(Url(*server, "/")),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(HttpTest, OtherSchemesAreRefused) {
  HttpClient client({});
  for (const char* url : {"file:///etc/passwd", "ftp://x/y", "://", ""}) {
    EXPECT_THAT(client.Get(url), StatusIs(absl::StatusCode::kInvalidArgument))
        << url;
  }
}

TEST(HttpTest, ACancelledClientAsksNobody) {
  const auto server = StartServer(Echo);
  HttpClient client({});
  client.Cancel();
  EXPECT_THAT(client.Get(Url(*server, "/")),
              StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace daybook::services
