// The command line of daybookd.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_SERVICES_SERVER_SERVER_FLAGS_H_
#define DAYBOOK_SERVICES_SERVER_SERVER_FLAGS_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::services {

struct ServerFlags {
  std::filesystem::path data_dir;
  std::string listen = "127.0.0.1:7400";
  // Empty: no files are given out.
  std::string http_listen = "127.0.0.1:7480";
  // Empty: no witness is asked.
  std::filesystem::path policy;
  // Empty: nothing is signed.
  std::filesystem::path key_dir;
  bool rebuild = false;
  // Nothing is recorded nor signed.
  bool read_only = false;
  // What stays free on the disk.
  uint64_t disk_reserve_mib = 64;
  // Whether personal data is given out.
  bool personal_data = false;
  bool help = false;
};

// Reads the arguments after the program's name, written --name=value.
//
// Errors: INVALID_ARGUMENT naming the argument and what is allowed.
absl::StatusOr<ServerFlags> ParseServerFlags(
    const std::vector<std::string>& arguments);

// What --help prints.
absl::string_view ServerUsage();

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_SERVER_SERVER_FLAGS_H_
