// What an export promises: the files of the layout, whole or not at all, never
// a checkpoint that they do not cover; it can be broken off at any moment and
// goes on, grows with the ledger, and refuses what would not verify.

#include "clients/audit/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/audit/directory_fetcher.h"
#include "clients/audit/layout_check.h"
#include "clients/audit/verify.h"
#include "tests/clients/audit/signed_ledger.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;

class ExportTest : public ::testing::Test {
 protected:
  absl::StatusOr<Exported> ExportOf(
      Fetcher& fetcher, std::vector<std::string> older_checkpoints = {}) {
    ExportOptions options;
    options.folder = folder();
    options.older_checkpoints = std::move(older_checkpoints);
    if (with_personal_data_) {
      options.personal =
          [this](Position position,
                 uint32_t) -> absl::StatusOr<std::optional<PersonalRow>> {
        if (erased_.contains(position.value())) {
          return std::optional<PersonalRow>();
        }
        return ledger_.personal(position.value());
      };
      options.find_event = [this](const v1::EventIdentity& identity)
          -> absl::StatusOr<std::optional<Position>> {
        for (uint64_t i = 1; i < ledger_.size(); ++i) {
          const v1::Entry& entry = ledger_.entry(i);
          if (entry.source() == identity.source() &&
              entry.event().event_id() == identity.event_id()) {
            return std::optional<Position>(i);
          }
        }
        return std::optional<Position>();
      };
    }
    return Export(fetcher, options);
  }

  absl::StatusOr<Exported> ExportAt(uint64_t size) {
    MemoryFetcher fetcher(ledger_.Files(size));
    return ExportOf(fetcher);
  }

  // Of the folder as a whole.
  std::vector<std::string> Findings() {
    audit::Findings findings;
    DirectoryFetcher fetcher(folder());
    PersonalFolder personal(fetcher, findings);
    VerifyOptions options{.key = TestKey().verifier()};
    if (!fetcher.List("personal")->empty()) options.personal = &personal;
    Verification verification(fetcher, options, findings);
    const auto older = ReadOlderCheckpoints(fetcher, findings);
    EXPECT_TRUE(older.ok());
    const absl::Status status = verification.Run(*older);
    std::vector<std::string> limits;
    if (status.ok()) {
      EXPECT_TRUE(CheckLayout({.folder = fetcher,
                               .size = verification.size(),
                               .signer = verification.signer(),
                               .older = *older,
                               .findings = findings},
                              limits)
                      .ok());
    }
    std::vector<std::string> texts;
    for (const Finding& finding : findings.Sorted()) {
      texts.push_back(FindingText(finding));
    }
    return texts;
  }

  bool Has(const std::string& file) const {
    return std::filesystem::exists(folder() / file);
  }

  std::filesystem::path folder() const { return directory_.path() / "export"; }

  testing::TemporaryDirectory directory_;
  SignedLedger ledger_ = SignedLedger::OfLoad(700);
  bool with_personal_data_ = false;
  std::set<uint64_t> erased_;
};

TEST_F(ExportTest, WritesTheLayoutAndTheKey) {
  const auto exported = ExportAt(700);
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->verifier_key, ledger_.vkey());
  for (const auto& [path, content] : ledger_.Files(700)) {
    EXPECT_EQ(*DirectoryFetcher(folder()).Read(path), content) << path;
  }
  EXPECT_EQ(*DirectoryFetcher(folder()).Read("vkey"), ledger_.vkey() + "\n");
  EXPECT_FALSE(Has("personal"));
  EXPECT_FALSE(Has(".unfinished"));
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(ExportTest, GrowsWithTheLedgerAndKeepsWhatIsThere) {
  uint64_t before = 0;
  for (const uint64_t size : {1, 200, 256, 300, 300, 700}) {
    const auto exported = ExportAt(size);
    ASSERT_TRUE(exported.ok()) << exported.status();
    EXPECT_EQ(exported->size_before, before);
    EXPECT_THAT(Findings(), IsEmpty()) << size;
    before = size;
  }
  EXPECT_TRUE(Has("checkpoints/200"));
  EXPECT_TRUE(Has("tile/0/000.p/200"));
  EXPECT_TRUE(Has("tile/0/000"));
}

