#include "clients/cli/interruption.h"

namespace daybook::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void Note(int) { interrupted = 1; }

}  // namespace

Interruption::Interruption() {
  interrupted = 0;
  struct sigaction noted = {};
  noted.sa_handler = Note;
  noted.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &noted, &on_interrupt_);
  sigaction(SIGTERM, &noted, &on_termination_);
}

Interruption::~Interruption() {
  sigaction(SIGINT, &on_interrupt_, nullptr);
  sigaction(SIGTERM, &on_termination_, nullptr);
}

bool Interruption::happened() const { return interrupted != 0; }

}  // namespace daybook::cli
