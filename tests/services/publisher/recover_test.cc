// A restored backup catches up from an export, or from nothing at all.

#include "services/publisher/recover.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/check.h"
#include "core/merkle/tile.h"
#include "gmock/gmock.h"
#include "services/engine/real_clock.h"
#include "tests/services/publisher/publisher_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::services {
namespace {

using daybook::testing::IsOk;
using daybook::testing::StatusIs;
using ::testing::HasSubstr;

class RecoverTest : public PublisherTest {
 protected:
  // Checkpoint and bundles of the ledger as it stands.
  void Export(const std::string& name) {
    const LedgerEngine& engine = **registry_->Find(kLedgerId);
    const auto signed_now = Signed(engine.size().value());
    ASSERT_THAT(signed_now, IsOk());
    const std::filesystem::path folder = temporary_.path() / name;
    const LogSize size(signed_now->size());
    Write(folder / "checkpoint", signed_now->note());
    for (const merkle::Bundle& bundle :
         merkle::BundlesToPublish(LogSize(0), size)) {
      Write(folder / merkle::BundlePath(bundle),
            *engine.tree().ReadBundle(bundle));
    }
  }

  static void Write(const std::filesystem::path& path,
                    const std::string& bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }

  absl::StatusOr<Recovery> Recovered(const std::string& name) {
    Stop();
    auto keys = KeyDirectory::Open(this->keys(), KeyDirectory::Use::kSigning);
    DAYBOOK_CHECK(keys.ok());
    auto data = storage::DataDirectory::Open(this->data());
    DAYBOOK_CHECK(data.ok());
    return Recover(**data, **keys, kLedgerId, temporary_.path() / name,
                   RealClock());
  }

  // A ledger that was backed up, grew, was exported, and is as it was then.
  void LoseEntries(int more) {
    MakeKey();
    Start();
    Create();
    backed_up_ = Grow(20);
    ASSERT_THAT(Signed(backed_up_), IsOk());
    Stop();
    BackUp("backup");
    Start();
    size_ = Grow(more);
    head_ = (*registry_->Find(kLedgerId))->tree().Head();
    Export("export");
    Stop();
    Restore("backup");
  }

  uint64_t backed_up_ = 0;
  uint64_t size_ = 0;
  merkle::TreeHead head_{LogSize(0), merkle::Hash()};
};

TEST_F(RecoverTest, TheMissingEntriesComeBackByteForByte) {
  LoseEntries(700);
  const auto recovery = Recovered("export");
  ASSERT_THAT(recovery, IsOk());
  EXPECT_EQ(recovery->before, LogSize(backed_up_));
  EXPECT_EQ(recovery->after, LogSize(size_));
  EXPECT_EQ(recovery->last_signed, LogSize(size_));
  Start();
  LedgerEngine& engine = **registry_->Find(kLedgerId);
  EXPECT_EQ(engine.tree().Head(), head_);
  // What lies beside the log knows them.
  EXPECT_TRUE((*engine.FindEvent(kSource, "voucher-700")).has_value());
  EXPECT_THAT(Signed(Grow()), IsOk());
  EXPECT_THAT(
      Recovered("export"),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("lacks none")));
}

TEST_F(RecoverTest, AnExportThatIsNotTheWholeSaysSo) {
  MakeKey();
  Start();
  Create();
  Grow(5);
  ASSERT_THAT(Signed(8), IsOk());
  Stop();
  BackUp("backup");
  Start();
  Grow(5);
  Export("export");
  ASSERT_THAT(Signed(Grow(5)), IsOk());
  Stop();
  Restore("backup");
  const auto recovery = Recovered("export");
  ASSERT_THAT(recovery, IsOk());
  EXPECT_EQ(recovery->after, LogSize(13));
  EXPECT_EQ(recovery->last_signed, LogSize(18));
  Start();
  EXPECT_THAT(registry_->Find(kLedgerId),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(RecoverTest, AChangedEntryIsNotAppended) {
  LoseEntries(700);
  const std::filesystem::path bundle =
      temporary_.path() / "export" / "tile" / "entries" / "001";
  std::string bytes(std::filesystem::file_size(bundle), '\0');
  std::ifstream(bundle, std::ios::binary)
      .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const size_t at = bytes.find("voucher-");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'V';
  Write(bundle, bytes);
  EXPECT_THAT(Recovered("export"), StatusIs(absl::StatusCode::kDataLoss));
  std::filesystem::remove(bundle);
  EXPECT_THAT(Recovered("export"), StatusIs(absl::StatusCode::kNotFound));
  Start(true, true);
  EXPECT_EQ((*registry_->Find(kLedgerId))->size(), LogSize(backed_up_));
}

TEST_F(RecoverTest, AnExportOfOthersIsNotAppended) {
  LoseEntries(10);
  const std::filesystem::path checkpoint =
      temporary_.path() / "export" / "checkpoint";
  Write(checkpoint, "no checkpoint\n");
  EXPECT_THAT(Recovered("export"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  Write(checkpoint,
        "daybook.local/ledgers/430203\n99\n"
        "gTvaOkIAD4KUtqlU6oN5LC3vrmUkbvdgr5/dU699Rjg=\n\n"
        "\xE2\x80\x94 someone AAAAAAAA\n");
  EXPECT_THAT(Recovered("export"),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(RecoverTest, AKeyThatIsRotatedAmongTheMissingEntriesIsKnown) {
  MakeKey();
  Start();
  Create();
  ASSERT_THAT(Signed(Grow()), IsOk());
  Stop();
  BackUp("backup");
  Start();
  MakeKey(KeyRole::kNext);
  ASSERT_THAT(publishers_->RotateKey(kLedgerId, "local", "why not"), IsOk());
  const uint64_t size = Grow();
  Export("export");
  Stop();
  Restore("backup");
  ASSERT_THAT(Recovered("export"), IsOk());
  Start();
  EXPECT_THAT(Signed(size), IsOk());
}

}  // namespace
}  // namespace daybook::services
