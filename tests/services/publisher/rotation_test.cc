// Rotating keys, also when the server ends in between.

#include <filesystem>
#include <string>

#include "core/admission/well_formed.h"
#include "core/checkpoint/ed25519.h"
#include "gmock/gmock.h"
#include "services/engine/entry_codec.h"
#include "services/publisher/keygen.h"
#include "tests/services/publisher/publisher_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using daybook::testing::IsOk;
using daybook::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class RotationTest : public PublisherTest {
 protected:
  absl::StatusOr<v1::RotateKeyResponse> Rotate() {
    return publishers_->RotateKey(kLedgerId, local_principal, "once a year");
  }

  // The first step of a rotation alone.
  uint64_t RecordRotation(const checkpoint::VerifierKey& next) {
    AppendCommand command;
    command.by_server = true;
    command.principal = local_principal;
    command.source = server_source;
    v1::Event& event = *command.inputs->Add()->mutable_event();
    event.set_event_id("key");
    event.set_subject(kLedger);
    event.mutable_key_rotated()->set_public_key(next.public_key().data(),
                                                next.public_key().size());
    event.mutable_key_rotated()->set_reason("once a year");
    const auto outcome =
        (*registry_->Find(kLedgerId))->Append(std::move(command));
    EXPECT_THAT(outcome, IsOk());
    EXPECT_EQ(outcome->refused_total, 0u) << outcome->refusals[0].DebugString();
    return outcome->results[0].position();
  }

  // What must hold once a rotation by the entry at `position` is through.
  void ExpectRotated(const checkpoint::VerifierKey& old_key,
                     const checkpoint::VerifierKey& new_key,
                     uint64_t position) {
    const auto newest = (*Find())->Newest();
    ASSERT_THAT(newest, IsOk());
    // The old key covers the entry that says so.
    EXPECT_GT(newest->size(), position);
    EXPECT_THAT(OpenedWith(old_key, *newest), IsOk());
    const auto next = Signed(Grow());
    ASSERT_THAT(next, IsOk());
    EXPECT_THAT(OpenedWith(new_key, *next), IsOk());
    EXPECT_FALSE(OpenedWith(old_key, *next).ok());
    EXPECT_EQ((*Find())->verifier_key(), new_key.ToString());
    EXPECT_FALSE(std::filesystem::exists(KeyFile(".next.key")));
    EXPECT_THAT(*key_directory_->ReadRetired(kLedgerId), SizeIs(1));
    // All that are kept are by a key that the ledger had.
    EXPECT_THAT((*Find())->List(LogSize(UINT64_MAX), 100), IsOk());
  }
};

TEST_F(RotationTest, TheNextKeySignsFromNowOn) {
  const checkpoint::VerifierKey old_key = MakeKey();
  Start();
  Create();
  Grow();
  const checkpoint::VerifierKey next = MakeKey(KeyRole::kNext);
  const auto rotated = Rotate();
  ASSERT_THAT(rotated, IsOk());
  EXPECT_EQ(rotated->verifier_key(), next.ToString());
  EXPECT_EQ(rotated->position(), 4u);
  const auto bytes = (*registry_->Find(kLedgerId))->ReadEntry(Position(4));
  const auto entry = ParseEntry(Position(4), *bytes);
  ASSERT_THAT(entry, IsOk());
  EXPECT_EQ(entry->source(), "daybookd");
  EXPECT_EQ(entry->event().subject(), kLedger);
  EXPECT_EQ(entry->event().key_rotated().reason(), "once a year");
  ExpectRotated(old_key, next, 4);
  // Nothing of it is forgotten.
  Start();
  EXPECT_THAT(OpenedWith(next, *(*Find())->Newest()), IsOk());
  EXPECT_THAT(Rotate(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr("keygen --next")));
}

TEST_F(RotationTest, GoesOnWhenItEndedAfterTheEntry) {
  const checkpoint::VerifierKey old_key = MakeKey();
  Start();
  Create();
  Grow();
  ASSERT_THAT(Signed(4), IsOk());
  Stop();
  const checkpoint::VerifierKey next = MakeKey(KeyRole::kNext);
  // As a process that ends at once after the entry: without a thread that could
  // sign.
  Start(false);
  const uint64_t position = RecordRotation(next);
  Start();
  ExpectRotated(old_key, next, position);
}

