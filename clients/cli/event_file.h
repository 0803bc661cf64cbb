// EventFile: events in a file of JSON lines.
//
// Each line holds one EventInput in protobuf's JSON mapping. The whole file is
// checked before its first event is used, so that a mistake in its last line
// leaves nothing half done; it is read twice instead of kept, so that memory
// does not grow with it, nor with the longest line. Standard input, or another
// stream that can be read only once, is first copied to a temporary file.
//
// Thread safety: thread-compatible.
//
// Format: docs/cli.md, "append".

#ifndef DAYBOOK_CLIENTS_CLI_EVENT_FILE_H_
#define DAYBOOK_CLIENTS_CLI_EVENT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <istream>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daybook/v1/event.pb.h"

namespace daybook::cli {

struct EventLine {
  // From 1.
  int64_t line = 0;
  v1::EventInput input;
};

class EventFile {
 public:
  static constexpr size_t line_bytes_max = size_t{1} << 20;
  static constexpr uint64_t spooled_bytes_max = uint64_t{1} << 30;

  // `path` is a file's, or "-" for `in`.
  //
  // Errors: NOT_FOUND when there is no such file; FAILED_PRECONDITION when it
  // can not be read; OUT_OF_RANGE when a stream is over 1 GiB.
  static absl::StatusOr<EventFile> Open(const std::string& path,
                                        std::istream& in);

  // Reads every line and answers how many events there are. Problems are
  // reported as "FILE:LINE: what is wrong and what to do", at most 16 of them
  // and then how many more there were.
  //
  // Errors: INVALID_ARGUMENT when a line is wrong, or the events are of several
  // ledgers; FAILED_PRECONDITION when the file can not be read to its end.
  absl::StatusOr<int64_t> Check(std::ostream& err);

  // The ledger that the events' subjects name; known after Check.
  const std::string& ledger() const { return ledger_; }

  // Calls `visit` with each event, in order; stops at the first status that is
  // not OK and returns it. Check must have passed.
  absl::Status ForEach(absl::FunctionRef<absl::Status(EventLine)> visit);

  // "FILE:LINE" for messages.
  std::string At(int64_t line) const;

 private:
  EventFile(std::string name, std::fstream file);

  // Calls `visit` with each line that is not blank and its number, cut where it
  // is longer than `line_bytes_max`.
  absl::Status ForEachLine(
      absl::FunctionRef<absl::Status(int64_t, const std::string&)> visit);
  // The next line; false at the end, or when the file can not be read on.
  bool ReadLine(std::string& line);
  absl::Status CheckLedger(const v1::EventInput& input);

  std::string name_;
  std::fstream file_;
  std::string ledger_;
  // What ReadLine reads into.
  std::string buffer_;
};

// One line. The error says field, value and remedy.
//
// Errors: INVALID_ARGUMENT.
absl::StatusOr<v1::EventInput> ParseEventLine(const std::string& line);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_EVENT_FILE_H_
