// What a ledger is created with, and how it is listed.

#include "services/publisher/publishers.h"

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "services/publisher/keygen.h"
#include "tests/services/publisher/publisher_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using daybook::testing::IsOk;
using daybook::testing::StatusIs;
using ::testing::HasSubstr;
using PublishersTest = PublisherTest;

TEST_F(PublishersTest, ALedgerBeginsWithItsKey) {
  const auto key =
      Keygen({keys(), kLedgerId, KeyRole::kCurrent, "example.gov/430203"});
  ASSERT_THAT(key, IsOk());
  Start();
  EXPECT_THAT(registry_->Create(kLedgerId, "example.gov/other"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("example.gov/430203")));
  const auto created = registry_->Create(kLedgerId, "");
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->origin(), "example.gov/430203");
  EXPECT_EQ(created->verifier_key(), key->ToString());
  EXPECT_EQ(created->unsigned_reason(), "");
  EXPECT_EQ((*registry_->Find(kLedgerId))->genesis().public_key().size(), 32u);
}

TEST_F(PublishersTest, ALogThatWasSignedDoesNotBeginAgain) {
  MakeKey();
  Start();
  Create();
  ASSERT_THAT(Signed(1), IsOk());
  Stop();
  std::filesystem::remove_all(data());
  Start();
  EXPECT_THAT(registry_->Create(kLedgerId, ""),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(registry_->Find(kLedgerId),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PublishersTest, TheListSaysWhoSignsAndWhyNot) {
  MakeKey();
  Start();
  Create();
  ASSERT_THAT(registry_->Create("1", ""), IsOk());
  for (int i = 0; i < 2; ++i) {
    const auto listed = registry_->List("", 10);
    ASSERT_THAT(listed, IsOk());
    EXPECT_THAT((*listed)[0].unsigned_reason(), HasSubstr("no key"));
    EXPECT_EQ((*listed)[1].unsigned_reason(), "");
    EXPECT_THAT((*listed)[1].verifier_key(), HasSubstr("430203+"));
    // The same once they are open.
    ASSERT_THAT(registry_->Find("1"), IsOk());
    ASSERT_THAT(registry_->Find(kLedgerId), IsOk());
  }
  Start(false);
  EXPECT_THAT((*registry_->List("", 10))[1].unsigned_reason(),
              HasSubstr("--key_dir"));
}

TEST_F(PublishersTest, OthersThanItsLedgersAreNotFound) {
  Start(false);
  EXPECT_THAT(publishers_->Find("9"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(publishers_->RotateKey("9", "local", "x"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PublishersTest, ALedgerGoesOnUnderAnotherOrigin) {
  MakeKey();
  Start();
  Create();
  const auto last = Signed(Grow());
  ASSERT_THAT(last, IsOk());
  v1::CreateLedgerRequest request;
  request.set_ledger_id("430203-b");
  request.mutable_continues()->set_checkpoint(last->note());
  EXPECT_THAT(registry_->Create(request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("loss")));
  request.mutable_continues()->set_loss("the disk, after Tuesday's backup");
  request.set_origin("daybook.local/ledgers/430203");
  EXPECT_THAT(registry_->Create(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("another origin")));
  request.clear_origin();
  ASSERT_THAT(registry_->Create(request), IsOk());
  EXPECT_EQ((*registry_->Find("430203-b"))->genesis().continues().checkpoint(),
            last->note());
  request.set_ledger_id("430203-c");
  request.mutable_continues()->set_checkpoint("no note");
  EXPECT_THAT(registry_->Create(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("continues.checkpoint")));
}

}  // namespace
}  // namespace daybook::services
