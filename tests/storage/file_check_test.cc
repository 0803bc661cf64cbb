// What CheckFiles promises: silence about sound files, also while the log is
// written to, and a word about every kind of file in which a byte was changed.

#include "storage/file_check.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/hash_index.h"
#include "tests/storage/event_log_fixture.h"
#include "tests/support/status_matchers.h"

namespace daybook::storage {
namespace {

using ::daybook::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FileCheckTest : public EventLogTest {
 protected:
  // A log with a table, a write-ahead log and a run of the index.
  FileCheckTest() {
    Open();
    for (int i = 0; i < 40; ++i) Append(std::string(1'000, 'x'));
    Open();
    Append(std::string(1'000, 'y'));
    HashIndexOptions options;
    options.directory = options_.directory / "index";
    options.memory_entries_max = 16;
    const auto index =
        HashIndex::Open(options, *shared_, log_->size(),
                        [](Position position) { return position.value(); });
    std::vector<uint64_t> hashes(41);
    for (size_t i = 0; i < hashes.size(); ++i)
      hashes[i] = i * 0x9e3779b97f4a7c15;
    EXPECT_TRUE((*index)->Add(Position(0), hashes).ok());
  }

  // Paths of what is damaged.
  std::vector<std::string> Damaged() {
    std::vector<std::string> damaged;
    uint64_t read_bytes = 0;
    const absl::Status checked =
        CheckFiles(options_.directory, *shared_, [&](const CheckedFile& file) {
          EXPECT_GE(file.read_bytes, read_bytes);
          EXPECT_LE(file.read_bytes, file.total_bytes);
          read_bytes = file.read_bytes;
          if (file.status.ok()) return true;
          EXPECT_THAT(file.status,
                      StatusIs(absl::StatusCode::kDataLoss,
                               HasSubstr(file.path.filename().string())));
          damaged.push_back(file.path.string());
          return true;
        });
    EXPECT_TRUE(checked.ok());
    return damaged;
  }

  void ExpectFound(const std::filesystem::path& path) {
    const std::string sound = ReadFile(path);
    ASSERT_GT(sound.size(), 100);
    for (const size_t at : {size_t{40}, sound.size() / 2}) {
      std::string damaged = sound;
      damaged[at] = static_cast<char>(damaged[at] ^ 1);
      WriteFile(path, damaged);
      EXPECT_THAT(Damaged(), ::testing::ElementsAre(path.string()))
          << "byte " << at;
    }
    WriteFile(path, sound);
    EXPECT_THAT(Damaged(), IsEmpty());
  }

  std::filesystem::path RunFile() const {
    return std::filesystem::directory_iterator(options_.directory / "index")
        ->path();
  }

  std::filesystem::path Manifest() const {
    for (const auto& file :
         std::filesystem::directory_iterator(options_.directory / "rocksdb")) {
      if (file.path().filename().string().starts_with("MANIFEST")) {
        return file.path();
      }
    }
    return {};
  }
};

TEST_F(FileCheckTest, SaysNothingOfSoundFiles) {
  EXPECT_THAT(Damaged(), IsEmpty());
  Append("more");
  EXPECT_THAT(Damaged(), IsEmpty());
}

TEST_F(FileCheckTest, FindsAChangedByteInEachKindOfFile) {
  ExpectFound(NewestFile(".sst"));
  ExpectFound(NewestFile(".log"));
  ExpectFound(Manifest());
  ExpectFound(RunFile());
}

TEST_F(FileCheckTest, EndsWhenItIsNoLongerWanted) {
  int files = 0;
  EXPECT_TRUE(CheckFiles(options_.directory, *shared_, [&](const CheckedFile&) {
                return ++files < 2;
              }).ok());
  EXPECT_EQ(files, 2);
}

}  // namespace
}  // namespace daybook::storage
