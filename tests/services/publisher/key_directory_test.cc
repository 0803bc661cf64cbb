#include "services/publisher/key_directory.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/merkle/hash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/publisher/keygen.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using daybook::testing::IsOk;
using daybook::testing::IsOkAndHolds;
using daybook::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kId[] = "430203";

class KeyDirectoryTest : public ::testing::Test {
 protected:
  absl::StatusOr<checkpoint::VerifierKey> Make(KeyRole role = KeyRole::kCurrent,
                                               const std::string& origin = "") {
    return Keygen({path_, kId, role, origin});
  }
  std::unique_ptr<KeyDirectory> Open(
      KeyDirectory::Use use = KeyDirectory::Use::kKeys) {
    auto opened = KeyDirectory::Open(path_, use);
    EXPECT_THAT(opened, IsOk());
    return *std::move(opened);
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name) << text;
    std::filesystem::permissions(path_ / name, std::filesystem::perms(0600));
  }

  testing::TemporaryDirectory temporary_;
  const std::filesystem::path path_ = temporary_.path() / "keys";
};

TEST_F(KeyDirectoryTest, KeysAreTheirOwnersAlone) {
  const auto made = Make();
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->name(), "daybook.local/ledgers/430203");
  struct stat found = {};
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  const auto keys = Open();
  ASSERT_EQ(stat(keys->KeyPath(kId, KeyRole::kCurrent).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  EXPECT_EQ(keys->ReadKey(kId, KeyRole::kCurrent)->verifier(), *made);
  for (const int mode : {0640, 0604, 0620}) {
    std::filesystem::permissions(keys->KeyPath(kId, KeyRole::kCurrent),
                                 std::filesystem::perms(mode));
    EXPECT_THAT(keys->ReadKey(kId, KeyRole::kCurrent).status(),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         HasSubstr("chmod 600")));
  }
}

TEST_F(KeyDirectoryTest, AKeyIsMadeOnceAndFollowsItsLedger) {
  const auto first = Make(KeyRole::kCurrent, "example.gov/430203");
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Make().status(),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("--next")));
  const auto next = Make(KeyRole::kNext);
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->name(), "example.gov/430203");
  EXPECT_NE(next->public_key(), first->public_key());
  EXPECT_EQ(Open()->ReadKey(kId, KeyRole::kCurrent)->verifier(), *first);
}

TEST_F(KeyDirectoryTest, MalformedNamesMakeNoKey) {
  EXPECT_THAT(Keygen({path_, "../x", KeyRole::kCurrent, ""}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* origin : {"a b", "a+b", "http://x"}) {
    EXPECT_THAT(Make(KeyRole::kCurrent, origin).status(),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(KeyDirectoryTest, WhatIsNoKeyOfALogIsRefusedWithoutRepeatingIt) {
  ASSERT_THAT(Make(), IsOk());
  const auto keys = Open();
  EXPECT_THAT(keys->ReadKey(kId, KeyRole::kNext).status(),
              StatusIs(absl::StatusCode::kNotFound));
  Write("430203.next.key", "PRIVATE+KEY+secret\n");
  const auto broken = keys->ReadKey(kId, KeyRole::kNext);
  EXPECT_THAT(broken.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(std::string(broken.status().message()).find("secret"),
            std::string::npos);
}

TEST_F(KeyDirectoryTest, OneServerSignsAtATime) {
  ASSERT_THAT(Make(), IsOk());
  const auto signing = Open(KeyDirectory::Use::kSigning);
  EXPECT_THAT(KeyDirectory::Open(path_, KeyDirectory::Use::kSigning).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another process")));
  // Keys may be made meanwhile.
  EXPECT_THAT(Make(KeyRole::kNext), IsOk());
  EXPECT_THAT(
      KeyDirectory::Open(temporary_.path() / "none", KeyDirectory::Use::kKeys)
          .status(),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("keygen")));
}

TEST_F(KeyDirectoryTest, WhatWasSignedIsKeptAsACheckpointsText) {
  ASSERT_THAT(Make(), IsOk());
  const auto keys = Open();
  // A new key has signed nothing.
  EXPECT_EQ((*keys->ReadSigned(kId))->head.size, LogSize(0));
  const checkpoint::Checkpoint last{
      "example.gov/430203", {LogSize(7), merkle::LeafHash("x")}, {}};
  ASSERT_THAT(keys->WriteSigned(kId, last), IsOk());
  EXPECT_EQ(**keys->ReadSigned(kId), last);
  EXPECT_FALSE((*keys->ReadSigned("1")).has_value());
  Write("430203.signed", "example.gov/430203\n7\n");
  EXPECT_THAT(
      keys->ReadSigned(kId).status(),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("adopt")));
}

TEST_F(KeyDirectoryTest, ALedgerIsNotBehindWhatWasSigned) {
  ASSERT_THAT(Make(), IsOk());
  const auto keys = Open();
  ASSERT_THAT(
      keys->WriteSigned(kId, {"o", {LogSize(7), merkle::LeafHash("x")}, {}}),
      IsOk());
  EXPECT_THAT(CheckNotBehind(*keys, kId, "o", LogSize(6)),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(CheckNotBehind(*keys, kId, "o", LogSize(7)), IsOk());
  EXPECT_THAT(CheckNotBehind(*keys, kId, "another", LogSize(6)), IsOk());
  EXPECT_THAT(CheckNotBehind(*keys, "1", "o", LogSize(0)), IsOk());
}

TEST_F(KeyDirectoryTest, KeysLieApartFromTheData) {
  const std::filesystem::path base = temporary_.path();
  for (const char* inside : {"data", "data/", "data/keys", "x/../data/keys"}) {
    EXPECT_THAT(CheckApart(base / inside, base / "data"),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << inside;
    EXPECT_THAT(CheckApart(base / inside, base / "data/"),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << inside;
  }
  for (const char* outside : {"keys", "data-keys", "data/../keys"}) {
    EXPECT_THAT(CheckApart(base / outside, base / "data"), IsOk()) << outside;
  }
  std::filesystem::create_directory(base / "data");
  std::filesystem::create_directory_symlink(base / "data", base / "link");
  EXPECT_THAT(CheckApart(base / "link" / "keys", base / "data"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace daybook::services
