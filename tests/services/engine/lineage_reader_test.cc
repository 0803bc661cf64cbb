// LineageReader and ReportHistory against the rows that were appended: every
// row once, in order, from any position to any size, of any days, whatever the
// blocks; and a block that is missing.

#include "services/engine/lineage_reader.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "core/budget/fiscal_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/engine/lineage_keys.h"
#include "tests/services/engine/engine_fixture.h"

namespace daybook::services {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Position, bucket, fen and day.
using Row = std::tuple<uint64_t, uint32_t, int64_t, DayOfYear>;

ResourceName ReportName() { return *ResourceName::Parse(kReport); }

class LineageReaderTest : public EngineTest {
 protected:
  LineageReaderTest() { Append(Opening()); }

  // `count` vouchers on random lines of `buckets`, in batches of any size; each
  // on 15 March, or the day that `date` gives for its number.
  void Spend(
      size_t count, uint32_t buckets,
      const std::function<absl::CivilDay(size_t)>& date = [](size_t) {
        return absl::CivilDay(2024, 3, 15);
      }) {
    std::mt19937_64 random(7);
    Inputs inputs;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t line = static_cast<uint32_t>(random() % buckets);
      const int64_t fen = static_cast<int64_t>(i) + 1;
      const absl::CivilDay day = date(i);
      v1::EventInput input =
          Spent(absl::StrCat("v", i), FormatDay(day).c_str(), fen);
      input.mutable_event()
          ->mutable_expenditure_recorded()
          ->mutable_line()
          ->set_unit(absl::StrCat("u", line));
      if (std::find(lines_.begin(), lines_.end(), line) == lines_.end()) {
        lines_.push_back(line);
      }
      const auto number = static_cast<uint32_t>(
          std::find(lines_.begin(), lines_.end(), line) - lines_.begin());
      inputs.push_back(input);
      rows_.emplace_back(engine_->size().value() + inputs.size() - 1, number,
                         fen, static_cast<DayOfYear>(absl::GetYearDay(day)));
      if (random() % 97 == 0 || i + 1 == count) {
        Append(inputs);
        inputs.clear();
      }
    }
  }

  std::vector<Row> Read(const std::vector<uint32_t>& buckets, uint64_t from,
                        uint64_t limit, DayOfYear first_day = 1,
                        DayOfYear last_day = 366) {
    LineageReader reader = engine_->history().Rows(
        ReportName(), buckets,
        {Position(from), Position(limit), first_day, last_day});
    std::vector<Row> rows;
    while (true) {
      const auto row = reader.Next();
      EXPECT_TRUE(row.ok()) << row.status();
      if (!row.ok() || !row->has_value()) return rows;
      rows.emplace_back((*row)->row.position.value(), (*row)->bucket,
                        (*row)->row.delta.fen, (*row)->row.day);
    }
  }

  std::vector<Row> Expected(const std::vector<uint32_t>& buckets, uint64_t from,
                            uint64_t limit, DayOfYear first_day = 1,
                            DayOfYear last_day = 366) const {
    std::vector<Row> rows;
    for (const Row& row : rows_) {
      const auto& [position, bucket, fen, day] = row;
      if (position >= from && position < limit && day >= first_day &&
          day <= last_day &&
          std::find(buckets.begin(), buckets.end(), bucket) != buckets.end()) {
        rows.push_back(row);
      }
    }
    return rows;
  }

  std::vector<uint32_t> lines_;
  std::vector<Row> rows_;
};

TEST_F(LineageReaderTest, EveryRowOnceInOrderFromAnyPositionToAnySize) {
  // More than one block in each bucket.
  Spend(5'000, 3);
  const uint64_t size = engine_->size().value();
  std::mt19937_64 random(11);
  for (int round = 0; round < 40; ++round) {
    std::vector<uint32_t> buckets;
    for (uint32_t b = 0; b < 3; ++b) {
      if (random() % 2 == 0) buckets.push_back(b);
    }
    const uint64_t from = random() % (size + 2);
    const uint64_t limit = random() % (size + 1);
    ASSERT_EQ(Read(buckets, from, limit), Expected(buckets, from, limit))
        << from << " to " << limit;
  }
  EXPECT_EQ(Read({0, 1, 2}, 0, size), rows_);
}

TEST_F(LineageReaderTest, OnlyTheDaysAskedForFromAnyPositionToAnySize) {
  // Days that come in runs of any length, so that many blocks have none of some
  // days, and some days stand in one block alone.
  std::mt19937_64 days(5);
  uint64_t run = 0;
  absl::CivilDay day(2024, 1, 1);
  Spend(40'000, 2, [&](size_t) {
    if (run == 0) {
      run = days() % 3 == 0 ? 1 : 1 + days() % 9'000;
      day = absl::CivilDay(2024, 1, 1) + static_cast<int>(days() % 366);
    }
    --run;
    return day;
  });
  const uint64_t size = engine_->size().value();
  std::mt19937_64 random(13);
  size_t found = 0;
  for (int round = 0; round < 200; ++round) {
    const uint64_t from = random() % size;
    const uint64_t limit = from + random() % (size + 1 - from);
    const auto first_day = static_cast<DayOfYear>(1 + random() % 366);
    const auto last_day =
        static_cast<DayOfYear>(first_day + random() % (367 - first_day));
    const std::vector<Row> rows =
        Read({0, 1}, from, limit, first_day, last_day);
    found += rows.size();
    ASSERT_EQ(rows, Expected({0, 1}, from, limit, first_day, last_day))
        << from << " to " << limit << ", days " << first_day << " to "
        << last_day;
  }
  EXPECT_GT(found, 0);
  EXPECT_THAT(Read({0, 1}, 0, size, 10, 9), IsEmpty());
}

