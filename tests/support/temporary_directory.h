// TemporaryDirectory: an empty directory for one test, removed with its
// contents afterwards.
//
// It lies under TEST_TMPDIR when that is set, otherwise under the system's
// folder for temporary files.
//
// Thread safety: a value that one test owns.

#ifndef DAYBOOK_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
#define DAYBOOK_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "core/base/check.h"

namespace daybook::testing {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    const char* const given = std::getenv("TEST_TMPDIR");
    std::string name =
        (given != nullptr ? std::filesystem::path(given)
                          : std::filesystem::temp_directory_path()) /
        "daybook-XXXXXX";
    DAYBOOK_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }

  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
