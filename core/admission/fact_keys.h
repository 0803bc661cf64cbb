// Keys of the facts that admission keeps about what is recorded. Their values
// are the facts of fact.h.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_FACT_KEYS_H_
#define DAYBOOK_CORE_ADMISSION_FACT_KEYS_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "core/base/strong_int.h"
#include "daybook/v1/values.pb.h"

namespace daybook {

inline std::string SubjectKey(absl::string_view subject) {
  return absl::StrCat("subject/", subject);
}

inline std::string OpenedKey(absl::string_view report) {
  return absl::StrCat("opened/", report);
}

inline std::string ProjectKey(absl::string_view department,
                              absl::string_view key) {
  return absl::StrCat("project/", department, "/", key);
}

inline std::string IndicatorKey(absl::string_view report,
                                absl::string_view key) {
  return absl::StrCat("indicator/", report, "/", key);
}

inline std::string ReversedKey(Position position) {
  return absl::StrCat("reversed/", position.value());
}

// What the keys of all erasures begin with.
inline constexpr char erased_prefix[] = "erased/";

// In the order of positions.
inline std::string ErasedKey(Position position) {
  return absl::StrFormat("%s%020u", erased_prefix, position.value());
}

inline std::string TakenKey(const v1::EventIdentity& payment) {
  return absl::StrCat("taken/", payment.source(), "\x1f", payment.event_id());
}

inline std::string BucketFactKey(absl::string_view report,
                                 absl::string_view bucket_key) {
  return absl::StrCat("bucket/", report, "/", bucket_key);
}

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_FACT_KEYS_H_
