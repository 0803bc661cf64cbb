// Historian: draws a random history of a small ledger, event by event, over
// what was recorded of it so far.
//
// Most events may be recorded; some break a rule that oracle_admission.h knows.
// Days, sources, amounts and lines are drawn from few, so that facts meet. A
// history follows from its seed and from what was recorded.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SIMULATION_HISTORIAN_H_
#define DAYBOOK_TESTS_SIMULATION_HISTORIAN_H_

#include <cstdint>
#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "daybook/v1/event.pb.h"
#include "tests/simulation/oracle_view.h"

namespace daybook::testing {

inline constexpr char kLedger[] = "ledgers/430203";
// The report that most events are about, the one of the year before, and one of
// another department.
inline constexpr char kMainReport[] =
    "ledgers/430203/departments/115001/reports/2024";
inline constexpr char kEarlierReport[] =
    "ledgers/430203/departments/115001/reports/2023";
inline constexpr char kOtherReport[] =
    "ledgers/430203/departments/115002/reports/2024";

struct Offer {
  std::string source;
  v1::Event event;
  v1::PersonalData personal_data;
};

class Historian {
 public:
  explicit Historian(uint64_t seed);

  // The next event to offer; `entries` are all that were recorded.
  Offer Draw(const Entries& entries);

  // How many events the history offers.
  size_t offers() const { return offers_; }

  // 0 to limit - 1.
  int Below(int limit) {
    return static_cast<int>(random_() % static_cast<uint64_t>(limit));
  }
  bool OneIn(int times) { return Below(times) == 0; }
  // A day of the report's year.
  absl::CivilDay DrawDay(const std::string& report);

 private:
  template <typename T>
  const T& OneOf(const std::vector<T>& values) {
    return values[static_cast<size_t>(Below(static_cast<int>(values.size())))];
  }
  std::string OneOf(std::initializer_list<const char*> values) {
    return OneOf(std::vector<std::string>(values.begin(), values.end()));
  }

  // An entry of the report that `wanted` admits; null when there is none.
  template <typename Wanted>
  const v1::Entry* Find(Wanted wanted);

  void DrawOpening();
  void Register(const std::string& department, const std::string& project);
  v1::ReportOpened DrawOpened();
  // About the report, on a random day.
  v1::Event Dated();
  void DrawPayload(v1::Event& event);

  // Money (historian_money.cc).
  v1::Line DrawLine();
  int64_t DrawFen();
  int64_t DrawSignedFen() { return OneIn(5) ? -DrawFen() : DrawFen(); }
  void DrawMoney(v1::Event& event);
  void DrawAdjustment(v1::BudgetAdjusted& adjusted);
  void DrawAdvance(v1::Event& event);
  void DrawRefund(v1::Event& event);
  void DrawPriorYearRefund(v1::Event& event);
  void DrawClearing(v1::Event& event);
  const v1::Entry* DrawPayment(const std::string& report, bool advance);
  int64_t DrawTaken(const v1::Entry& payment, const v1::Event& event);
  void MoveAfter(const v1::Entry& target, v1::Event& event);
  void DrawReversal(v1::Event& event);

  // Closing and corrections (historian_money.cc).
  void DrawClosing(v1::Event& event);
  void DrawPublication(v1::Event& event);
  void DrawCorrection(v1::Event& event);
  void DrawReplaces(v1::Event& event);
  void DrawErasure(v1::Event& event);

  // Performance and statements (historian_performance.cc).
  std::string DrawIndicator();
  v1::MeasuredValue DrawTarget(const std::string& indicator);
  void DrawIndicatorSet(const std::string& indicator, v1::Event& event);
  void DrawRevision(v1::Event& event);
  void DrawResult(v1::Event& event);
  void DrawAssessment(v1::Event& event);
  void DrawStatement(v1::Event& event);
  void DrawHeadcount(v1::HeadcountRecorded& headcount);
  void DrawActivity(v1::ActivityRecorded& activity);
  void DrawNarrative(v1::NarrativeSectionRecorded& section);
  v1::ScoringPolicy DrawPolicy();

  std::mt19937_64 random_;
  size_t offers_ = 0;
  std::vector<int> days_;
  // What the ledger begins with.
  std::vector<v1::Event> opening_;
  std::map<std::string, int> ids_;

  // Of the draw under way.
  const Entries* entries_ = nullptr;
  std::string report_;
  std::string source_;
};

template <typename Wanted>
const v1::Entry* Historian::Find(Wanted wanted) {
  Entries found;
  for (const v1::Entry* entry : *entries_) {
    if (entry->has_event() && wanted(*entry)) found.push_back(entry);
  }
  return found.empty() ? nullptr : OneOf(found);
}

// Paths that are asked for, and those of them that may be stated.
const std::vector<std::string>& AskedPaths();
const std::vector<std::string>& StatedPaths();

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SIMULATION_HISTORIAN_H_
