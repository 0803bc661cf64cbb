#include "clients/cli/json.h"

#include "core/base/check.h"
#include "google/protobuf/util/json_util.h"

namespace daybook::cli {
namespace {

std::string ToJson(const google::protobuf::Message& message,
                   const google::protobuf::util::JsonPrintOptions& options) {
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  DAYBOOK_CHECK(status.ok());
  return json;
}

}  // namespace

std::string ToJsonLine(const google::protobuf::Message& message) {
  return ToJson(message, {});
}

std::string ToJsonText(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  return ToJson(message, options);
}

}  // namespace daybook::cli
