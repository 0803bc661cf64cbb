// Load: the events that the accounting systems of a district send in a year,
// made up, for tests and measurements.
//
// It has what makes real load hard: departments of very different size (Zipf),
// days of salaries, a rush before the year's end, vouchers of several lines
// whose numbers begin again each month, late vouchers, refunds, corrections (a
// reversal and what replaces it), events offered twice and, where asked for,
// events that must be refused. Registrations, reports and budgets come first.
//
// The same options give the same events, byte for byte, on every machine: luck
// comes from an integer generator of its own. Memory does not grow with the
// number of events.
//
// It lies beside the tests and not in bench/, because tests use it under
// sanitizers too, where nothing is measured and bench/ is not built.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SUPPORT_LOAD_H_
#define DAYBOOK_TESTS_SUPPORT_LOAD_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "daybook/v1/event.pb.h"
#include "tests/support/luck.h"

namespace daybook::testing {

struct LoadOptions {
  uint64_t seed = 1;

  std::string ledger = "ledgers/430203";

  // Who states all of it, and the book source of the reports.
  std::string source = "accounting";

  int fiscal_year = 2024;

  // Codes of departments count from here, so that several loads, each of a
  // source of its own, can go into one ledger.
  uint32_t first_department = 101'001;
  uint32_t departments = 100;

  // Events after those that set things up. The year passes within them.
  uint64_t events = 100'000;

  // Of 10,000 steps, how many are a refund, a change of a budget, a correction
  // (which is two events), an event offered again, and one that is refused.
  uint32_t refunds = 40;
  uint32_t adjustments = 10;
  uint32_t corrections = 60;
  uint32_t duplicates = 30;
  uint32_t refused = 0;

  // Payee, summary and preparer with each voucher.
  bool personal_data = false;
};

// What an event is there for.
enum class LoadKind {
  kSetUp,
  kVoucher,
  kSalary,
  kRefund,
  kAdjustment,
  kReversal,
  kReplacement,
  kDuplicate,
  // Refused, but may be accepted later: what it names is not recorded.
  kRefusedRetryable,
  kRefusedPermanent,
};

struct LoadEvent {
  v1::EventInput input;
  LoadKind kind = LoadKind::kSetUp;
};

class Load {
 public:
  explicit Load(const LoadOptions& options);

  // Fills in the next event; false at the end.
  bool Next(LoadEvent& event);

  // How many events there are in all.
  uint64_t total() const { return set_up_.total + options_.events; }
  // How many of them set things up; they come first.
  uint64_t set_up_total() const { return set_up_.total; }

 private:
  // A department, as far as its vouchers depend on it.
  struct Department {
    uint32_t projects = 0;
    uint32_t units = 0;
    // Of the last voucher, in the month below.
    uint32_t voucher_number = 0;
    int voucher_month = 0;
    uint64_t adjustments = 0;
  };

  // What sets things up, one department after the other.
  struct SetUp {
    uint64_t total = 0;
    uint32_t department = 0;
    uint32_t step = 0;
  };

  // The lines that follow of a voucher.
  struct Rest {
    uint32_t department = 0;
    uint32_t lines = 0;
    uint32_t line = 0;
    bool salary = false;
    v1::EventInput first;
  };

  void FillSetUp(v1::EventInput& input);
  uint32_t SetUpSteps(uint32_t department) const;

  // The day on which the event with this number is sent.
  void AdvanceTo(uint64_t number);
  bool IsSalaryDay() const;

  void FillVoucher(LoadEvent& event);
  void FillLine(LoadEvent& event);
  void FillRefund(LoadEvent& event);
  void FillAdjustment(LoadEvent& event);
  void FillReversal(LoadEvent& event);
  void FillReplacement(LoadEvent& event);
  void FillRefused(LoadEvent& event);
  void FillPersonalData(v1::EventInput& input, bool salary);
  v1::Line LineOf(uint32_t department, bool salary, uint32_t line);
  void SetEnvelope(uint32_t department, const std::string& id,
                   v1::EventInput& input);
  // Takes one out of those that may be corrected.
  v1::EventInput TakeOpen();
  void Remember(const LoadEvent& event);

  uint32_t AnyDepartment();
  std::string Code(uint32_t department) const;
  std::string DepartmentName(uint32_t department) const;

  const LoadOptions options_;
  Luck luck_;
  std::vector<Department> departments_;
  // Sum of the weights of the departments up to each.
  std::vector<uint64_t> department_weights_;
  // The same for the days of the year.
  std::vector<uint64_t> day_weights_;

  SetUp set_up_;
  uint64_t number_ = 0;
  size_t day_ = 0;
  Rest rest_;
  // A voucher that was reversed and waits for what replaces it.
  std::deque<v1::EventInput> reversed_;
  // Vouchers that stand, to be corrected or refunded; and what was sent last,
  // to be sent again. Both are bounded.
  std::vector<v1::EventInput> open_;
  std::vector<v1::EventInput> sent_;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_LOAD_H_
