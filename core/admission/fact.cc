#include "core/admission/fact.h"

#include <climits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/admission/fact_keys.h"

namespace daybook {
namespace {

template <typename Message>
absl::StatusOr<Fact> Parse(absl::string_view key, absl::string_view bytes) {
  Message message;
  if (bytes.size() <= INT_MAX &&
      message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Fact(std::move(message));
  }
  return absl::DataLossError(
      absl::StrCat("the stored fact ", absl::CHexEscape(key),
                   " can not be read; restart daybookd with --rebuild"));
}

}  // namespace

absl::StatusOr<Fact> ParseFact(absl::string_view key, absl::string_view bytes) {
  if (absl::StartsWith(key, "subject/")) {
    return Parse<internal::SubjectFact>(key, bytes);
  }
  if (absl::StartsWith(key, "opened/")) {
    return Parse<internal::OpenedFact>(key, bytes);
  }
  if (absl::StartsWith(key, "bucket/")) {
    return Parse<internal::BucketFact>(key, bytes);
  }
  if (absl::StartsWith(key, "project/")) {
    return Parse<internal::ProjectFact>(key, bytes);
  }
  if (absl::StartsWith(key, "indicator/")) {
    return Parse<internal::IndicatorFact>(key, bytes);
  }
  if (absl::StartsWith(key, "taken/")) {
    return Parse<internal::TakenFact>(key, bytes);
  }
  if (absl::StartsWith(key, "reversed/")) {
    return Parse<internal::ReversedFact>(key, bytes);
  }
  if (absl::StartsWith(key, erased_prefix)) {
    return Parse<internal::ErasedFact>(key, bytes);
  }
  return absl::DataLossError(
      absl::StrCat("no key of a fact: \"", absl::CHexEscape(key), "\""));
}

std::string FactBytes(const Fact& fact) {
  return std::visit(
      [](const auto& message) { return message.SerializeAsString(); }, fact);
}

}  // namespace daybook
