#include "services/publisher/kept_checkpoints.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/check.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/entry_codec.h"
#include "storage/data_directory.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using daybook::testing::IsOk;
using daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KeptCheckpointsTest : public ::testing::Test {
 protected:
  KeptCheckpointsTest() {
    auto opened = storage::DataDirectory::Open(temporary_.path() / "data");
    DAYBOOK_CHECK(opened.ok());
    directory_ = *std::move(opened);
    const auto log = directory_->CreateLedger("1", "genesis");
    DAYBOOK_CHECK(log.ok());
    log_ = *log;
  }

  static v1::Checkpoint Of(uint64_t size, const char* note = "note") {
    v1::Checkpoint checkpoint;
    checkpoint.set_size(size);
    checkpoint.set_note(note);
    return checkpoint;
  }

  static std::vector<uint64_t> SizesOf(const KeptCheckpoints& kept,
                                       uint64_t before = UINT64_MAX,
                                       size_t count = 100) {
    const auto list = kept.List(LogSize(before), count);
    EXPECT_THAT(list, IsOk());
    std::vector<uint64_t> sizes;
    for (const v1::Checkpoint& c : *list) sizes.push_back(c.size());
    return sizes;
  }

  testing::TemporaryDirectory temporary_;
  std::unique_ptr<storage::DataDirectory> directory_;
  storage::EventLog* log_ = nullptr;
};

TEST_F(KeptCheckpointsTest, TheNewestAreKept) {
  KeptCheckpoints kept(*log_, 3);
  EXPECT_THAT(SizesOf(kept), IsEmpty());
  for (const uint64_t size : {1u, 2u, 300u}) {
    ASSERT_THAT(kept.Put(Of(size)), IsOk());
  }
  EXPECT_THAT(SizesOf(kept), ElementsAre(300, 2, 1));
  ASSERT_THAT(kept.Put(Of(70'000)), IsOk());
  EXPECT_THAT(SizesOf(kept), ElementsAre(70'000, 300, 2));
  // Also by whoever opens them again.
  KeptCheckpoints again(*log_, 3);
  ASSERT_THAT(again.Put(Of(70'001)), IsOk());
  EXPECT_THAT(SizesOf(again), ElementsAre(70'001, 70'000, 300));
}

TEST_F(KeptCheckpointsTest, PagesGoFromTheLargest) {
  KeptCheckpoints kept(*log_);
  for (uint64_t size = 1; size < 6; ++size) {
    ASSERT_THAT(kept.Put(Of(size)), IsOk());
  }
  EXPECT_THAT(SizesOf(kept, 4, 2), ElementsAre(3, 2));
  EXPECT_THAT(SizesOf(kept, 1), IsEmpty());
  EXPECT_THAT(SizesOf(kept, 0), IsEmpty());
}

TEST_F(KeptCheckpointsTest, AnotherOfTheSameSizeTakesItsPlace) {
  KeptCheckpoints kept(*log_, 2);
  ASSERT_THAT(kept.Put(Of(1)), IsOk());
  ASSERT_THAT(kept.Put(Of(2)), IsOk());
  ASSERT_THAT(kept.Put(Of(1, "cosigned")), IsOk());
  EXPECT_THAT(SizesOf(kept), ElementsAre(2, 1));
  EXPECT_EQ((*kept.Find(LogSize(1)))->note(), "cosigned");
  EXPECT_FALSE((*kept.Find(LogSize(3))).has_value());
}

TEST_F(KeptCheckpointsTest, DamageIsNamed) {
  KeptCheckpoints kept(*log_);
  const auto put = [&](const std::string& value) {
    ASSERT_THAT(log_->WriteSide({{storage::Space::kCheckpoint,
                                  PositionBytes(Position(5)), value}}),
                IsOk());
    EXPECT_THAT(kept.Find(LogSize(5)),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("size 5")));
    EXPECT_THAT(kept.List(LogSize(9), 1),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("size 5")));
  };
  put("\xff");
  put(Of(6).SerializeAsString());
}

}  // namespace
}  // namespace daybook::services
