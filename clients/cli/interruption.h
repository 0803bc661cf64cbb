// Interruption: lets a long command that is interrupted from the terminal end
// in order, and say where it was.
//
// While it lives the first SIGINT or SIGTERM is noted; the second ends the
// process.
//
// Thread safety: one at a time.

#ifndef DAYBOOK_CLIENTS_CLI_INTERRUPTION_H_
#define DAYBOOK_CLIENTS_CLI_INTERRUPTION_H_

#include <csignal>

namespace daybook::cli {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  bool happened() const;

 private:
  struct sigaction on_interrupt_ = {};
  struct sigaction on_termination_ = {};
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_INTERRUPTION_H_
