// What EventLog does about damaged files: a write torn by a loss of power is
// forgotten, and everything else is DATA_LOSS, at Open or when it is read, and
// never a shorter log. The files are damaged here byte by byte.

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "storage/event_log.h"
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

class EventLogDamageTest : public EventLogTest {
 protected:
  // Appends entries of these sizes, one by one, and closes the log. Afterwards
  // `wal_` is the write-ahead log, `bytes_` its content, and `records_` where
  // each record begins, then the end.
  void Write(const std::vector<size_t>& sizes) {
    Open();
    wal_ = NewestFile(".log");
    records_ = {0};
    for (size_t i = 0; i < sizes.size(); ++i) {
      Append(std::string(sizes[i], static_cast<char>('a' + i)));
      records_.push_back(std::filesystem::file_size(wal_));
    }
    Close();
    bytes_ = ReadFile(wal_);
  }

  void Remove() {
    Close();
    std::filesystem::remove_all(options_.directory);
  }

  void ExpectDataLossAndUntouched(const std::string& damaged) {
    WriteFile(wal_, damaged);
    EXPECT_THAT(TryOpen(),
                StatusIs(absl::StatusCode::kDataLoss,
                         AllOf(HasSubstr(wal_.string()), HasSubstr("backup"))));
    // Not EXPECT_EQ: it would print both.
    EXPECT_TRUE(ReadFile(wal_) == damaged);
    WriteFile(wal_, bytes_);
  }

  std::string Flipped(size_t at) const {
    std::string damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    return damaged;
  }

  // Runs `change` on the closed log's RocksDB.
  template <typename Change>
  void ChangeDatabase(Change change) {
    const std::filesystem::path path = options_.directory / "rocksdb";
    std::vector<std::string> names;
    ASSERT_TRUE(
        rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &names)
            .ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) {
      families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open(rocksdb::DBOptions(), path, families, &handles, &db)
            .ok());
    for (rocksdb::ColumnFamilyHandle* handle : handles) {
      if (handle->GetName() == "entries") change(*db, handle);
    }
    for (rocksdb::ColumnFamilyHandle* handle : handles) {
      ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    }
    delete db;
  }

  void DeleteEntry(char position) {
    ChangeDatabase([&](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* entries) {
      ASSERT_TRUE(db.Delete(rocksdb::WriteOptions(), entries,
                            std::string(7, '\0') + position)
                      .ok());
    });
  }

  std::filesystem::path wal_;
  std::string bytes_;
  std::vector<size_t> records_;
};

TEST_F(EventLogDamageTest, FlippedBitAnywhereIsDataLossAndNothingIsCut) {
  Write({20, 30, 40});
  for (size_t at = 0; at < bytes_.size(); ++at) {
    SCOPED_TRACE(absl::StrCat("byte ", at));
    ExpectDataLossAndUntouched(Flipped(at));
  }
}

