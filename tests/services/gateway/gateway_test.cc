// What the gateway gives out: files from which a stranger rebuilds the tree of
// a checkpoint, and never a checkpoint that is ahead of them.

#include "services/gateway/gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/frontier.h"
#include "core/merkle/tile.h"
#include "services/http/http_client.h"
#include "tests/services/gateway/published_ledger.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using ::daybook::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char text_type[] = "text/plain; charset=utf-8";
constexpr char bytes_type[] = "application/octet-stream";

class GatewayTest : public ::testing::Test {
 protected:
  HttpResponse Get(const std::string& file) {
    return gateway_.Answer({"GET", absl::StrCat("/ledgers/430203/", file), ""});
  }

  // The body of a file that is there.
  std::string Body(const std::string& file) {
    const HttpResponse response = Get(file);
    EXPECT_EQ(response.status, 200) << file << ": " << response.body;
    return response.body;
  }

  PublishedLedger ledger_;
  Gateway gateway_{ledger_.ledgers(), ledger_.publishers()};
};

TEST_F(GatewayTest, TheCheckpointOpensWithTheKey) {
  ledger_.SignAt(5);
  const HttpResponse response = Get("checkpoint");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, text_type);
  EXPECT_EQ(response.cache_control, "public, max-age=5");
  const std::string vkey = Body("vkey");
  ASSERT_EQ(vkey.back(), '\n');
  const auto key =
      checkpoint::VerifierKey::Parse(vkey.substr(0, vkey.size() - 1));
  ASSERT_THAT(key, IsOk());
  const auto opened = checkpoint::OpenCheckpoint(
      *checkpoint::ParseNote(response.body), *key, {});
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->checkpoint.head, ledger_.engine().tree().Head());
}

TEST_F(GatewayTest, BundlesAndTilesGiveTheRoot) {
  ledger_.SignAt(600);
  const LogSize size(600);
  merkle::Frontier frontier;
  std::vector<merkle::Hash> above;
  for (uint64_t i = 0; i < 3; ++i) {
    const merkle::TileIndex index(i);
    const auto bundle = *merkle::BundleAt(index, size);
    const std::string bytes = Body(merkle::BundlePath(bundle));
    const auto entries = merkle::ParseBundle(bytes, bundle.width);
    ASSERT_THAT(entries, IsOk());
    std::vector<merkle::Hash> leaves;
    merkle::Frontier whole;
    for (const absl::string_view entry : *entries) {
      leaves.push_back(merkle::LeafHash(entry));
      frontier.Append(leaves.back());
      whole.Append(leaves.back());
    }
    const auto tile = *merkle::TileAt(merkle::TileLevel(0), index, size);
    const HttpResponse response = Get(merkle::TilePath(tile));
    EXPECT_EQ(response.content_type, bytes_type);
    EXPECT_EQ(response.cache_control, "public, max-age=31536000, immutable");
    EXPECT_EQ(response.body, merkle::FormatTile(leaves));
    if (tile.width == merkle::tile_width_max) above.push_back(whole.Root());
  }
  EXPECT_EQ(frontier.Head(), ledger_.engine().tree().Head());
  EXPECT_EQ(Body("tile/1/000.p/2"), merkle::FormatTile(above));
}

TEST_F(GatewayTest, PartialTilesOfEarlierSizesStay) {
  ledger_.SignAt(300);
  const std::string tile = Body("tile/0/001.p/44");
  const std::string bundle = Body("tile/entries/001.p/44");
  ledger_.SignAt(600);
  EXPECT_EQ(Body("tile/0/001.p/44"), tile);
  EXPECT_EQ(Body("tile/entries/001.p/44"), bundle);
  EXPECT_EQ(Body("tile/0/001").substr(0, tile.size()), tile);
  EXPECT_EQ(Body("tile/entries/001").substr(0, bundle.size()), bundle);
}

TEST_F(GatewayTest, WhatNoCheckpointCoversIsNotThereYet) {
  ledger_.SignAt(300);
  ledger_.Grow(600);
  EXPECT_EQ(Get("tile/0/001.p/44").status, 200);
  for (const char* file : {"tile/0/001.p/45", "tile/0/001", "tile/1/000.p/2",
                           "tile/entries/001.p/45", "tile/0/002.p/88"}) {
    const HttpResponse response = Get(file);
    EXPECT_EQ(response.status, 404) << file;
    EXPECT_EQ(response.cache_control, "no-store");
    EXPECT_THAT(response.body, HasSubstr("not there yet"));
  }
  ledger_.publisher().Sign();
  EXPECT_EQ(Get("tile/0/001").status, 200);
  EXPECT_EQ(Get("tile/1/000.p/2").status, 200);
  EXPECT_EQ(Get("tile/1/000.p/3").status, 404);
  EXPECT_EQ(Get("tile/0/003.p/1").status, 404);
}

