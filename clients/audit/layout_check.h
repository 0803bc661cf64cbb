// LayoutCheck: whether the files of an export are all there and no others, and
// whether those of earlier sizes agree with those of the newest.
//
// Verification reads the files that the newest checkpoint needs. An export that
// grew has partial ones of earlier checkpoints too, which mirrors still ask
// for: each must be the beginning of what took its place.
//
// Thread safety: pure functions, but for the findings that they add.

#ifndef DAYBOOK_CLIENTS_AUDIT_LAYOUT_CHECK_H_
#define DAYBOOK_CLIENTS_AUDIT_LAYOUT_CHECK_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/audit/checkpoint_check.h"
#include "clients/audit/directory_fetcher.h"
#include "clients/audit/finding.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::audit {

// "checkpoints/700": the checkpoint of an earlier size.
std::string OlderCheckpointPath(LogSize size);

// The partial files that a tree of a size needs.
std::vector<std::string> FilesOfSize(LogSize size);

// The full file that a partial one becomes: without ".p/…".
std::string FullPath(absl::string_view path);

// The older checkpoints of an export; what is none is a finding.
//
// Errors: those of the folder.
absl::StatusOr<std::vector<KeptCheckpoint>> ReadOlderCheckpoints(
    DirectoryFetcher& folder, Findings& findings);

// What of an export to look at.
struct LayoutCheck {
  DirectoryFetcher& folder;
  // The newest checkpoint's, as verified.
  LogSize size{0};
  // Who signed it; absent when nobody did who is trusted.
  std::optional<checkpoint::VerifierKey> signer;
  const std::vector<KeptCheckpoint>& older;
  Findings& findings;
};

// Compares all files; adds to `limits` what is not looked at.
//
// Errors: those of the folder.
absl::Status CheckLayout(const LayoutCheck& check,
                         std::vector<std::string>& limits);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_LAYOUT_CHECK_H_
