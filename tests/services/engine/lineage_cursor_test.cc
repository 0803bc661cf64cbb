// LineageCursor: what is stored and what waits are one, whichever way it moves,
// and of a block that was stored meanwhile the longer counts.

#include "services/engine/lineage_cursor.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "gtest/gtest.h"
#include "services/engine/lineage_keys.h"
#include "tests/support/luck.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {
namespace {

using storage::Space;
using testing::Luck;

constexpr char subject[] = "subject";

class LineageCursorTest : public ::testing::Test {
 protected:
  LineageCursorTest() {
    storage::EventLogOptions options;
    options.directory = temporary_.path() / "log";
    auto log = storage::EventLog::Open(options, shared_);
    DAYBOOK_CHECK(log.ok());
    log_ = *std::move(log);
  }

  void Store(const std::string& key, const std::string& value) {
    ASSERT_TRUE(log_->WriteSide({{Space::kLineage, key, value}}).ok());
  }

  static void Wait(uint32_t bucket, uint64_t first, size_t stored_bytes,
                   const std::string& bytes, LineageOverlay& overlay) {
    overlay.parts.push_back({bucket, Position(first), stored_bytes,
                             overlay.bytes.size(), bytes.size()});
    overlay.bytes += bytes;
  }

  std::unique_ptr<LineageCursor> Cursor(const LineageOverlay& overlay) {
    return std::make_unique<LineageCursor>(subject, overlay,
                                           log_->NewCursor(Space::kLineage));
  }

  // Where it stands, or why it does not.
  static std::string At(const LineageCursor& cursor) {
    if (!cursor.valid()) {
      return cursor.status().ok() ? "nowhere" : cursor.status().ToString();
    }
    return absl::StrCat(cursor.key(), "=", cursor.value());
  }

  testing::TemporaryDirectory temporary_;
  storage::SharedResources shared_;
  std::unique_ptr<storage::EventLog> log_;
};

TEST_F(LineageCursorTest, OfABlockThatWasStoredMeanwhileTheLongerCounts) {
  const std::string key = BlockKey(subject, 7, Position(9));
  LineageOverlay overlay;
  Wait(7, 9, 3, "def", overlay);
  for (const auto& [stored, value] :
       std::vector<std::pair<std::string, std::string>>{
           {"abc", "abcdef"}, {"abcdef", "abcdef"}, {"abcdefgh", "abcdefgh"}}) {
    Store(key, stored);
    const auto cursor = Cursor(overlay);
    cursor->Seek(BlockPrefix(subject, 7));
    EXPECT_EQ(At(*cursor), key + "=" + value);
    cursor->SeekBack(BlockPrefix(subject, 8));
    EXPECT_EQ(At(*cursor), key + "=" + value);
    cursor->Next();
    EXPECT_EQ(At(*cursor), "nowhere");
  }
}

TEST_F(LineageCursorTest, ABlockThatIsShorterThanItWasIsDamage) {
  LineageOverlay overlay;
  Wait(7, 9, 3, "def", overlay);
  for (const char* stored : {"", "ab", "abcd"}) {
    // Missing, too short, and in between.
    const std::string key = BlockKey(subject, 7, Position(9));
    if (*stored != '\0') Store(key, stored);
    const auto cursor = Cursor(overlay);
    cursor->Seek(key);
    EXPECT_FALSE(cursor->valid());
    EXPECT_TRUE(absl::IsDataLoss(cursor->status())) << stored;
  }
}

TEST_F(LineageCursorTest, ItMovesAsOverOneSortedTable) {
  Luck luck(3);
  std::map<std::string, std::string> all;
  LineageOverlay overlay;
  std::vector<std::string> keys = {"", "subject", "z", StatedPrefix(subject),
                                   BlocksPrefix(subject)};
  for (const std::string& other :
       {StatedKey(subject, Position(1)), DefinitionKey(subject, 3),
        BlockKey("other", 1, Position(1)), BlockKey("tail", 1, Position(1))}) {
    Store(other, "x");
    all[other] = "x";
  }
  for (uint32_t bucket = 0; bucket < 12; ++bucket) {
    keys.push_back(BlockPrefix(subject, bucket));
    for (uint64_t first = 1; first < 6; ++first) {
      const std::string key = BlockKey(subject, bucket, Position(first));
      keys.push_back(key);
      keys.push_back(key + "0");
      const bool stored = luck.Chance(1, 2);
      if (stored) {
        Store(key, "stored");
        all[key] = "stored";
      }
      if (luck.Chance(1, 2)) {
        Wait(bucket, first, stored ? 6 : 0, "waits", overlay);
        all[key] += "waits";
      }
    }
  }
  for (const auto& [key, value] : all) keys.push_back(key);
  const auto cursor = Cursor(overlay);
  auto at = all.end();
  for (int step = 0; step < 20'000; ++step) {
    const std::string& key = keys[luck.Below(keys.size())];
    if (at != all.end() && luck.Chance(2, 3)) {
      cursor->Next();
      ++at;
    } else if (luck.Chance(1, 2)) {
      cursor->Seek(key);
      at = all.lower_bound(key);
    } else {
      cursor->SeekBack(key);
      at = all.upper_bound(key);
      at = at == all.begin() ? all.end() : std::prev(at);
    }
    ASSERT_EQ(At(*cursor), at == all.end()
                               ? "nowhere"
                               : absl::StrCat(at->first, "=", at->second));
  }
}

}  // namespace
}  // namespace daybook::services
