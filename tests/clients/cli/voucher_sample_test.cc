// Samples: the same for the same seed, of the right size, and as the written
// rules give them.

#include "clients/cli/voucher_sample.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace daybook::cli {
namespace {

using ::testing::ElementsAre;

std::vector<SampledItem> Population(const std::vector<uint64_t>& amounts) {
  std::vector<SampledItem> population;
  for (const uint64_t fen : amounts) {
    population.push_back({10 + population.size(), fen});
  }
  return population;
}

std::vector<std::string> Told(const std::vector<DrawnItem>& drawn) {
  std::vector<std::string> told;
  for (const DrawnItem& item : drawn) {
    told.push_back(absl::StrCat(item.place, "x", item.hits));
  }
  return told;
}

// By: for p in $(seq 10 17); do echo "$(printf 'audit-1 %s' $p | sha256sum) $p"
// done | sort | head -3
TEST(VoucherSampleTest, TheSmallestHashesAreDrawn) {
  const auto population = Population({1, 1, 1, 1, 1, 1, 1, 1});
  EXPECT_THAT(Told(DrawRandom(population, 3, "audit-1")), ElementsAre("2x1", "4x1", "6x1"));
  EXPECT_EQ(Told(DrawRandom(population, 3, "audit-1")),
            Told(DrawRandom(population, 3, "audit-1")));
  EXPECT_NE(Told(DrawRandom(population, 3, "audit-1")),
            Told(DrawRandom(population, 3, "audit-2")));
}

TEST(VoucherSampleTest, ASampleIsNeverLargerThanWhatItIsDrawnFrom) {
  const auto population = Population({1, 2});
  EXPECT_THAT(Told(DrawRandom(population, 2, "s")), ElementsAre("0x1", "1x1"));
  EXPECT_THAT(Told(DrawRandom(population, 9, "s")), ElementsAre("0x1", "1x1"));
  EXPECT_TRUE(DrawRandom({}, 9, "s").empty());
}

TEST(VoucherSampleTest, AMemberStaysInWhenOthersJoin) {
  // Its lot depends on its position and the seed alone.
  auto population = Population(std::vector<uint64_t>(50, 1));
  const auto few = DrawRandom(population, 5, "s");
  const auto many = DrawRandom(population, 20, "s");
  for (const DrawnItem& item : few) {
    EXPECT_TRUE(std::any_of(many.begin(), many.end(), [&](const auto& other) {
      return other.place == item.place;
    }));
  }
}

TEST(VoucherSampleTest, PointsOfMoneyFallOnVouchers) {
  // 100 fen in 4: points START, START + 25, ...
  const auto population = Population({10, 60, 0, 30});
  const auto sample = DrawByAmount(population, 4, "audit-1");
  ASSERT_TRUE(sample.ok());
  EXPECT_EQ(sample->total_fen, 100u);
  EXPECT_EQ(sample->interval_fen, 25u);
  EXPECT_EQ(sample->start_fen, uint64_t{18});
  // Worked out by hand from the start.
  uint64_t hits[4] = {};
  for (uint64_t point = sample->start_fen, n = 0; n < 4; ++n, point += 25) {
    ++hits[point <= 10 ? 0 : point <= 70 ? 1 : 3];
  }
  std::vector<std::string> expected;
  for (size_t i = 0; i < 4; ++i) {
    if (hits[i] > 0) expected.push_back(absl::StrCat(i, "x", hits[i]));
  }
  EXPECT_EQ(Told(sample->drawn), expected);
}

TEST(VoucherSampleTest, WhatIsLargerThanTheIntervalIsAlwaysDrawn) {
  const auto population = Population({1, 1'000, 1, 1, 1});
  for (int seed = 0; seed < 100; ++seed) {
    const auto sample = DrawByAmount(population, 3, absl::StrCat(seed));
    ASSERT_TRUE(sample.ok());
    uint64_t hits = 0;
    bool large = false;
    for (const DrawnItem& item : sample->drawn) {
      hits += item.hits;
      large |= item.place == 1;
    }
    EXPECT_TRUE(large) << seed;
    EXPECT_EQ(hits, 3u) << seed;
  }
}

TEST(VoucherSampleTest, MoreVouchersThanFenTakesEachFen) {
  const auto sample = DrawByAmount(Population({1, 0, 1}), 9, "s");
  ASSERT_TRUE(sample.ok());
  EXPECT_EQ(sample->interval_fen, 1u);
  EXPECT_THAT(Told(sample->drawn), ElementsAre("0x1", "2x1"));
}

TEST(VoucherSampleTest, NoMoneyAndTooMuchAreRefused) {
  EXPECT_EQ(DrawByAmount(Population({0, 0}), 1, "s").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DrawByAmount({}, 1, "s").status().code(),
            absl::StatusCode::kFailedPrecondition);
  constexpr uint64_t limit = uint64_t{1} << 62;
  EXPECT_TRUE(DrawByAmount(Population({limit - 1}), 1, "s").ok());
  EXPECT_EQ(DrawByAmount(Population({limit - 1, 1}), 1, "s").status().code(),
            absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace daybook::cli
