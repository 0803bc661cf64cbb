// An entry as a row for people.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_ENTRY_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_ENTRY_TEXT_H_

#include <string>
#include <vector>

#include "daybook/v1/entry.pb.h"

namespace daybook::cli {

// Position, recorded time, the source's own recorded time, source, event id,
// effective date, document date, payload, amount in yuan, and what it is about:
// line, indicator, figure or name, what it refers to, and who let it in late.
std::vector<std::string> EntryCells(const v1::Entry& entry);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_ENTRY_TEXT_H_
