#include "core/checkpoint/verify_note.h"

#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::checkpoint {

absl::StatusOr<std::vector<VerifiedSignature>> VerifyNote(
    const Note& note, absl::Span<const VerifierKey> keys) {
  std::map<std::pair<absl::string_view, KeyId>, const VerifierKey*> known;
  for (const VerifierKey& key : keys) {
    if (!known.emplace(std::pair(absl::string_view(key.name()), key.id()), &key)
             .second) {
      return absl::InvalidArgumentError(
          absl::StrCat("two keys of ", key.name(), " have the same id"));
    }
  }
  std::vector<VerifiedSignature> verified;
  std::set<const VerifierKey*> seen;
  for (const NoteSignature& signature : note.signatures) {
    const auto found =
        known.find({absl::string_view(signature.name), signature.id});
    if (found == known.end()) continue;
    // Repetitions are checked too: none may be false.
    ASSIGN_OR_RETURN(VerifiedSignature checked,
                     found->second->Verify(note.text, signature));
    if (seen.insert(found->second).second) {
      verified.push_back(std::move(checked));
    }
  }
  if (verified.empty()) {
    return absl::UnauthenticatedError(
        "none of the known keys has signed the note");
  }
  return verified;
}

}  // namespace daybook::checkpoint
