// OracleView: what of a ledger counts for one report, as known at a size and as
// of a day, found the slow way.
//
// It goes through the list of entries for every question, straight from the
// folding rules of the design. The oracles share with the core the messages and
// the parsing of figure paths, and nothing else: where the two differ, one of
// them has misread a rule.
//
// Thread safety: pure functions and a value type.

#ifndef DAYBOOK_TESTS_SIMULATION_ORACLE_VIEW_H_
#define DAYBOOK_TESTS_SIMULATION_ORACLE_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "core/budget/figure_path.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::testing {

__extension__ typedef __int128 Wide;

// Entries of a ledger in its order; they must outlive what is found in them.
using Entries = std::vector<const v1::Entry*>;

// The first `size` entries.
Entries FirstEntries(const std::vector<v1::Entry>& entries, size_t size);

absl::CivilDay DayOf(const v1::Date& date);
absl::CivilDay DayOf(const v1::Entry& entry);
bool BeginsWith(const std::string& text, const std::string& prefix);
// "ledgers/L/departments/D" of a department or report.
std::string DepartmentOfSubject(const std::string& subject);

// Null when it is not recorded.
const v1::Entry* FindEvent(const Entries& entries, const std::string& source,
                           const std::string& event_id);
// The event that a reversal cancels; null when it is not recorded.
const v1::Entry* TargetOf(const Entries& entries, const v1::Entry& reversal);
// The day from which the entry is absent; nothing when it is not reversed.
std::optional<absl::CivilDay> ReversedFrom(const Entries& entries,
                                           const v1::Entry& entry);
// The last closed day of a report, if any day is closed.
std::optional<absl::CivilDay> ClosedThrough(const Entries& entries,
                                            const std::string& report);

// What an event adds to a sum of money.
struct MoneyPart {
  // One that is no sum of others.
  Measure measure = Measure::kApproved;
  // An approval that counts in topic rows alone.
  bool of_which = false;
  v1::Line line;
  int64_t fen = 0;
  bool procurement = false;
};

struct OracleView {
  std::string report;
  absl::CivilDay day;
  // Those about the report or its department.
  Entries known;
  // Dated ones that live on the day, by (effective date, position).
  Entries living;
  // What the living ones add.
  std::vector<MoneyPart> money;
  // The latest one, with the first one's book source.
  v1::ReportOpened opened;

  bool IsOpened(v1::Fund fund) const;
  bool HasProject(const std::string& key) const;
  // Before 31 December.
  bool interim() const;
};

OracleView LookAt(const Entries& entries, const std::string& report,
                  absl::CivilDay day);

// What a report says of its closing.
struct ClosingAnswer {
  uint32_t late_adjustments = 0;
  std::optional<absl::CivilDay> closed_through;
  // Positions.
  std::vector<uint64_t> publications;
};

ClosingAnswer AnswerClosing(const OracleView& view);

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SIMULATION_ORACLE_VIEW_H_
