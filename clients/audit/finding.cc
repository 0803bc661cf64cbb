#include "clients/audit/finding.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"

namespace daybook::audit {
namespace {

// Of a value that is shown; what strangers wrote may be long.
constexpr size_t value_bytes_max = 256;

}  // namespace

std::string FindingText(const Finding& finding) {
  std::string text;
  if (finding.position.has_value()) {
    absl::StrAppend(&text, "position ", *finding.position, ", ");
  }
  if (!finding.place.empty()) absl::StrAppend(&text, finding.place, ", ");
  absl::StrAppend(&text, finding.field, ": ",
                  finding.found.empty() ? "nothing" : finding.found);
  if (!finding.expected.empty()) {
    absl::StrAppend(&text, ", expected ", finding.expected);
  }
  return text;
}

void Findings::Add(Finding finding) {
  finding.found = Shortened(finding.found, value_bytes_max);
  finding.expected = Shortened(finding.expected, value_bytes_max);
  const absl::MutexLock lock(&mutex_);
  ++count_;
  if (kept_.size() < findings_max) kept_.push_back(std::move(finding));
}

void Findings::AddFile(absl::string_view path, const absl::Status& problem) {
  Add({.place = std::string(path),
       .field = "content",
       .found = absl::IsNotFound(problem) ? "missing"
                                          : std::string(problem.message()),
       .expected = "the file that was published"});
}

size_t Findings::count() const {
  const absl::MutexLock lock(&mutex_);
  return count_;
}

std::vector<Finding> Findings::Sorted() const {
  const absl::MutexLock lock(&mutex_);
  std::vector<Finding> sorted = kept_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace daybook::audit