TEST_F(GatewayTest, TilesOfUnearthlySizesAreNotThere) {
  ledger_.SignAt(300);
  for (const char* file : {"tile/7/000", "tile/8/000", "tile/63/000",
                           "tile/63/999", "tile/0/x036/x028/x797/x018/x963/967",
                           "tile/6/x999/999", "tile/7/127", "tile/7/128"}) {
    EXPECT_EQ(Get(file).status, 404) << file;
  }
}

TEST_F(GatewayTest, OtherNamesAreNotThere) {
  ledger_.SignAt(300);
  for (const char* file : {"",
                           "checkpoint/",
                           "Checkpoint",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/0",
                           "tile/0/0000",
                           "tile/00/000",
                           "tile/-1/000",
                           "tile/64/000",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000/",
                           "tile/entries/",
                           "tile/entries/0",
                           "tile/data/000",
                           "tile/0/../../checkpoint",
                           "vkey/x"}) {
    EXPECT_EQ(Get(file).status, 404) << file;
  }
  for (const char* path : {"/", "", "/ledgers/", "/ledgers/430203",
                           "/ledgers//checkpoint", "/ledgers/../checkpoint",
                           "/ledgers/999999/checkpoint", "/checkpoint"}) {
    EXPECT_EQ(gateway_.Answer({"GET", path, ""}).status, 404) << path;
  }
}

TEST_F(GatewayTest, OnlyGetAndHead) {
  ledger_.SignAt(5);
  const std::string path = "/ledgers/430203/checkpoint";
  EXPECT_EQ(gateway_.Answer({"HEAD", path, ""}).status, 200);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    const HttpResponse response = gateway_.Answer({method, path, ""});
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(response.allow, "GET, HEAD");
  }
}

TEST_F(GatewayTest, ALedgerWithoutKeyHasNoFiles) {
  ledger_.SignAt(300);
  ledger_.publisher().LoseKey();
  for (const char* file : {"checkpoint", "vkey", "tile/0/000"}) {
    EXPECT_EQ(Get(file).status, 404) << file;
  }
}

TEST_F(GatewayTest, FailuresAreToldWithoutWhatTheyQuote) {
  ledger_.SignAt(300);
  for (const auto& [code, status] :
       std::vector<std::pair<absl::StatusCode, int>>{
           {absl::StatusCode::kFailedPrecondition, 503},
           {absl::StatusCode::kUnavailable, 503},
           {absl::StatusCode::kResourceExhausted, 503},
           {absl::StatusCode::kDeadlineExceeded, 503},
           {absl::StatusCode::kDataLoss, 500},
           {absl::StatusCode::kInternal, 500}}) {
    ledger_.publisher().Fail(absl::Status(code, "/secret/path"));
    const HttpResponse response = Get("checkpoint");
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.cache_control, "no-store");
    EXPECT_THAT(response.body, Not(HasSubstr("secret")));
    // A tile needs a checkpoint too, before it is known to be under one.
    EXPECT_EQ(Get("tile/0/001.p/44").status, status);
  }
}

TEST_F(GatewayTest, KnownTilesAreGivenOutWhileNothingIsSigned) {
  ledger_.SignAt(300);
  ASSERT_EQ(Get("checkpoint").status, 200);
  ledger_.publisher().Fail(absl::UnavailableError("the disk of the key"));
  EXPECT_EQ(Get("tile/0/001.p/44").status, 200);
  EXPECT_EQ(Get("tile/0/001.p/45").status, 503);
}

TEST_F(GatewayTest, ACheckpointAheadOfTheTilesIsNotGivenOut) {
  ledger_.Grow(300);
  merkle::TreeHead head = ledger_.engine().tree().Head();
  head.size = LogSize(301);
  ledger_.publisher().Sign(head);
  EXPECT_EQ(Get("checkpoint").status, 500);
  EXPECT_EQ(Get("tile/0/001.p/45").status, 500);
}

TEST_F(GatewayTest, OverARealConnection) {
  ledger_.SignAt(300);
  HttpServerOptions options;
  options.address = {"127.0.0.1", 0};
  const auto server = HttpServer::Start(
      options,
      [this](const HttpRequest& request) { return gateway_.Answer(request); });
  ASSERT_THAT(server, IsOk());
  HttpClient client({absl::Seconds(60), size_t{1} << 20});
  const auto reply = client.Get(absl::StrCat(
      "http://", (*server)->address(), "/ledgers/430203/tile/entries/000"));
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, Body("tile/entries/000"));
}

}  // namespace
}  // namespace daybook::services