TEST_F(ExportTest, BrokenOffAnywhereItHasNoCheckpointAndGoesOn) {
  for (int64_t reads = 0;; ++reads) {
    std::filesystem::remove_all(folder());
    MemoryFetcher fetcher(ledger_.Files(700));
    fetcher.reads_left = reads;
    const auto first = ExportOf(fetcher);
    if (first.ok()) break;
    EXPECT_THAT(first, StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_FALSE(Has("checkpoint"));
    fetcher.reads_left = INT64_MAX;
    ASSERT_TRUE(ExportOf(fetcher).ok());
    EXPECT_THAT(Findings(), IsEmpty());
  }
}

TEST_F(ExportTest, BrokenOffWhileItGrowsTheOlderCheckpointHolds) {
  for (int64_t reads = 1;; ++reads) {
    std::filesystem::remove_all(folder());
    ASSERT_TRUE(ExportAt(300).ok());
    MemoryFetcher fetcher(ledger_.Files(700));
    fetcher.reads_left = reads;
    if (ExportOf(fetcher).ok()) break;
    EXPECT_EQ(*DirectoryFetcher(folder()).Read("checkpoint"),
              ledger_.Checkpoint(300));
    EXPECT_THAT(Findings(), IsEmpty()) << reads;
  }
}

TEST_F(ExportTest, AHistoryThatDoesNotContinueIsRefused) {
  ASSERT_TRUE(ExportAt(300).ok());
  SignedLedger other = SignedLedger::OfLoad(700);
  other.Change(20, [](v1::Entry& entry) { entry.set_principal("other"); });
  MemoryFetcher fetcher(other.Files(700));
  EXPECT_THAT(ExportOf(fetcher), StatusIs(absl::StatusCode::kDataLoss,
                                          HasSubstr("not continued")));
  MemoryFetcher shorter(ledger_.Files(299));
  EXPECT_THAT(ExportOf(shorter), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(ExportTest, WhatDoesNotVerifyGetsNoCheckpoint) {
  for (const std::string path :
       {"tile/entries/001", "tile/0/001", "tile/1/000.p/2", "checkpoint"}) {
    std::filesystem::remove_all(folder());
    MemoryFetcher fetcher(ledger_.Files(700));
    fetcher.files.at(path)[40] ^= 1;
    EXPECT_FALSE(ExportOf(fetcher).ok()) << path;
    EXPECT_FALSE(Has("checkpoint")) << path;
  }
}

TEST_F(ExportTest, APersonalValueIsErasedInTheExportToo) {
  with_personal_data_ = true;
  ASSERT_TRUE(ExportAt(700).ok());
  EXPECT_THAT(Findings(), IsEmpty());
  uint64_t target = 1;
  while (!ledger_.personal(target).has_value()) ++target;
  v1::Entry erasure;
  erasure.set_source("accounting");
  erasure.mutable_event()->set_event_id("erase-1");
  erasure.mutable_event()->set_subject(ledger_.entry(target).event().subject());
  v1::PersonalDataErased& erased =
      *erasure.mutable_event()->mutable_personal_data_erased();
  erased.mutable_target()->set_source("accounting");
  erased.mutable_target()->set_event_id(
      ledger_.entry(target).event().event_id());
  ledger_.Force(erasure);
  const std::string path = PersonalPath(merkle::TileIndex(target / 256));
  const std::string before = *DirectoryFetcher(folder()).Read(path);
  erased_.insert(target);
  ASSERT_TRUE(ExportAt(ledger_.size()).ok());
  EXPECT_NE(*DirectoryFetcher(folder()).Read(path), before);
  EXPECT_THAT(Findings(), IsEmpty());
  // What is missing without an erasure is a finding.
  uint64_t lost = target + 1;
  while (!ledger_.personal(lost).has_value()) ++lost;
  erased_.insert(lost);
  std::filesystem::remove_all(folder());
  ASSERT_TRUE(ExportAt(ledger_.size()).ok());
  EXPECT_THAT(Findings(), ElementsAre(HasSubstr(absl::StrCat(
                              "position ", lost, ", personal data: missing"))));
}

TEST_F(ExportTest, AnotherLedgersFolderIsLeftAlone) {
  std::filesystem::create_directories(folder());
  std::ofstream(folder() / "checkpoint") << "my notes\n";
  EXPECT_THAT(ExportAt(700), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace daybook::audit
