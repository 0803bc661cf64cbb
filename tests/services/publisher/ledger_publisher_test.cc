// Signing: what is signed, when nothing is, and what an older copy of the data
// directory may do.

#include "services/publisher/ledger_publisher.h"

#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "core/checkpoint/cosignature.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signer_key.h"
#include "gmock/gmock.h"
#include "services/publisher/keygen.h"
#include "tests/services/publisher/publisher_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using daybook::testing::IsOk;
using daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using LedgerPublisherTest = PublisherTest;

uint64_t SizeOf(const v1::Checkpoint& checkpoint) { return checkpoint.size(); }

std::vector<uint64_t> SizesOf(const std::vector<v1::Checkpoint>& list) {
  std::vector<uint64_t> sizes;
  for (const v1::Checkpoint& checkpoint : list)
    sizes.push_back(SizeOf(checkpoint));
  return sizes;
}

TEST_F(LedgerPublisherTest, SignsTheTreeAsItStands) {
  const checkpoint::VerifierKey key = MakeKey();
  Start();
  Create();
  const uint64_t size = Grow(5);
  const auto made = Signed(size);
  ASSERT_THAT(made, IsOk());
  const auto opened = OpenedWith(key, *made);
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->origin, "daybook.local/ledgers/430203");
  EXPECT_EQ(opened->head, (*registry_->Find(kLedgerId))->tree().Head());
  EXPECT_EQ((*Find())->verifier_key(), key.ToString());
  EXPECT_EQ(*(*key_directory_->ReadSigned(kLedgerId)), *opened);
}

TEST_F(LedgerPublisherTest, SignsByItselfWhileTheLedgerGrows) {
  MakeKey();
  Start();
  Create();
  const uint64_t size = Grow();
  Publisher& publisher = **Find();
  // Nobody waits for it.
  while (true) {
    const auto newest = publisher.Newest();
    ASSERT_THAT(newest, IsOk());
    if (newest->size() >= size) break;
    absl::SleepFor(absl::Milliseconds(20));
  }
}

TEST_F(LedgerPublisherTest, ALedgerWithItsGenesisAloneHasACheckpoint) {
  const checkpoint::VerifierKey key = MakeKey();
  Start();
  Create();
  const auto newest = (*Find())->Newest();
  ASSERT_THAT(newest, IsOk());
  EXPECT_EQ(newest->size(), 1u);
  EXPECT_THAT(OpenedWith(key, *newest), IsOk());
}

TEST_F(LedgerPublisherTest, MoreThanThereIsIsNotWaitedFor) {
  MakeKey();
  Start();
  Create();
  EXPECT_THAT(Signed(2), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Signed(1), IsOk());
}

