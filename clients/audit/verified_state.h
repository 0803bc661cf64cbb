// VerifiedState: what a verification leaves behind, so that the next one reads
// only what is new.
//
// It is kept by the auditor. Whoever can change it can make a verification pass
// over what it says was verified: keep it like a key.
//
// Thread safety: value types and pure functions.
//
// Text: docs/audit.md.

#ifndef DAYBOOK_CLIENTS_AUDIT_VERIFIED_STATE_H_
#define DAYBOOK_CLIENTS_AUDIT_VERIFIED_STATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/audit/checkpoint_check.h"
#include "core/base/strong_int.h"
#include "core/merkle/frontier.h"

namespace daybook::audit {

struct VerifiedState {
  std::string ledger = "";
  std::string origin = "";
  // The tree that was verified.
  merkle::Frontier tree = {};
  // Of its last entry.
  int64_t recorded_time_us = 0;
  // That its entries name, by position.
  std::vector<NamedKey> keys = {};
};

// Errors: INVALID_ARGUMENT when it is no such text, or its root is not that of
// its peaks.
absl::StatusOr<VerifiedState> ParseVerifiedState(absl::string_view text);

std::string FormatVerifiedState(const VerifiedState& state);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_VERIFIED_STATE_H_
