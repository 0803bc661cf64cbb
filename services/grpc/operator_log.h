// OperatorLog: what daybookd tells its operator, line by line, on standard
// error.
//
// Nobody waits for whoever reads it. A pipe that is not read takes some 64 KiB
// and then no more, and a call that waited for it would never be answered, nor
// the server stop. So lines are handed to a thread, which alone waits; those
// that find too many before them are dropped, and counted. A line that says
// what was said within the last minute is counted instead of written: a feeder
// that tries again and again on a full disk would fill another one.
//
// Thread safety: all methods may be called from any thread.

#ifndef DAYBOOK_SERVICES_GRPC_OPERATOR_LOG_H_
#define DAYBOOK_SERVICES_GRPC_OPERATOR_LOG_H_

#include <cstddef>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace daybook::services {

class OperatorLog {
 public:
  // Lines that wait to be written.
  static constexpr size_t waiting_lines_max = 256;

  // Bytes of one line; the rest of a longer one is cut off.
  static constexpr size_t line_bytes_max = 4'096;

  // How many different lines it knows again, and for how long.
  static constexpr size_t known_lines_max = 64;
  static constexpr absl::Duration known_for = absl::Minutes(1);

  // Writes to `file`, which must stay open for as long as the process runs:
  // the thread may still wait for its reader after this object is gone.
  explicit OperatorLog(int file);
  ~OperatorLog();
  OperatorLog(const OperatorLog&) = delete;
  OperatorLog& operator=(const OperatorLog&) = delete;

  // Says "daybookd: ", `text` and the end of the line. A reader that is gone is
  // no error.
  void Tell(absl::string_view text, absl::Time now);

  // Waits until all that was told is written, for `patience` at most. Returns
  // whether it is.
  bool Flush(absl::Duration patience);

 private:
  struct State;

  // The thread's too.
  const std::shared_ptr<State> state_;
};

// The one of this process, which writes to standard error.
OperatorLog& ProcessLog();

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_GRPC_OPERATOR_LOG_H_