TEST_F(LedgerPublisherTest, WithoutKeysNothingIsSigned) {
  Start(false);
  Create();
  EXPECT_THAT(
      (*Find())->Newest(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("--key_dir")));
  EXPECT_THAT(Signed(1), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(LedgerPublisherTest, ManyWhoWaitShareWhatIsSigned) {
  MakeKey();
  Start();
  Create();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    const uint64_t size = Grow();
    threads.emplace_back([this, size] {
      const auto made = Signed(size);
      ASSERT_THAT(made, IsOk());
      EXPECT_GE(made->size(), size);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(LedgerPublisherTest, GoesOnAfterARestart) {
  const checkpoint::VerifierKey key = MakeKey();
  Start();
  Create();
  const uint64_t first = Grow();
  ASSERT_THAT(Signed(first), IsOk());
  Start();
  EXPECT_EQ((*Find())->Newest()->size(), first);
  const uint64_t second = Grow();
  const auto made = Signed(second);
  ASSERT_THAT(made, IsOk());
  EXPECT_THAT(OpenedWith(key, *made), IsOk());
  EXPECT_THAT(SizesOf(*(*Find())->List(LogSize(UINT64_MAX), 2)),
              ElementsAre(second, first));
  EXPECT_THAT(SizesOf(*(*Find())->List(LogSize(second), 1)),
              ElementsAre(first));
}

TEST_F(LedgerPublisherTest, ARestoredBackupIsRefusedUntilItHasCaughtUp) {
  MakeKey();
  Start();
  Create();
  const uint64_t backed_up = Grow();
  ASSERT_THAT(Signed(backed_up), IsOk());
  Stop();
  BackUp("backup");
  Start();
  ASSERT_THAT(Signed(Grow()), IsOk());
  Stop();
  Restore("backup");
  Start();
  EXPECT_THAT(registry_->Find(kLedgerId),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("recover")));
  // It stays refused, and is listed with its problem.
  EXPECT_THAT(Find(), StatusIs(absl::StatusCode::kDataLoss));
  const auto listed = registry_->List("", 10);
  ASSERT_THAT(listed, IsOk());
  EXPECT_THAT((*listed)[0].problem(), HasSubstr("were signed"));
  // Who asks for it may read it.
  Start(true, true);
  const auto engine = registry_->Find(kLedgerId);
  ASSERT_THAT(engine, IsOk());
  EXPECT_EQ((*engine)->size(), LogSize(backed_up));
  EXPECT_THAT((*Find())->Newest(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  AppendCommand command;
  command.source = kSource;
  *command.inputs->Add() = Spent("another", "2024-03-15", 1);
  EXPECT_THAT((*engine)->Append(std::move(command)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

// The worst that can be done: the copy goes on with other entries where nobody
// looks at the keys, and comes back as large as what was signed.
TEST_F(LedgerPublisherTest, AForkIsNeverSigned) {
  MakeKey();
  Start();
  Create();
  Grow();
  Stop();
  BackUp("backup");
  Start();
  const uint64_t signed_size = Grow();
  ASSERT_THAT(Signed(signed_size), IsOk());
  Stop();
  Restore("backup");
  Start(false);
  Grow(3);
  Start();
  EXPECT_THAT((*Find())->Newest(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Signed(1), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Signed(Grow()), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ((*key_directory_->ReadSigned(kLedgerId))->head.size,
            LogSize(signed_size));
}

TEST_F(LedgerPublisherTest, WithoutWhatWasSignedLastNothingIsSigned) {
  MakeKey();
  Start();
  Create();
  const auto last = Signed(Grow());
  ASSERT_THAT(last, IsOk());
  Stop();
  std::filesystem::remove(KeyFile(".signed"));
  Start();
  EXPECT_THAT(
      (*Find())->Newest(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("adopt")));
  // Its entries can be read, and more be recorded.
  Grow();
  ASSERT_THAT(Adopt(*key_directory_, kLedgerId, last->note()), IsOk());
  Start();
  EXPECT_THAT(Signed(last->size() + 1), IsOk());
}

TEST_F(LedgerPublisherTest, AKeyFromElsewhereBeginsWithAGenesis) {
  MakeKey();
  std::filesystem::remove(KeyFile(".signed"));
  Start();
  Create();
  EXPECT_THAT(Signed(1), IsOk());
}

TEST_F(LedgerPublisherTest, AnOlderKeyDirectoryIsBroughtUpToDate) {
  MakeKey();
  Start();
  Create();
  Stop();
  std::filesystem::copy_file(KeyFile(".signed"), KeyFile(".old"));
  Start();
  const uint64_t size = Grow();
  ASSERT_THAT(Signed(size), IsOk());
  Stop();
  std::filesystem::rename(KeyFile(".old"), KeyFile(".signed"));
  Start();
  ASSERT_THAT((*Find())->Newest(), IsOk());
  EXPECT_EQ((*key_directory_->ReadSigned(kLedgerId))->head.size, LogSize(size));
}

TEST_F(LedgerPublisherTest, TheKeyMustBeTheOneThatTheLedgerNames) {
  MakeKey();
  Start();
  Create();
  Stop();
  std::filesystem::remove(KeyFile(".key"));
  Start();
  EXPECT_THAT(
      (*Find())->Newest(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no key")));
  Stop();
  MakeKey();
  Start();
  EXPECT_THAT((*Find())->Newest(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the ledger names")));
}

TEST_F(LedgerPublisherTest, WhatOthersMayReadSignsNothing) {
  MakeKey();
  Start();
  Create();
  Stop();
  std::filesystem::permissions(KeyFile(".key"),
                               std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  Start();
  EXPECT_THAT(
      (*Find())->Newest(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("chmod 600")));
}

TEST_F(LedgerPublisherTest, ADamagedCheckpointIsNamedAndNothingIsSigned) {
  MakeKey();
  Start();
  Create();
  auto kept = Signed(Grow());
  ASSERT_THAT(kept, IsOk());
  (*kept->mutable_note())[kept->note().find('\n') + 4] ^= 1;
  ASSERT_THAT((*directory_->OpenLedger(kLedgerId))
                  ->WriteSide({{storage::Space::kCheckpoint,
                                PositionBytes(Position(kept->size())),
                                kept->SerializeAsString()}}),
              IsOk());
  EXPECT_THAT((*Find())->List(LogSize(UINT64_MAX), 10),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("of size 4")));
  Start();
  EXPECT_THAT((*Find())->Newest(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("of size 4")));
}

// The folder of the keys can not be written to: nothing may be signed, and it
// goes on by itself.
TEST_F(LedgerPublisherTest, NothingIsSignedThatCanNotBeKept) {
  MakeKey();
  Start();
  Create();
  ASSERT_THAT(Signed(1), IsOk());
  const std::filesystem::path away = temporary_.path() / "away";
  std::filesystem::rename(keys(), away);
  const uint64_t size = Grow();
  const auto failed = Signed(size);
  EXPECT_FALSE(failed.ok());
  EXPECT_FALSE(absl::IsDataLoss(failed.status())) << failed.status();
  std::filesystem::rename(away, keys());
  // An attempt may just have failed.
  while (!Signed(size).ok()) {
  }
}

TEST_F(LedgerPublisherTest, CosignaturesStandBesideTheSignature) {
  const checkpoint::VerifierKey key = MakeKey();
  Start();
  Create();
  const auto newest = (*Find())->Newest();
  ASSERT_THAT(newest, IsOk());
  const auto note = checkpoint::ParseNote(newest->note());
  auto seed = checkpoint::Ed25519Seed::FromBytes(std::string(32, 'w'));
  const auto witness = checkpoint::SignerKey::Create(
      "witness.example/1", checkpoint::KeyType::kCosignature, *std::move(seed));
  ASSERT_THAT(witness, IsOk());
  for (const uint64_t seconds :
       {1'700'000'000u, 1'700'000'000u, 1'700'000'001u}) {
    const auto line =
        witness->Cosign(note->text, checkpoint::UnixSeconds(seconds));
    ASSERT_THAT((*Find())->AddCosignatures(
                    LogSize(1), checkpoint::FormatSignatureLine(*line)),
                IsOk());
  }
  const auto cosigned = checkpoint::ParseNote((*Find())->Newest()->note());
  ASSERT_THAT(cosigned, IsOk());
  ASSERT_EQ(cosigned->signatures.size(), 2u);
  const auto opened = checkpoint::OpenCheckpoint(
      *cosigned, key,
      std::vector<checkpoint::VerifierKey>{witness->verifier()});
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->witnesses[0].time, checkpoint::UnixSeconds(1'700'000'001));
  EXPECT_THAT(
      (*Find())->AddCosignatures(
          LogSize(7), checkpoint::FormatSignatureLine(cosigned->signatures[1])),
      StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace daybook::services
