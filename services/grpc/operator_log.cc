#include "services/grpc/operator_log.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/base/utf8.h"

namespace daybook::services {

struct OperatorLog::State {
  // A line that was told, and how often since it was written.
  struct Known {
    std::string text;
    absl::Time written;
    uint64_t again = 0;
  };

  explicit State(int log_file) : file(log_file) {}

  // What is to be written for a line; empty when it is counted alone.
  std::string Count(std::string text, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  void Push(std::string text) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  bool done() const ABSL_SHARED_LOCKS_REQUIRED(mutex) {
    return waiting.empty() && !writing;
  }
  // What the thread does.
  void Work() ABSL_LOCKS_EXCLUDED(mutex);
  void Write(absl::string_view line) const;

  const int file;

  absl::Mutex mutex;
  // Lines were told, written, or the log closed.
  absl::CondVar changed;
  std::deque<std::string> waiting ABSL_GUARDED_BY(mutex);
  uint64_t dropped ABSL_GUARDED_BY(mutex) = 0;
  // The oldest first.
  std::deque<Known> known ABSL_GUARDED_BY(mutex);
  bool writing ABSL_GUARDED_BY(mutex) = false;
  bool closing ABSL_GUARDED_BY(mutex) = false;
};

std::string OperatorLog::State::Count(std::string text, absl::Time now) {
  const auto found =
      std::find_if(known.begin(), known.end(),
                   [&](const Known& line) { return line.text == text; });
  uint64_t again = 0;
  if (found != known.end()) {
    if (now - found->written < known_for) {
      ++found->again;
      return "";
    }
    again = found->again;
    known.erase(found);
  }
  if (known.size() == known_lines_max) known.pop_front();
  known.push_back({text, now, 0});
  if (again > 0) absl::StrAppend(&text, " (", again, " times more before)");
  return text;
}

void OperatorLog::State::Push(std::string text) {
  if (waiting.size() == waiting_lines_max) {
    ++dropped;
    return;
  }
  waiting.push_back(std::move(text));
  changed.SignalAll();
}

void OperatorLog::State::Work() {
  // A reader that is gone must not end the process.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  absl::MutexLock lock(&mutex);
  while (!closing || !waiting.empty()) {
    if (waiting.empty()) {
      changed.Wait(&mutex);
      continue;
    }
    const std::string line = std::move(waiting.front());
    waiting.pop_front();
    writing = true;
    mutex.Unlock();
    Write(line);
    mutex.Lock();
    writing = false;
    if (waiting.empty() && dropped > 0) {
      Push(absl::StrCat(std::exchange(dropped, 0),
                        " lines are missing here: nobody read them"));
    }
    changed.SignalAll();
  }
}

void OperatorLog::State::Write(absl::string_view line) const {
  // One write, or lines of other processes could stand in between.
  const std::string bytes = absl::StrCat("daybookd: ", line, "\n");
  absl::string_view left = bytes;
  while (!left.empty()) {
    const ssize_t written = write(file, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    left.remove_prefix(static_cast<size_t>(written));
  }
}

OperatorLog::OperatorLog(int file) : state_(std::make_shared<State>(file)) {
  std::thread([state = state_] { state->Work(); }).detach();
}

OperatorLog::~OperatorLog() {
  absl::MutexLock lock(&state_->mutex);
  state_->closing = true;
  state_->changed.SignalAll();
}

void OperatorLog::Tell(absl::string_view text, absl::Time now) {
  absl::MutexLock lock(&state_->mutex);
  std::string line = state_->Count(Shortened(text, line_bytes_max), now);
  if (!line.empty()) state_->Push(std::move(line));
}

bool OperatorLog::Flush(absl::Duration patience) {
  State& state = *state_;
  absl::MutexLock lock(&state.mutex);
  const auto done = [&state]()
                        ABSL_NO_THREAD_SAFETY_ANALYSIS { return state.done(); };
  return state.mutex.AwaitWithTimeout(absl::Condition(&done), patience);
}

OperatorLog& ProcessLog() {
  static auto* const log = new OperatorLog(STDERR_FILENO);
  return *log;
}

}  // namespace daybook::services
