// A policy read from its file.
//
// Thread safety: may be called from any thread.
//
// Format: c2sp.org/tlog-policy; docs/formats/checkpoint.md.

#ifndef DAYBOOK_SERVICES_WITNESS_POLICY_FILE_H_
#define DAYBOOK_SERVICES_WITNESS_POLICY_FILE_H_

#include <filesystem>

#include "absl/status/statusor.h"
#include "core/checkpoint/policy.h"

namespace daybook::services {

// Errors, each naming the path: NOT_FOUND when it can not be read;
// INVALID_ARGUMENT as Policy::Parse.
absl::StatusOr<checkpoint::Policy> ReadPolicyFile(
    const std::filesystem::path& path);

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_WITNESS_POLICY_FILE_H_
