// Progress: how far a long work is, for whoever shows it.
//
// Thread safety: told by one thread at a time.

#ifndef DAYBOOK_CLIENTS_AUDIT_PROGRESS_H_
#define DAYBOOK_CLIENTS_AUDIT_PROGRESS_H_

#include <cstdint>
#include <functional>

namespace daybook::audit {

// Called with what is being done ("entries"), how much of it is done, and how
// much there is. Empty: nobody wants to know.
using Progress =
    std::function<void(const char* what, uint64_t done, uint64_t total)>;

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_PROGRESS_H_
