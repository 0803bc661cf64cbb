#include "services/grpc/request_check.h"

#include <google/protobuf/unknown_field_set.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::services {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::UnknownFieldSet;

absl::Status CheckKnownFields(const Message& request, Depth depth) {
  const Reflection& reflection = *request.GetReflection();
  const UnknownFieldSet& unknown = reflection.GetUnknownFields(request);
  if (!unknown.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        request.GetDescriptor()->name(), ": field number ",
        unknown.field(0).number(),
        " is unknown to this server; leave it out, or ask a newer server"));
  }
  if (depth == Depth::kEnvelope) return absl::OkStatus();

  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(request, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      RETURN_IF_ERROR(CheckKnownFields(reflection.GetMessage(request, field)));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(request, field); ++i) {
      RETURN_IF_ERROR(
          CheckKnownFields(reflection.GetRepeatedMessage(request, field, i)));
    }
  }
  return absl::OkStatus();
}

}  // namespace daybook::services