TEST_F(LineageReaderTest, AMissingBlockIsIncompleteNotLess) {
  Spend(5'000, 1);
  const uint64_t size = engine_->size().value();
  // The third of five.
  const uint64_t third = std::get<0>(rows_[2'048]);
  const uint64_t fourth = std::get<0>(rows_[3'072]);
  ASSERT_TRUE(engine_->Settle().ok());
  engine_ = nullptr;
  registry_ = nullptr;
  storage::EventLog& log = **directory_->OpenLedger(kLedgerId);
  const auto identities = Identities::Open(log, LedgerIdOf(log));
  ASSERT_TRUE(identities.ok()) << identities.status();
  const auto cursor = log.NewCursor(storage::Space::kLineage);
  cursor->Seek(BlockKey(kReport, 0, Position(third)));
  ASSERT_TRUE(cursor->valid());
  ASSERT_EQ(cursor->key(), BlockKey(kReport, 0, Position(third)));
  // There is no way to delete it: what stands in its place is the block before
  // it once more.
  cursor->SeekBack(BlockKey(kReport, 0, Position(third - 1)));
  ASSERT_TRUE(log.WriteSide({{storage::Space::kLineage,
                              BlockKey(kReport, 0, Position(third)),
                              std::string(cursor->value())}})
                  .ok());
  const Lineage lineage(log);
  const ReportHistory history(log, **identities, lineage);
  LineageReader reader =
      history.Rows(ReportName(), {0}, {Position(0), Position(size)});
  absl::Status status;
  while (true) {
    const auto row = reader.Next();
    status = row.status();
    if (!status.ok() || !row->has_value()) break;
  }
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("--rebuild"));
  EXPECT_TRUE(absl::IsDataLoss(
      history.Timelines(ReportName(), {0}, LogSize(fourth)).status()));
  EXPECT_TRUE(history.Timelines(ReportName(), {0}, LogSize(size)).ok());
}

TEST_F(LineageReaderTest, ManyBucketsAreMerged) {
  Spend(3'000, 700);
  std::vector<uint32_t> all;
  for (uint32_t b = 0; b < lines_.size(); ++b) all.push_back(b);
  EXPECT_EQ(Read(all, 0, engine_->size().value()), rows_);
}

TEST_F(LineageReaderTest, TimelinesAreAsKnownAtTheSize) {
  Spend(2'000, 2);
  const uint64_t middle = std::get<0>(rows_[1'200]);
  const auto timelines =
      engine_->history().Timelines(ReportName(), {0, 1}, LogSize(middle));
  ASSERT_TRUE(timelines.ok());
  for (uint32_t bucket = 0; bucket < 2; ++bucket) {
    int64_t sum = 0;
    for (const Row& row : Expected({bucket}, 0, middle))
      sum += std::get<2>(row);
    EXPECT_EQ((*timelines)[bucket].At(366).fen, sum);
  }
  const auto none = engine_->history().Timelines(ReportName(), {0}, LogSize(1));
  ASSERT_TRUE(none.ok());
  EXPECT_THAT((*none)[0].steps(), IsEmpty());
}

TEST_F(LineageReaderTest, ABucketWithoutDefinitionIsDamage) {
  Spend(3, 1);
  LineageReader reader = engine_->history().Rows(
      ReportName(), {9}, {Position(0), NextPosition(engine_->size())});
  EXPECT_TRUE(absl::IsDataLoss(reader.Next().status()));
}

TEST_F(LineageReaderTest, ChangesAreOfTheReportAndItsDepartmentEachOnce) {
  const uint64_t opened = engine_->size().value();
  Spend(5, 2);
  const LogSize size = engine_->size();
  const auto positions = [&](uint64_t from, size_t count) {
    const auto changes =
        engine_->history().Changes(ReportName(), LogSize(from), size, count);
    EXPECT_TRUE(changes.ok());
    std::vector<uint64_t> found;
    for (const Position p : changes->positions) found.push_back(p.value());
    found.push_back(changes->size.value());
    return found;
  };
  EXPECT_THAT(positions(opened, 10),
              ElementsAre(opened, opened + 1, opened + 2, opened + 3,
                          opened + 4, size.value()));
  // The size is where to go on.
  EXPECT_THAT(positions(opened, 2),
              ElementsAre(opened, opened + 1, opened + 2));
  EXPECT_THAT(positions(opened + 2, 3),
              ElementsAre(opened + 2, opened + 3, opened + 4, size.value()));
  // Department and report, before the vouchers.
  EXPECT_EQ(positions(0, 10)[0], 1u);
  EXPECT_THAT(positions(size.value(), 10), ElementsAre(size.value()));
}

TEST_F(LineageReaderTest, AReversalIsFoundFromWhatItCancels) {
  Append({Spent("a", "2024-03-15", 1), Reversed("x", "a")});
  const uint64_t size = engine_->size().value();
  const auto found = engine_->history().Reversal(Position(size - 2));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(*found, Position(size - 1));
  EXPECT_FALSE(engine_->history().Reversal(Position(size - 1))->has_value());
}

}  // namespace
}  // namespace daybook::services
