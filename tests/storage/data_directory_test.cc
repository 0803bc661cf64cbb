// What DataDirectory promises: one process at a time, ledgers that are listed
// exactly when they have their genesis, and a directory of other things left as
// it was.

#include "storage/data_directory.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DataDirectoryTest : public ::testing::Test {
 protected:
  // Opens the directory, again if it is open.
  void Open() {
    directory_.reset();
    auto opened = DataDirectory::Open(path_);
    ASSERT_THAT(opened, IsOk());
    directory_ = *std::move(opened);
  }

  void WriteFile(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  const ::daybook::testing::TemporaryDirectory parent_;
  const std::filesystem::path path_ = parent_.path() / "data";
  std::unique_ptr<DataDirectory> directory_;
};

TEST_F(DataDirectoryTest, NewDirectoryHasNoLedgersAndSaysWhatItIs) {
  Open();
  EXPECT_THAT(directory_->ListLedgers(), IsOkAndHolds(ElementsAre()));
  EXPECT_EQ(ReadFile(path_ / "LAYOUT"), "daybook data directory, layout 1\n");
}

TEST_F(DataDirectoryTest, CreatedLedgerHoldsItsGenesis) {
  Open();
  const auto log = directory_->CreateLedger("430203", "genesis");
  ASSERT_THAT(log, IsOk());
  EXPECT_EQ((*log)->size(), LogSize(1));
  EXPECT_THAT((*log)->Read(Position(0)), IsOkAndHolds("genesis"));
}

TEST_F(DataDirectoryTest, LedgersAreListedInByteOrderAlsoAfterReopening) {
  Open();
  for (const char* id : {"b", "A-1", "430203", "a"}) {
    ASSERT_THAT(directory_->CreateLedger(id, "genesis"), IsOk());
  }
  EXPECT_THAT(directory_->ListLedgers(),
              IsOkAndHolds(ElementsAre("430203", "A-1", "a", "b")));
  Open();
  EXPECT_THAT(directory_->ListLedgers(),
              IsOkAndHolds(ElementsAre("430203", "A-1", "a", "b")));
}

TEST_F(DataDirectoryTest, OpenedLedgerStaysOpenAndIsTheSame) {
  Open();
  const auto created = directory_->CreateLedger("430203", "genesis");
  ASSERT_THAT(created, IsOk());
  EXPECT_THAT((*created)->Append(LogSize(1), {"a"}, {}), IsOk());
  EXPECT_THAT(directory_->OpenLedger("430203"), IsOkAndHolds(*created));
  Open();
  const auto opened = directory_->OpenLedger("430203");
  ASSERT_THAT(opened, IsOk());
  EXPECT_THAT((*opened)->Read(Position(1)), IsOkAndHolds("a"));
  EXPECT_THAT(directory_->OpenLedger("430203"), IsOkAndHolds(*opened));
}

TEST_F(DataDirectoryTest, LedgerThatWasNotCreatedIsNotFound) {
  Open();
  for (const char* id : {"430203", "", ".", "..", "../ledgers", "a/b"}) {
    EXPECT_THAT(directory_->OpenLedger(id),
                StatusIs(absl::StatusCode::kNotFound))
        << id;
  }
}

TEST_F(DataDirectoryTest, SecondCreationAlreadyExists) {
  Open();
  ASSERT_THAT(directory_->CreateLedger("430203", "genesis"), IsOk());
  EXPECT_THAT(directory_->CreateLedger("430203", "other"),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("430203")));
  Open();
  EXPECT_THAT(directory_->CreateLedger("430203", "other"),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT((*directory_->OpenLedger("430203"))->Read(Position(0)),
              IsOkAndHolds("genesis"));
}

