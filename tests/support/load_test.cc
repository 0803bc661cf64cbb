// Load: the same events everywhere, which a ledger accepts but for those that
// are there to be refused.

#include "tests/support/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/admission/well_formed.h"
#include "tests/support/memory_ledger.h"

namespace daybook::testing {
namespace {

LoadOptions Small() {
  LoadOptions options;
  options.departments = 20;
  options.events = 20'000;
  options.refused = 50;
  options.personal_data = true;
  return options;
}

std::vector<LoadEvent> All(const LoadOptions& options) {
  Load load(options);
  std::vector<LoadEvent> events;
  LoadEvent event;
  while (load.Next(event)) events.push_back(event);
  EXPECT_EQ(events.size(), load.total());
  return events;
}

std::map<LoadKind, int> Kinds(const std::vector<LoadEvent>& events) {
  std::map<LoadKind, int> kinds;
  for (const LoadEvent& event : events) ++kinds[event.kind];
  return kinds;
}

uint64_t Fnv1a(const std::vector<LoadEvent>& events) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const LoadEvent& event : events) {
    for (const char byte : event.input.SerializeAsString()) {
      hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3;
    }
  }
  return hash;
}

TEST(LoadTest, IsTheSameOnEveryMachine) {
  LoadOptions options = Small();
  EXPECT_EQ(Fnv1a(All(options)), 13096175591308805072u);
  options.seed = 2;
  EXPECT_NE(Fnv1a(All(options)), 13096175591308805072u);
}

TEST(LoadTest, ALedgerAcceptsAllButWhatIsThereToBeRefused) {
  const LoadOptions options = Small();
  MemoryLedger ledger(options.ledger);
  std::map<std::string, std::string> recorded;
  for (const LoadEvent& event : All(options)) {
    const std::string& id = event.input.event().event_id();
    const std::string bytes = event.input.SerializeAsString();
    if (event.kind == LoadKind::kDuplicate) {
      EXPECT_EQ(recorded[id], bytes) << id;
      continue;
    }
    const std::vector<v1::Problem> problems =
        ledger.Append(options.source, event.input);
    if (event.kind == LoadKind::kRefusedPermanent ||
        event.kind == LoadKind::kRefusedRetryable) {
      ASSERT_FALSE(problems.empty()) << id;
      EXPECT_EQ(problems[0].retryable(),
                event.kind == LoadKind::kRefusedRetryable);
      continue;
    }
    ASSERT_TRUE(problems.empty()) << problems[0].ShortDebugString();
    EXPECT_TRUE(recorded.emplace(id, bytes).second) << id;
  }
}

TEST(LoadTest, HasTheSharesThatWereAskedFor) {
  LoadOptions options = Small();
  options.events = 100'000;
  std::map<LoadKind, int> kinds = Kinds(All(options));
  // Shares are of steps, of which a voucher's later lines are none.
  EXPECT_GT(kinds[LoadKind::kVoucher], 60'000);
  EXPECT_GT(kinds[LoadKind::kSalary], 10'000);
  EXPECT_NEAR(kinds[LoadKind::kRefund], 200, 100);
  EXPECT_NEAR(kinds[LoadKind::kReversal], 300, 150);
  EXPECT_NEAR(kinds[LoadKind::kReversal], kinds[LoadKind::kReplacement], 1);
  EXPECT_NEAR(kinds[LoadKind::kDuplicate], 150, 75);
  EXPECT_NEAR(kinds[LoadKind::kRefusedPermanent], 125, 65);
  EXPECT_NEAR(kinds[LoadKind::kRefusedRetryable], 125, 65);

  options.refunds = options.corrections = options.duplicates = 0;
  options.refused = options.adjustments = 0;
  kinds = Kinds(All(options));
  EXPECT_EQ(kinds[LoadKind::kVoucher] + kinds[LoadKind::kSalary], 100'000);
}

TEST(LoadTest, IsSkewedAndRushesAtTheEndOfTheYear) {
  LoadOptions options = Small();
  options.events = 50'000;
  std::map<std::string, int> subjects;
  std::map<int, int> months;
  int salary_day = 0;
  int day_before = 0;
  for (const LoadEvent& event : All(options)) {
    if (event.kind == LoadKind::kSetUp) continue;
    ++subjects[event.input.event().subject()];
    const v1::Date& date = event.input.event().effective_date();
    ++months[date.month()];
    salary_day += date.day() == 10 ? 1 : 0;
    day_before += date.day() == 9 ? 1 : 0;
  }
  EXPECT_EQ(subjects.size(), options.departments);
  std::set<int> sizes;
  for (const auto& [subject, count] : subjects) sizes.insert(count);
  EXPECT_GT(*sizes.rbegin(), 8 * *sizes.begin());
  EXPECT_EQ(months.size(), 12u);
  EXPECT_GT(months[12], 3 * months[5]);
  EXPECT_GT(months[11], 3 * months[5] / 2);
  EXPECT_GT(salary_day, 2 * day_before);
}

TEST(LoadTest, VoucherNumbersBeginAgainEachMonth) {
  LoadOptions options = Small();
  options.departments = 1;
  std::map<int, std::set<std::string>> numbers;
  for (const LoadEvent& event : All(options)) {
    if (event.kind != LoadKind::kVoucher) continue;
    const std::string& number =
        event.input.event().expenditure_recorded().voucher_number();
    numbers[number[9] * 10 + number[10]].insert(number.substr(12));
  }
  EXPECT_EQ(numbers.size(), 12u);
  for (const auto& [month, seen] : numbers) {
    EXPECT_LT(*seen.begin(), "000010") << month;
  }
}

TEST(LoadTest, PersonalDataIsThereOnlyWhenItIsAskedFor) {
  LoadOptions options = Small();
  uint64_t vouchers = 0;
  uint64_t bytes = 0;
  for (const bool asked : {true, false}) {
    options.personal_data = asked;
    for (const LoadEvent& event : All(options)) {
      if (event.kind != LoadKind::kVoucher) continue;
      EXPECT_EQ(event.input.has_personal_data(), asked);
      if (asked) continue;
      ++vouchers;
      bytes += event.input.event().ByteSizeLong();
    }
  }
  // What measurements of other parts were made with.
  EXPECT_NEAR(static_cast<double>(bytes) / static_cast<double>(vouchers), 228,
              10);
}

TEST(LoadTest, LoadsOfDifferentDepartmentsShareNoName) {
  LoadOptions options = Small();
  options.events = 1'000;
  std::set<std::string> subjects;
  for (const uint32_t first : {101'001u, 102'001u}) {
    options.first_department = first;
    std::set<std::string> here;
    for (const LoadEvent& event : All(options)) {
      here.insert(event.input.event().subject());
    }
    for (const std::string& subject : here) {
      EXPECT_TRUE(subjects.insert(subject).second) << subject;
    }
  }
}

}  // namespace
}  // namespace daybook::testing
