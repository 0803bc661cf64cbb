// StoppedLog: the database of a log that no process has open, to be changed as
// somebody could who has its files and RocksDB's own tools: every checksum of
// the database fits afterwards.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SUPPORT_STOPPED_LOG_H_
#define DAYBOOK_TESTS_SUPPORT_STOPPED_LOG_H_

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace daybook::testing {

class StoppedLog {
 public:
  // The log in this directory, such as DATA/ledgers/430203. Its database must
  // be one that opens.
  explicit StoppedLog(const std::filesystem::path& directory);
  ~StoppedLog();
  StoppedLog(const StoppedLog&) = delete;
  StoppedLog& operator=(const StoppedLog&) = delete;

  using Row = std::pair<std::string, std::string>;

  // All rows of a column family ("entries", "tree"), in order of their keys.
  std::vector<Row> Rows(absl::string_view family) const;

  void Put(absl::string_view family, absl::string_view key,
           absl::string_view value);
  void Delete(absl::string_view family, absl::string_view key);

 private:
  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_STOPPED_LOG_H_