TEST_F(DataDirectoryTest, IdOfOneAndOf32CharactersIsAcceptedAnd33IsNot) {
  Open();
  EXPECT_THAT(directory_->CreateLedger("a", "genesis"), IsOk());
  EXPECT_THAT(directory_->CreateLedger(std::string(32, 'a'), "genesis"),
              IsOk());
  EXPECT_THAT(directory_->CreateLedger(std::string(33, 'a'), "genesis"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(DataDirectoryTest, IdWithOtherCharactersIsRefused) {
  Open();
  for (const char* id : {"", ".", "..", "a/b", "a.new", "a b", "株洲", "_"}) {
    EXPECT_THAT(directory_->CreateLedger(id, "genesis"),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << id;
  }
}

TEST_F(DataDirectoryTest, CreationCutShortIsNotListedAndCanBeFinished) {
  Open();
  ASSERT_THAT(directory_->CreateLedger("430203", "unacknowledged"), IsOk());
  directory_.reset();
  // What a crash before the last step leaves.
  std::filesystem::rename(path_ / "ledgers" / "430203",
                          path_ / "ledgers" / "430203.new");
  Open();
  EXPECT_THAT(directory_->ListLedgers(), IsOkAndHolds(ElementsAre()));
  EXPECT_THAT(directory_->OpenLedger("430203"),
              StatusIs(absl::StatusCode::kNotFound));
  const auto log = directory_->CreateLedger("430203", "genesis");
  ASSERT_THAT(log, IsOk());
  EXPECT_THAT((*log)->Read(Position(0)), IsOkAndHolds("genesis"));
  EXPECT_THAT(directory_->ListLedgers(), IsOkAndHolds(ElementsAre("430203")));
}

TEST_F(DataDirectoryTest, OversizedGenesisIsRefusedAndCreatesNothing) {
  Open();
  EXPECT_THAT(directory_->CreateLedger("430203", std::string(65'536, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(directory_->ListLedgers(), IsOkAndHolds(ElementsAre()));
  EXPECT_THAT(directory_->CreateLedger("430203", std::string(65'535, 'x')),
              IsOk());
}

TEST_F(DataDirectoryTest, LogThatFailedToOpenIsTriedAgain) {
  Open();
  ASSERT_THAT(directory_->CreateLedger("430203", "genesis"), IsOk());
  Open();
  const std::filesystem::path layout = path_ / "ledgers" / "430203" / "LAYOUT";
  const std::string ours = ReadFile(layout);
  WriteFile(layout, "daybook event log, layout 1000\n");
  EXPECT_THAT(directory_->OpenLedger("430203"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("layout 1000")));
  WriteFile(layout, ours);
  EXPECT_THAT(directory_->OpenLedger("430203"), IsOk());
}

TEST_F(DataDirectoryTest, OfConcurrentCreationsOneWins) {
  Open();
  std::vector<absl::StatusCode> codes(4);
  std::vector<std::thread> creators;
  for (absl::StatusCode& code : codes) {
    creators.emplace_back([&] {
      code = directory_->CreateLedger("430203", "genesis").status().code();
    });
  }
  for (std::thread& creator : creators) creator.join();
  EXPECT_THAT(
      codes, ::testing::UnorderedElementsAre(absl::StatusCode::kOk,
                                             absl::StatusCode::kAlreadyExists,
                                             absl::StatusCode::kAlreadyExists,
                                             absl::StatusCode::kAlreadyExists));
}

TEST_F(DataDirectoryTest, SecondUserIsRefused) {
  Open();
  EXPECT_THAT(DataDirectory::Open(path_),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("another process uses "),
                             HasSubstr(path_.string()))));
  directory_.reset();
  EXPECT_THAT(DataDirectory::Open(path_), IsOk());
}

TEST_F(DataDirectoryTest, MissingParentIsNotFound) {
  EXPECT_THAT(DataDirectory::Open(parent_.path() / "absent" / "data"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DataDirectoryTest, DirectoryOfOtherThingsIsRefusedAndLeftAlone) {
  std::filesystem::create_directory(path_);
  WriteFile(path_ / "thesis.txt", "draft");
  EXPECT_THAT(
      DataDirectory::Open(path_),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("thesis.txt")));
  const std::filesystem::directory_iterator files(path_);
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(DataDirectoryTest, LogIsNoDataDirectory) {
  Open();
  ASSERT_THAT(directory_->CreateLedger("430203", "genesis"), IsOk());
  directory_.reset();
  EXPECT_THAT(DataDirectory::Open(path_ / "ledgers" / "430203"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("daybook event log, layout 7"),
                             HasSubstr("daybook data directory, layout 1"))));
}

TEST_F(DataDirectoryTest, UnknownLayoutIsRefusedNamingBothVersions) {
  Open();
  directory_.reset();
  WriteFile(path_ / "LAYOUT", "daybook data directory, layout 2\n");
  EXPECT_THAT(DataDirectory::Open(path_),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("layout 2"), HasSubstr("layout 1"))));
}

TEST_F(DataDirectoryTest, CreationOfTheDirectoryCutShortIsFinished) {
  std::filesystem::create_directory(path_);
  WriteFile(path_ / "LOCK", "");
  WriteFile(path_ / "LAYOUT.new", "daybook da");
  Open();
  EXPECT_EQ(ReadFile(path_ / "LAYOUT"), "daybook data directory, layout 1\n");
  EXPECT_FALSE(std::filesystem::exists(path_ / "LAYOUT.new"));
}

TEST_F(DataDirectoryTest, DirectoryWithoutPermissionIsRefused) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  std::filesystem::create_directory(path_);
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read);
  EXPECT_THAT(DataDirectory::Open(path_),
              StatusIs(absl::StatusCode::kPermissionDenied));
  std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace daybook::storage
