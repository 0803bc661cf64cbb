#include "clients/cli/resume_file.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace daybook::cli {

absl::StatusOr<uint64_t> ResumeFile::Read() const {
  std::error_code error;
  if (!std::filesystem::exists(path_, error) && !error) return uint64_t{0};
  std::ifstream file(path_);
  std::string line;
  std::string rest;
  uint64_t position = 0;
  if (std::getline(file, line) && !std::getline(file, rest) &&
      absl::SimpleAtoi(line, &position)) {
    return position;
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "--resume=", path_,
      ": holds no position; name a file that this command wrote, or remove "
      "it"));
}

absl::Status ResumeFile::Write(uint64_t position) const {
  const std::string beside = path_ + ".new";
  std::ofstream file(beside, std::ios::trunc);
  file << position << "\n";
  file.close();
  std::error_code error;
  if (file.good()) std::filesystem::rename(beside, path_, error);
  if (file.good() && !error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("--resume=", path_,
                   ": can not be written; the next position is ", position));
}

}  // namespace daybook::cli
