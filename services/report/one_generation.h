// ReadOneGeneration: lets an answer that reads several times be of one
// projection version.
//
// Thread safety: may be called from any thread.

#ifndef DAYBOOK_SERVICES_REPORT_ONE_GENERATION_H_
#define DAYBOOK_SERVICES_REPORT_ONE_GENERATION_H_

#include <cstdint>

#include "services/engine/ledger_engine.h"

namespace daybook::services {

// What `read` answers; it is called again when a rebuild was done meanwhile,
// also when it answered an error, which may come of reading both.
template <typename Read>
auto ReadOneGeneration(const LedgerEngine& engine, Read read) {
  while (true) {
    const uint64_t generation = engine.generation();
    auto answer = read();
    if (engine.generation() == generation) return answer;
  }
}

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_REPORT_ONE_GENERATION_H_
