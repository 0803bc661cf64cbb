// Whether an event may be recorded after the entries of a ledger, judged the
// slow way from the rules of the messages: which rules it breaks.
//
// It knows the rules that Historian breaks on purpose, not those of form.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_SIMULATION_ORACLE_ADMISSION_H_
#define DAYBOOK_TESTS_SIMULATION_ORACLE_ADMISSION_H_

#include <cstdint>
#include <set>
#include <string>

#include "tests/simulation/oracle_view.h"

namespace daybook::testing {

// Every rule that BrokenRules may name.
const std::set<std::string>& AllRules();

// Empty: it may be recorded.
std::set<std::string> BrokenRules(const Entries& entries,
                                  const std::string& source,
                                  const v1::Event& event);

// What may still come back of a payment, or be cleared of an advance, on `day`.
int64_t RemainsOf(const Entries& entries, const v1::Entry& payment,
                  absl::CivilDay day);

// Amount and line of an expenditure, advance or clearing; null for others.
const v1::Line* PaymentLine(const v1::Event& event);
int64_t PaymentFen(const v1::Event& event);

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SIMULATION_ORACLE_ADMISSION_H_
