// Stories for projection tests: a list of facts, folded, and one question.
//
//   EXPECT_EQ(Ask({Spent("03-15", "general.basic", 50'00)}, "03-14",
//                 "general.executed"),
//             "0.00");
//
// Every story takes place in 2024, in a department with the projects `road`
// (道路) and `school` (学校), whose report opened general and government fund
// with the book source "book". Rows of facts are spelled as in figure paths;
// amounts are fen, answers are read in 元. A blank answer is the empty text.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_CORE_REPORT_STORY_H_
#define DAYBOOK_TESTS_CORE_REPORT_STORY_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "daybook/v1/event.pb.h"
#include "tests/support/ledger_state.h"

namespace daybook::testing {

inline constexpr char kDepartmentName[] = "ledgers/430203/departments/115001";
inline constexpr char kReportName[] =
    "ledgers/430203/departments/115001/reports/2024";

// An event and who states it.
struct Fact {
  // Not explicit: most facts are of the book source.
  Fact(v1::Event the_event)  // NOLINT(google-explicit-constructor)
      : event(std::move(the_event)) {}

  v1::Event event;
  std::string source = "book";
};

using Facts = std::vector<Fact>;

// The ledger of the department with its opened report, and then `facts`, in
// recorded order. Facts without an event id get one.
LedgerState Fold(const Facts& facts);

// The entries that Fold() folds.
std::vector<v1::Entry> Entries(const Facts& facts);

// What the figure reads on a day such as "06-30".
std::string Ask(const Facts& facts, const std::string& day,
                const std::string& path);

// The same on 31 December.
std::string AtYearEnd(const Facts& facts, const std::string& path);

const ReportState& ReportOf(const LedgerState& ledger);
const DepartmentState& DepartmentOf(const LedgerState& ledger);

// "06-30" of 2024.
absl::CivilDay Day(const std::string& day);

// The line of a row: "general.project[road].econ[30201]".
v1::Line LineOf(const std::string& row);

// Gives the fact an event id, for reversals.
Fact Named(const std::string& event_id, Fact fact);
// Another source states it.
Fact By(const std::string& source, Fact fact);
// Moves it to another day.
Fact Dated(const std::string& day, Fact fact);
// Cancels the fact of that id (of the book source) from `day` on.
Fact Reversed(const std::string& day, const std::string& event_id);

// Replaces the opened funds.
Fact Opened(const std::vector<v1::Fund>& funds);

// Approvals and opening carry-over lie on 1 January, closing on 31 December.
Fact Approved(const std::string& row, int64_t fen);
Fact OfWhich(const std::string& row, int64_t fen);
Fact Adjusted(const std::string& day, const std::string& row, int64_t fen);
Fact Recovered(const std::string& day, const std::string& row, int64_t fen);
Fact CarriedOver(const std::string& day, const std::string& row, int64_t fen);
Fact Income(const std::string& day, const std::string& row, int64_t fen);
Fact OpeningCarryover(const std::string& row, int64_t fen);
Fact ClosingCarryover(const std::string& row, int64_t fen);
Fact Spent(const std::string& day, const std::string& row, int64_t fen);
// Flags an approval or expenditure as government procurement.
Fact Procured(Fact fact);

// What came back of the payment of that id, in its row.
Fact Refunded(
    const std::string& day, const std::string& row, int64_t fen,
    const std::string& payment,
    v1::RefundReceived::Kind kind = v1::RefundReceived::KIND_CURRENT_YEAR);
Fact AdvancePaid(const std::string& day, const std::string& row, int64_t fen);
Fact Cleared(const std::string& day, const std::string& row, int64_t fen,
             const std::string& advance);

// Without a day: they lie on the recorded axis.
Fact Closed(const std::string& through);
Fact Reopened(const std::string& from);
Fact Published(const std::string& as_of, uint64_t size);
// With reason and approver, for closed periods.
Fact Corrected(Fact fact);
// Says that it stands for the fact of that id.
Fact Replacing(const std::string& event_id, Fact fact);

Fact StatedZero(const std::string& day, const std::string& path);
Fact StatedNone(const std::string& day, const std::string& path);
Fact StatedNotApplicable(const std::string& day, const std::string& path);
Fact PriorYear(const std::string& path, int64_t fen);

// Of the numbers, -1 is one that is not given.
Fact Headcount(const std::string& day, int32_t quota, int32_t actual);
Fact Activity(const std::string& day, const std::string& id,
              const std::string& number);
Fact Narrative(const std::string& section, const std::string& text);

// Execution 10 points on the adjusted budget; levels output, benefit,
// satisfaction and cost, the last two assessed at year end; linear reverse
// rule; grades 优 from 90, 良 from 80, 中 from 60, 差 from 0.
v1::ScoringPolicy Policy();
Fact Adopted(const v1::ScoringPolicy& policy);

v1::Decimal Number(const std::string& text);
v1::MeasuredValue People(const std::string& number);
v1::MeasuredValue Measured(const std::string& number, const std::string& unit);
v1::MeasuredValue DayValue(const std::string& day);
v1::MeasuredValue WordValue(const std::string& word);
v1::MeasuredValue FigureOf(const std::string& path);

// An indicator whose level is the first part of its id, set on 1 January. Text
// for `weight`; empty: none.
Fact Indicator(const std::string& id, v1::IndicatorSet::Operator op,
               const v1::MeasuredValue& target, const std::string& weight);
// At least 100 people for 10 points.
Fact Indicator(const std::string& id);
Fact NotApplicable(const std::string& id);
Fact Revised(const std::string& day, const std::string& id,
             const v1::MeasuredValue& target);
Fact Result(const std::string& day, const std::string& id,
            const v1::MeasuredValue& value);
Fact Increment(const std::string& day, const std::string& id,
               const v1::MeasuredValue& value);
// A word with how far it is attained, in percent.
Fact Attained(const std::string& day, const std::string& id,
              const std::string& percent);
Fact Assessed(const std::string& day, const std::string& row,
              const std::string& score);

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CORE_REPORT_STORY_H_
