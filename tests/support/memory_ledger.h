// MemoryLedger: a ledger without storage or services, for tests.
//
// Events go through the same admission and the same fold as in a server; the
// facts that admission asks for lie in a map.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SUPPORT_MEMORY_LEDGER_H_
#define DAYBOOK_TESTS_SUPPORT_MEMORY_LEDGER_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/admission/fact.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"
#include "tests/support/ledger_state.h"

namespace daybook::testing {

class MemoryLedger {
 public:
  // `name` is "ledgers/430203".
  explicit MemoryLedger(std::string name);

  // Records the event, or answers why not.
  std::vector<v1::Problem> Append(const std::string& source,
                                  const v1::EventInput& input);

  const LedgerState& state() const { return state_; }
  const std::vector<v1::Entry>& entries() const { return entries_; }

 private:
  const std::string name_;
  LedgerState state_;
  std::vector<v1::Entry> entries_;
  std::map<std::string, ::daybook::Fact> facts_;
  // Position by (source, event id).
  std::map<std::pair<std::string, std::string>, uint64_t> identities_;
};

// The inputs of a file of JSON lines, one of which must be on each line.
std::vector<v1::EventInput> ReadInputs(const std::string& path);

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_MEMORY_LEDGER_H_
