#include "services/grpc/authorize.h"

#include "absl/strings/str_cat.h"
#include "services/engine/entry_codec.h"

namespace daybook::services {

absl::StatusOr<Principal> Authorize(const grpc::ServerContextBase&) {
  return Principal{local_principal};
}

absl::Status AuthorizePersonalData(const Principal& caller,
                                   const Rights& rights,
                                   absl::string_view field) {
  if (rights.read_personal_data) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      field, ": ", caller.name,
      " may not read personal data on this server; leave the field out, or ask "
      "the operator to start daybookd with --personal_data=serve"));
}

}  // namespace daybook::services
