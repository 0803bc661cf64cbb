// Reports as known at any size or time: the same as a fold of exactly those
// entries, from the lineage, from the cache, after a restart, and while others
// write.

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/report/report_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/lineage_keys.h"
#include "tests/services/engine/engine_fixture.h"
#include "tests/support/ledger_state.h"

namespace daybook::services {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class KnownAtTest : public EngineTest {
 protected:
  KnownAtTest() {
    const char* given = std::getenv("DAYBOOK_SEED");
    const unsigned seed =
        given != nullptr ? static_cast<unsigned>(std::atoi(given)) : 1;
    std::cout << "seed " << seed << "\n";
    random_.seed(seed);
  }

  unsigned Below(unsigned limit) {
    return static_cast<unsigned>(random_() % limit);
  }

  std::string AnyDay() {
    return FormatDay(absl::CivilDay(2024, 1, 1) + static_cast<int>(Below(366)));
  }

  // A fact of any kind, which can be recorded over what was made before.
  v1::EventInput AnyFact() {
    const std::string id = absl::StrCat("e", ++made_);
    const unsigned kind = Below(20);
    if (kind == 0) {
      v1::EventInput headcount = Spent(id, AnyDay(), 1);
      auto& people = *headcount.mutable_event()->mutable_headcount_recorded();
      people.set_quota(static_cast<int>(Below(50)) + 1);
      people.set_actual(static_cast<int>(Below(50)));
      reversible_.push_back(id);
      return headcount;
    }
    if (kind == 1) {
      v1::EventInput project = DepartmentRegistered(id);
      auto& registered = *project.mutable_event()->mutable_project_registered();
      registered.set_key(absl::StrCat("p", Below(3)));
      registered.set_name(absl::StrCat("项目", made_));
      return project;
    }
    if (kind <= 4 && !reversible_.empty()) {
      const size_t target = Below(static_cast<unsigned>(reversible_.size()));
      v1::EventInput reversal = Reversed(id, reversible_[target]);
      *reversal.mutable_event()->mutable_effective_date() =
          ToDate(LastDay(2024) - static_cast<int>(Below(2)));
      reversible_.erase(reversible_.begin() + static_cast<long>(target));
      return reversal;
    }
    const int64_t fen = static_cast<int64_t>(Below(100'000)) + 1;
    if (kind == 5) return Approved(id, "2024-01-01", fen);
    v1::EventInput spent = Spent(id, AnyDay(), fen);
    if (*ToCivilDay(spent.event().effective_date()) < LastDay(2024) - 1) {
      reversible_.push_back(id);
    }
    v1::Line& line =
        *spent.mutable_event()->mutable_expenditure_recorded()->mutable_line();
    if (kind < 12) line.set_function_code(absl::StrCat(20801 + Below(9)));
    return spent;
  }

  void AppendFacts(size_t count) {
    while (count > 0) {
      const size_t batch = std::min<size_t>(count, 1 + Below(40));
      Inputs inputs;
      for (size_t i = 0; i < batch; ++i) inputs.push_back(AnyFact());
      const AppendOutcome outcome = Append(inputs);
      ASSERT_EQ(outcome.refused_total, 0u)
          << outcome.refusals[0].ShortDebugString();
      count -= batch;
    }
  }

  // What a fold of the first `size` entries says.
  std::string Folded(LogSize size, absl::CivilDay as_of) {
    if (folded_.size() > size) folded_ = LedgerState();
    while (folded_.size() < size) {
      DAYBOOK_CHECK(folded_.Apply(EntryAt(folded_.size().value())).ok());
    }
    const ReportState* report = folded_.FindReport(kReport);
    DAYBOOK_CHECK(report != nullptr);
    return BuildReport(folded_, *report, as_of).SerializeAsString();
  }

  void CompareAtRandom(int rounds) {
    std::vector<LogSize> sizes = {LogSize(3), engine_->size()};
    for (int i = 0; i < rounds; ++i) {
      sizes.emplace_back(
          3 + Below(static_cast<unsigned>(engine_->size().value()) - 2));
    }
    std::sort(sizes.begin(), sizes.end());
    for (const LogSize size : sizes) {
      const absl::CivilDay day =
          LastDay(2024) - (Below(2) == 0 ? 0 : static_cast<int>(Below(366)));
      ASSERT_EQ(ReportBytes(size, day), Folded(size, day))
          << "size " << size.value() << ", as of " << day;
    }
  }

  std::mt19937 random_;
  size_t made_ = 0;
  std::vector<std::string> reversible_;
  LedgerState folded_;
};

TEST_F(KnownAtTest, EverySizeIsAFoldOfItsEntries) {
  Append(Opening());
  AppendFacts(300);
  for (uint64_t size = 3; size <= engine_->size().value(); ++size) {
    ASSERT_EQ(ReportBytes(LogSize(size), LastDay(2024)),
              Folded(LogSize(size), LastDay(2024)))
        << size;
  }
}

TEST_F(KnownAtTest, LongHistoriesAndRestartsChangeNothing) {
  Append(Opening());
  // More than two blocks of the commonest bucket.
  AppendFacts(6'000);
  CompareAtRandom(40);
  Reopen({.lineage = {.rows_max = 100}});
  CompareAtRandom(40);
  AppendFacts(500);
  CompareAtRandom(40);
  Crash();
  CompareAtRandom(40);
}

TEST_F(KnownAtTest, ACacheThatHoldsNothingChangesNothing) {
  Append(Opening());
  Reopen({.report_bytes_max = 0});
  AppendFacts(500);
  CompareAtRandom(40);
}

TEST_F(KnownAtTest, TheTipGrowsWithEachCommit) {
  Append(Opening());
  for (int i = 0; i < 50; ++i) {
    AppendFacts(1 + Below(5));
    ASSERT_EQ(ReportBytes(std::nullopt, LastDay(2024)),
              Folded(engine_->size(), LastDay(2024)));
  }
}

TEST_F(KnownAtTest, ReadersSeeWholeGroupsWhileOthersWrite) {
  Append(Opening());
  std::atomic<bool> done = false;
  std::vector<std::pair<LogSize, std::string>> seen[2];
  std::vector<std::thread> readers;
  for (auto& mine : seen) {
    readers.emplace_back([&] {
      const auto name = ResourceName::Parse(kReport);
      while (!done) {
        const absl::Status read = engine_->ReadReport(
            *name, std::nullopt, [&](const ReportInput& input) {
              mine.emplace_back(
                  input.size,
                  BuildReport(input, LastDay(2024)).SerializeAsString());
            });
        EXPECT_TRUE(read.ok()) << read;
      }
    });
  }
  AppendFacts(300);
  done = true;
  for (std::thread& reader : readers) reader.join();
  for (const auto& mine : seen) {
    LogSize last(0);
    for (const auto& [size, bytes] : mine) {
      EXPECT_GE(size, last);
      if (size == last) continue;
      last = size;
      ASSERT_EQ(bytes, Folded(size, LastDay(2024))) << size.value();
    }
  }
}

TEST_F(KnownAtTest, BeforeItWasOpenedThereIsNoReport) {
  Append(Opening());
  EXPECT_THAT(ReportBytes(LogSize(1), LastDay(2024)),
              HasSubstr("there is no department"));
  EXPECT_THAT(ReportBytes(LogSize(2), LastDay(2024)),
              HasSubstr("there is no report"));
  EXPECT_THAT(ReportBytes(LogSize(3), LastDay(2024)),
              Not(HasSubstr("there is no")));
}

TEST_F(KnownAtTest, ATimeIsTheSizeThatWasRecordedByThen) {
  const absl::Time start =
      absl::FromCivil(absl::CivilSecond(2030, 1, 1), absl::UTCTimeZone());
  clock_.Set(start);
  Append(Opening());
  clock_.Set(start + absl::Hours(1));
  Append({Spent("a", "2024-03-01", 1)});
  clock_.Set(start + absl::Hours(2));
  const auto at = [&](absl::Duration after) {
    const auto size =
        engine_->Resolve({std::nullopt, absl::ToUnixMicros(start + after)});
    return size.ok() ? absl::StrCat((*size)->value())
                     : size.status().ToString();
  };
  EXPECT_EQ(at(absl::ZeroDuration()), "3");
  EXPECT_EQ(at(absl::Hours(1) - absl::Microseconds(1)), "3");
  EXPECT_EQ(at(absl::Hours(1)), "4");
  EXPECT_EQ(at(absl::Hours(2)), "4");
  EXPECT_THAT(at(absl::Hours(2) + absl::Microseconds(1)),
              HasSubstr("OUT_OF_RANGE: known_at.time: "));
  EXPECT_THAT(at(-absl::Hours(24 * 365 * 20)), HasSubstr("did not exist"));
}

TEST_F(KnownAtTest, ATimeThatWasAnsweredNeverMeansMoreEntries) {
  const absl::Time noon =
      absl::FromCivil(absl::CivilSecond(2030, 1, 1, 12), absl::UTCTimeZone());
  clock_.Set(noon);
  Append(Opening());
  clock_.Set(noon + absl::Hours(3));
  const KnownAt asked{std::nullopt, absl::ToUnixMicros(noon + absl::Hours(2))};
  ASSERT_EQ(engine_->Resolve(asked).value(), LogSize(3));
  // The clock is set back, also over a restart.
  clock_.Set(noon + absl::Hours(1));
  Append({Spent("a", "2024-03-01", 1)});
  EXPECT_EQ(engine_->Resolve(asked).value(), LogSize(3));
  Reopen();
  Append({Spent("b", "2024-03-01", 1)});
  EXPECT_EQ(engine_->Resolve(asked).value(), LogSize(3));
  EXPECT_GT(EntryAt(3).recorded_time_us(), *asked.time_us);
}

TEST_F(KnownAtTest, TimesAnsweredDuringCommitsStayTrue) {
  Append(Opening());
  std::atomic<int64_t> now = absl::ToUnixMicros(clock_.Now());
  std::atomic<bool> done = false;
  std::vector<std::pair<int64_t, LogSize>> answers[2];
  std::vector<std::thread> readers;
  for (auto& mine : answers) {
    readers.emplace_back([&] {
      while (!done) {
        const int64_t time = now;
        const auto size = engine_->Resolve({std::nullopt, time});
        if (size.ok()) mine.emplace_back(time, **size);
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    clock_.Set(absl::FromUnixMicros(now += 3));
    Append({Spent(absl::StrCat("s", i), "2024-03-01", 1)});
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  for (const auto& mine : answers) {
    for (const auto& [time, size] : mine) {
      ASSERT_EQ(engine_->Resolve({std::nullopt, time}).value(), size) << time;
    }
  }
}

TEST_F(KnownAtTest, ReadersOfAllKindsAgreeWithTheFoldWhileOthersWrite) {
  Append(Opening());
  // Few rows wait, so that they are stored under the readers' hands.
  Reopen({.lineage = {.rows_max = 20}, .report_bytes_max = 4'096});
  std::atomic<bool> done = false;
  struct Seen {
    LogSize size{0};
    std::string bytes;
  };
  std::vector<Seen> seen[3];
  std::vector<std::thread> readers;
  for (unsigned reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&, reader] {
      const auto name = ResourceName::Parse(kReport);
      std::mt19937 random(reader);
      while (!done) {
        std::optional<LogSize> known_at;
        if (random() % 2 == 0) {
          known_at = LogSize(3 + random() % (engine_->size().value() - 2));
        }
        const absl::Status read =
            engine_->ReadReport(*name, known_at, [&](const ReportInput& input) {
              seen[reader].push_back(
                  {input.size,
                   BuildReport(input, LastDay(2024)).SerializeAsString()});
            });
        EXPECT_TRUE(read.ok()) << read;
        EXPECT_LE(seen[reader].back().size, engine_->size());
      }
    });
  }
  AppendFacts(300);
  done = true;
  for (std::thread& reader : readers) reader.join();
  for (auto& mine : seen) {
    std::sort(mine.begin(), mine.end(),
              [](const Seen& a, const Seen& b) { return a.size < b.size; });
    for (const Seen& answer : mine) {
      ASSERT_EQ(answer.bytes, Folded(answer.size, LastDay(2024)))
          << answer.size.value();
    }
  }
}

TEST_F(KnownAtTest, SizesThatAreNotThereYetAreOutOfRange) {
  Append(Opening());
  EXPECT_EQ(engine_->Resolve({LogSize(3), std::nullopt}).value(), LogSize(3));
  for (const LogSize size : {LogSize(0), LogSize(4)}) {
    EXPECT_TRUE(
        absl::IsOutOfRange(engine_->Resolve({size, std::nullopt}).status()));
  }
}

TEST_F(KnownAtTest, WaitingForASizeEndsWithItOrTheDeadline) {
  EXPECT_TRUE(engine_->WaitForSize(LogSize(1), absl::InfinitePast()).ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      engine_->WaitForSize(LogSize(3), absl::Now() + absl::Milliseconds(5))));
  std::thread writer([&] { Append(Opening()); });
  EXPECT_TRUE(
      engine_->WaitForSize(LogSize(3), absl::Now() + absl::Minutes(1)).ok());
  writer.join();
}

TEST_F(KnownAtTest, DamagedLineageIsAnErrorNeverAZero) {
  Append(Opening());
  AppendFacts(50);
  const auto log = directory_->OpenLedger(kLedgerId);
  ASSERT_TRUE(log.ok());
  const auto damaged = [&](const std::string& key, const std::string& value) {
    const std::string before = (*log)
                                   ->ReadSide(storage::Space::kLineage, {key})
                                   .value()[0]
                                   .value_or("");
    EXPECT_NE(before, "") << absl::CHexEscape(key);
    EXPECT_TRUE(
        (*log)->WriteSide({{storage::Space::kLineage, key, value}}).ok());
    const std::string answer = ReportBytes(LogSize(40), LastDay(2024));
    EXPECT_TRUE(
        (*log)->WriteSide({{storage::Space::kLineage, key, before}}).ok());
    return answer;
  };
  for (const std::string& key :
       {DefinitionKey(kReport, 0), StatedKey(kReport, Position(2)),
        StatedKey(kDepartment, Position(1))}) {
    EXPECT_THAT(damaged(key, "\xFF\xFF"), HasSubstr("DATA_LOSS"))
        << absl::CHexEscape(key);
  }
  EXPECT_EQ(ReportBytes(LogSize(40), LastDay(2024)),
            Folded(LogSize(40), LastDay(2024)));
}

}  // namespace
}  // namespace daybook::services
