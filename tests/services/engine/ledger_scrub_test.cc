// What ScrubLedger promises: nothing about a sound ledger, and a word with the
// place about whatever was changed in it while it was closed: entries, hashes,
// identities, personal data, and bytes of files.

#include "services/engine/ledger_scrub.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/entry_codec.h"
#include "tests/services/engine/engine_fixture.h"
#include "tests/support/stopped_log.h"

namespace daybook::services {
namespace {

using ::daybook::testing::StoppedLog;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LedgerScrubTest : public EngineTest {
 protected:
  // Entries: genesis, department, report, 600 expenditures, each third of them
  // with a payee.
  LedgerScrubTest() {
    Append(Opening());
    Inputs inputs;
    for (size_t i = 0; i < 600; ++i) {
      inputs.push_back(Spent(absl::StrCat("e", i), "2024-03-15", 100));
      if (i % 3 == 0) inputs.back() = WithPayee(inputs.back(), "某单位");
    }
    Append(inputs);
  }

  // "place: problem" of all that is found.
  std::vector<std::string> Found() {
    std::vector<std::string> found;
    uint64_t read_bytes = 0;
    const absl::Status scrubbed = engine_->Scrub([&](const ScrubStep& step) {
      EXPECT_GE(step.read_bytes, read_bytes);
      EXPECT_LE(step.read_bytes, step.total_bytes);
      read_bytes = step.read_bytes;
      if (!step.place.empty()) {
        found.push_back(absl::StrCat(step.place, ": ", step.problem));
      }
      return true;
    });
    EXPECT_TRUE(scrubbed.ok()) << scrubbed;
    return found;
  }

  // Changes rows while the ledger is closed.
  template <typename Work>
  void Change(Work work) {
    engine_ = nullptr;
    registry_ = nullptr;
    directory_ = nullptr;
    {
      StoppedLog log(temporary_.path() / "data0" / "ledgers" / "430203");
      work(log);
    }
    Reopen();
  }
};

TEST_F(LedgerScrubTest, SaysNothingOfASoundLedger) {
  EXPECT_THAT(Found(), IsEmpty());
  Reopen();
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(LedgerScrubTest, FindsAChangedEntry) {
  Change([](StoppedLog& log) {
    for (auto [key, value] : log.Rows("entries")) {
      const size_t at = value.find("e200");
      if (at == std::string::npos) continue;
      value[at + 1] = '9';
      return log.Put("entries", key, value);
    }
  });
  EXPECT_THAT(Found(), ElementsAre(HasSubstr("positions 0 to 255")));
}

TEST_F(LedgerScrubTest, FindsChangedPersonalDataAndSuchOfNoEntry) {
  Change([](StoppedLog& log) {
    auto [key, value] = log.Rows("personal").front();
    value.back() = static_cast<char>(value.back() ^ 1);
    log.Put("personal", key, value);
    log.Put("personal", PositionBytes(Position(4)), value);
  });
  EXPECT_THAT(Found(),
              ElementsAre(AllOf(HasSubstr("personal data of position 3"),
                                HasSubstr("changed")),
                          AllOf(HasSubstr("personal data of position 4"),
                                HasSubstr("its entry has none"))));
}

TEST_F(LedgerScrubTest, EndsWhenItIsNoLongerWanted) {
  int steps = 0;
  EXPECT_TRUE(
      engine_->Scrub([&](const ScrubStep&) { return ++steps < 2; }).ok());
  EXPECT_EQ(steps, 2);
}

}  // namespace
}  // namespace daybook::services