TEST_F(EventLogDamageTest, FlippedBitInALongRecordIsDataLoss) {
  Write({60'000, 60'000, 60'000});
  for (size_t at = 0; at < bytes_.size(); at += 1'237) {
    SCOPED_TRACE(absl::StrCat("byte ", at));
    ExpectDataLossAndUntouched(Flipped(at));
  }
}

TEST_F(EventLogDamageTest, ZerosBeforeALaterRecordAreDataLoss) {
  Write({2'000, 2'000, 60'000, 2'000});
  for (size_t record = 0; record + 1 < records_.size() - 1; ++record) {
    SCOPED_TRACE(absl::StrCat("record ", record));
    std::string damaged = bytes_;
    for (size_t at = records_[record]; at < records_[record + 1]; ++at) {
      damaged[at] = '\0';
    }
    ExpectDataLossAndUntouched(damaged);
  }
}

TEST_F(EventLogDamageTest, RecordThatEndsEarlyIsForgottenWhereverItEnds) {
  Write({20, 30, 40});
  for (size_t end = records_[2]; end < records_[3]; ++end) {
    SCOPED_TRACE(absl::StrCat("ends at ", end));
    const std::filesystem::path copy = parent_.path() / "copy";
    std::filesystem::copy(options_.directory, copy,
                          std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(wal_, end);
    Open();
    EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre(std::string(20, 'a'),
                                                    std::string(30, 'b'))));
    EXPECT_THAT(log_->Append(LogSize(2), {"again"}, {}), IsOk());
    Close();
    std::filesystem::remove_all(options_.directory);
    std::filesystem::rename(copy, options_.directory);
  }
}

TEST_F(EventLogDamageTest, RecordOfManyBlocksThatEndsEarlyIsForgotten) {
  for (const size_t kept : {5u, 1'000u, 40'000u, 64'000u}) {
    SCOPED_TRACE(absl::StrCat(kept, " bytes kept"));
    Remove();
    Write({32'000, 65'000});
    std::filesystem::resize_file(wal_, records_[1] + kept);
    Open();
    EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre(std::string(32'000, 'a'))));
  }
}

TEST_F(EventLogDamageTest, RecordWithSectorsMissingIsForgotten) {
  for (const size_t missing : {1u, 2u, 40u}) {
    SCOPED_TRACE(absl::StrCat("sector ", missing));
    Remove();
    Write({100, 60'000});
    std::string torn = bytes_;
    for (size_t i = 0; i < 512; ++i) torn[missing * 512 + i] = '\0';
    WriteFile(wal_, torn);
    Open();
    EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre(std::string(100, 'a'))));
  }
}

TEST_F(EventLogDamageTest, ZerosAtTheEndAreForgotten) {
  Write({20});
  WriteFile(wal_, bytes_ + std::string(100'000, '\0'));
  Open();
  EXPECT_THAT(ReadAll(), IsOkAndHolds(ElementsAre(std::string(20, 'a'))));
}

TEST_F(EventLogDamageTest, DamagedManifestIsDataLoss) {
  Write({20});
  wal_ = options_.directory / "rocksdb" /
         ReadFile(options_.directory / "rocksdb" / "CURRENT");
  wal_ = wal_.string().substr(0, wal_.string().size() - 1);
  bytes_ = ReadFile(wal_);
  ExpectDataLossAndUntouched(Flipped(bytes_.size() / 2));
}

TEST_F(EventLogDamageTest, MissingManifestIsDataLossAndNoNewLog) {
  Write({20});
  std::filesystem::remove(options_.directory / "rocksdb" / "CURRENT");
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_FALSE(
      std::filesystem::exists(options_.directory / "rocksdb" / "CURRENT"));
}

TEST_F(EventLogDamageTest, MissingTableIsDataLoss) {
  Write({20});
  Open();
  Close();
  ASSERT_TRUE(std::filesystem::remove(NewestFile(".sst")));
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(EventLogDamageTest, FlippedBitOfAnEntryInATableIsDataLossWhenRead) {
  // Each longer than a block of a table, and not to be compressed. Opening
  // looks at the ends.
  std::mt19937 random(1);
  std::vector<std::string> entries(5, std::string(60'000, '\0'));
  for (std::string& entry : entries) {
    for (char& byte : entry) byte = static_cast<char>(random());
  }
  Open();
  ASSERT_THAT(log_->Append(LogSize(0), entries, {}), IsOk());
  Open();
  Close();
  size_t found = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(options_.directory / "rocksdb")) {
    std::string bytes = ReadFile(file.path());
    const size_t at = bytes.find(entries[2].substr(30'000, 100));
    if (file.path().extension() != ".sst" || at == std::string::npos) continue;
    ++found;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    WriteFile(file.path(), bytes);
  }
  ASSERT_EQ(found, 1u);
  Open();
  const auto intact = log_->Read(Position(1));
  EXPECT_TRUE(intact.ok() && *intact == entries[1]);
  EXPECT_THAT(log_->Read(Position(2)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("entry 2")));
  EXPECT_THAT(ReadAll(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("entry 2")));
}

TEST_F(EventLogDamageTest, MissingEntryIsDataLossWhenItIsReached) {
  Write({1, 1, 1, 1});
  DeleteEntry(2);
  Open();
  std::vector<std::string> seen;
  EXPECT_THAT(
      log_->Scan(Position(0), Position(4),
                 [&](Position, absl::string_view entry) {
                   seen.emplace_back(entry.data(), entry.size());
                   return absl::OkStatus();
                 }),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("entry 2 is missing")));
  EXPECT_THAT(seen, ElementsAre("a", "b"));
  EXPECT_THAT(log_->Read(Position(2)), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(log_->Read(Position(3)), IsOkAndHolds("d"));
}

TEST_F(EventLogDamageTest, MissingFirstOrLastEntryIsDataLossAtOpen) {
  Write({1, 1, 1});
  DeleteEntry(2);
  EXPECT_THAT(TryOpen(),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("says 3 entries, found 0 up to before 2")));
  Remove();
  Write({1, 1, 1});
  DeleteEntry(0);
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kDataLoss,
                                  HasSubstr("found 1 up to before 3")));
}

TEST_F(EventLogDamageTest, EntryAfterTheLastIsDataLossAtOpen) {
  Write({1});
  ChangeDatabase([](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* entries) {
    ASSERT_TRUE(db.Put(rocksdb::WriteOptions(), entries,
                       std::string(7, '\0') + '\1', "stray")
                    .ok());
  });
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace daybook::storage
