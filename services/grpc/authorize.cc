#include "services/grpc/authorize.h"

#include "services/engine/entry_codec.h"

namespace daybook::services {

absl::StatusOr<Principal> Authorize(const grpc::ServerContextBase&) {
  return Principal{local_principal};
}

}  // namespace daybook::services
