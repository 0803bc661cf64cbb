// ResumeFile: the position at which a replay goes on, kept in a file.
//
// The file holds one decimal number and a newline. It is replaced whole, so
// that it is never half written.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_CLI_RESUME_FILE_H_
#define DAYBOOK_CLIENTS_CLI_RESUME_FILE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace daybook::cli {

class ResumeFile {
 public:
  explicit ResumeFile(std::string path) : path_(std::move(path)) {}

  // 0 when there is no such file yet.
  //
  // Errors: FAILED_PRECONDITION when it can not be read or holds something
  // else.
  absl::StatusOr<uint64_t> Read() const;

  // Errors: FAILED_PRECONDITION when it can not be written; it is as it was.
  absl::Status Write(uint64_t position) const;

 private:
  const std::string path_;
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_RESUME_FILE_H_
