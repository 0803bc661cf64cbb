// DirectoryFetcher: reads an export, or any other folder in the layout.
//
// Thread safety: as Fetcher.

#ifndef DAYBOOK_CLIENTS_AUDIT_DIRECTORY_FETCHER_H_
#define DAYBOOK_CLIENTS_AUDIT_DIRECTORY_FETCHER_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/audit/fetcher.h"

namespace daybook::audit {

class DirectoryFetcher final : public Fetcher {
 public:
  explicit DirectoryFetcher(std::filesystem::path directory)
      : directory_(std::move(directory)) {}

  // `path` must be relative and stay within the folder.
  absl::StatusOr<std::string> Read(const std::string& path) override;
  size_t reads_at_once() const override { return 2; }

  // All files below a folder of it, as Read takes them, in byte order; none
  // when there is no such folder.
  //
  // Errors: DATA_LOSS when a folder can not be read.
  absl::StatusOr<std::vector<std::string>> List(const std::string& below) const;

 private:
  const std::filesystem::path directory_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_DIRECTORY_FETCHER_H_
