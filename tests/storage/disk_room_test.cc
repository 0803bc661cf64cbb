// What stays free on a disk, and what is said when it is full.

#include "storage/disk_room.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "storage/event_log_test_peer.h"
#include "storage/rocksdb_status.h"
#include "tests/storage/event_log_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kMib = uint64_t{1} << 20;

// A disk that has as much room as a test says.
class DiskOfSize : public rocksdb::EnvWrapper {
 public:
  DiskOfSize() : EnvWrapper(rocksdb::Env::Default()) {}

  rocksdb::Status GetFreeSpace(const std::string&, uint64_t* bytes) override {
    if (!tells) return rocksdb::Status::NotSupported();
    *bytes = free_bytes;
    return rocksdb::Status::OK();
  }

  uint64_t free_bytes = 0;
  bool tells = true;
};

TEST(DiskRoomTest, AtLeastTheReserveIsEnough) {
  DiskOfSize disk;
  disk.free_bytes = 64 * kMib;
  EXPECT_THAT(CheckDiskRoom("/data", 64 * kMib, disk), IsOk());
  disk.free_bytes = 64 * kMib - 1;
  EXPECT_THAT(
      CheckDiskRoom("/data", 64 * kMib, disk),
      StatusIs(absl::StatusCode::kResourceExhausted,
               AllOf(HasSubstr("nothing was recorded"), HasSubstr("/data"),
                     HasSubstr("64 MiB"), HasSubstr("63 are left"),
                     HasSubstr("make room"))));
}

TEST(DiskRoomTest, NothingNeedStayFree) {
  DiskOfSize disk;
  EXPECT_THAT(CheckDiskRoom("/data", 0, disk), IsOk());
}

TEST(DiskRoomTest, ADiskThatDoesNotSayHasRoom) {
  DiskOfSize disk;
  disk.tells = false;
  EXPECT_THAT(CheckDiskRoom("/data", 64 * kMib, disk), IsOk());
}

TEST(DiskRoomTest, AFullDiskIsSaidWhateverFailedOnIt) {
  EXPECT_THAT(ToStatus(rocksdb::Status::NoSpace("write"), "/data", "pray"),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       AllOf(HasSubstr("/data"), HasSubstr("disk is full"),
                             HasSubstr("make room"), Not(HasSubstr("pray")))));
  EXPECT_THAT(ToStatus(rocksdb::Status::IOError("write"), "/data", "pray"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("pray")));
}

TEST_F(EventLogTest, WhatALogWasRefusedForWantOfRoomItTakesOnceThereIsSome) {
  DiskOfSize disk;
  shared_ = std::make_unique<SharedResources>();
  EventLogTestPeer::UseEnv(disk, *shared_);
  options_.free_bytes_min = kMib;
  auto opened = TryOpen();
  ASSERT_THAT(opened, IsOk());
  log_ = *std::move(opened);
  EXPECT_THAT(log_->CheckDiskRoom(),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr(options_.directory.string())));
  disk.free_bytes = kMib;
  EXPECT_THAT(log_->CheckDiskRoom(), IsOk());
  Append("entry");
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre("entry")));
  Close();
  shared_.reset();
}

}  // namespace
}  // namespace daybook::storage
