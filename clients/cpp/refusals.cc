#include "clients/cpp/refusals.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/any.pb.h"

namespace daybook::client {
namespace {

constexpr const char* payload_url =
    "type.googleapis.com/daybook.v1.ErrorStatus";

}  // namespace

void AttachDetails(const std::string& error_details, absl::Status& status) {
  if (!error_details.empty()) {
    status.SetPayload(payload_url, absl::Cord(error_details));
  }
}

v1::AppendRefused Refusals(const absl::Status& status) {
  v1::AppendRefused refused;
  const auto payload = status.GetPayload(payload_url);
  if (!payload.has_value()) return refused;
  v1::ErrorStatus error;
  if (!error.ParseFromString(std::string(*payload))) return refused;
  for (const google::protobuf::Any& detail : error.details()) {
    if (detail.UnpackTo(&refused)) return refused;
  }
  return v1::AppendRefused();
}

std::string CodeName(int code) {
  const std::string name =
      absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
  return name.empty() ? absl::StrCat("code ", code) : name;
}

}  // namespace daybook::client