TEST_F(RotationTest, GoesOnWhenItEndedAfterTheLastSignature) {
  const checkpoint::VerifierKey old_key = MakeKey();
  Start();
  Create();
  Grow();
  const checkpoint::VerifierKey next = MakeKey(KeyRole::kNext);
  // The old key signs it by itself; the files are as before.
  const uint64_t position = RecordRotation(next);
  ASSERT_THAT(Signed(position + 1), IsOk());
  Start();
  ExpectRotated(old_key, next, position);
}

TEST_F(RotationTest, GoesOnWhenItEndedBetweenTheFiles) {
  const checkpoint::VerifierKey old_key = MakeKey();
  Start();
  Create();
  Grow();
  const checkpoint::VerifierKey next = MakeKey(KeyRole::kNext);
  const uint64_t position = RecordRotation(next);
  ASSERT_THAT(Signed(position + 1), IsOk());
  ASSERT_THAT(key_directory_->Retire(kLedgerId, old_key.id()), IsOk());
  Start();
  ExpectRotated(old_key, next, position);
}

TEST_F(RotationTest, ALedgerWithoutKeyIsGivenItsFirst) {
  MakeKey();
  std::filesystem::rename(KeyFile(".key"), KeyFile(".hidden"));
  Start();
  Create();
  const uint64_t size = Grow();
  EXPECT_THAT(Signed(size), StatusIs(absl::StatusCode::kFailedPrecondition,
                                     HasSubstr("keygen")));
  Stop();
  std::filesystem::rename(KeyFile(".hidden"), KeyFile(".key"));
  Start();
  EXPECT_THAT(Signed(size), StatusIs(absl::StatusCode::kFailedPrecondition,
                                     HasSubstr("rotate-key")));
  const auto rotated = Rotate();
  ASSERT_THAT(rotated, IsOk());
  const auto made = Signed(Grow());
  ASSERT_THAT(made, IsOk());
  const auto key = checkpoint::VerifierKey::Parse(rotated->verifier_key());
  EXPECT_THAT(OpenedWith(*key, *made), IsOk());
}

TEST_F(RotationTest, AKeyThatSignedBeforeDoesNotComeBack) {
  MakeKey();
  Start();
  Create();
  std::filesystem::copy_file(KeyFile(".key"), KeyFile(".next.key"));
  std::filesystem::permissions(
      KeyFile(".next.key"),
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THAT(Rotate(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr("before")));
}

TEST_F(RotationTest, WithoutReasonOrKeysNothingIsRotated) {
  MakeKey();
  Start();
  Create();
  MakeKey(KeyRole::kNext);
  EXPECT_THAT(publishers_->RotateKey(kLedgerId, local_principal, ""),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ((*registry_->Find(kLedgerId))->size(), LogSize(1));
  Start(false);
  EXPECT_THAT(Rotate(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr("--key_dir")));
}

TEST_F(RotationTest, NoWriterSaysThatAKeyWasRotated) {
  MakeKey();
  Start();
  Create();
  v1::EventInput input;
  input.mutable_event()->set_event_id("k");
  input.mutable_event()->set_subject(kLedger);
  input.mutable_event()->mutable_key_rotated()->set_public_key(
      std::string(32, 'k'));
  input.mutable_event()->mutable_key_rotated()->set_reason("mine");
  AppendCommand command;
  command.source = kSource;
  *command.inputs->Add() = input;
  const auto outcome =
      (*registry_->Find(kLedgerId))->Append(std::move(command));
  ASSERT_THAT(outcome, IsOk());
  ASSERT_EQ(outcome->refused_total, 1u);
  EXPECT_EQ(outcome->refusals[0].problems(0).code(),
            static_cast<int>(absl::StatusCode::kPermissionDenied));
  AppendCommand as_server;
  as_server.source = server_source;
  *as_server.inputs->Add() = Spent("v", "2024-03-15", 1);
  EXPECT_THAT((*registry_->Find(kLedgerId))->Append(std::move(as_server)),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace daybook::services
