#include "clients/audit/checkpoint_check.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/signed_checkpoint.h"

namespace daybook::audit {
namespace {

using checkpoint::VerifierKey;

// Finds out whom to trust, in rounds: each checkpoint that opens may lead to
// keys that open others.
class Trust {
 public:
  Trust(const CheckpointCheck& check, const std::vector<KeptCheckpoint>& kept)
      : check_(check), kept_(kept), signers_(kept.size()) {
    keys_.push_back(check.trusted);
  }

  // `agrees` says of each whether its root is that of the rebuilt tree.
  void Spread(const std::vector<bool>& agrees) {
    for (bool grown = true; grown;) {
      grown = false;
      for (size_t i = 0; i < kept_.size(); ++i) {
        if (signers_[i].has_value()) continue;
        Open(i);
        if (!signers_[i].has_value()) continue;
        grown = true;
        if (agrees[i]) TrustCovered(kept_[i].said);
      }
    }
  }

  const std::vector<std::optional<VerifierKey>>& signers() const {
    return signers_;
  }

  // Why a checkpoint did not open.
  std::string Problem(const KeptCheckpoint& kept) const {
    for (const VerifierKey& key : keys_) {
      const absl::Status status =
          checkpoint::OpenCheckpoint(kept.note, key, {}).status();
      if (absl::IsPermissionDenied(status)) {
        return std::string(status.message());
      }
    }
    return "by none of the keys that are trusted";
  }

 private:
  void Open(size_t i) {
    for (const VerifierKey& key : keys_) {
      if (!checkpoint::OpenCheckpoint(kept_[i].note, key, {}).ok()) continue;
      signers_[i] = key;
      return;
    }
  }

  void TrustCovered(const checkpoint::Checkpoint& said) {
    for (const NamedKey& named : check_.named) {
      if (named.position >= said.head.size.value()) continue;
      const absl::StatusOr<VerifierKey> key =
          KeyOf(check_.trusted.name(), named.key);
      if (!key.ok()) continue;
      if (std::find(keys_.begin(), keys_.end(), *key) == keys_.end()) {
        keys_.push_back(*key);
      }
    }
  }

  const CheckpointCheck& check_;
  const std::vector<KeptCheckpoint>& kept_;
  std::vector<VerifierKey> keys_;
  std::vector<std::optional<VerifierKey>> signers_;
};

}  // namespace

absl::StatusOr<KeptCheckpoint> ParseKept(std::string place,
                                         absl::string_view note) {
  KeptCheckpoint kept;
  kept.place = std::move(place);
  ASSIGN_OR_RETURN(kept.note, checkpoint::ParseNote(note));
  ASSIGN_OR_RETURN(kept.said, checkpoint::ParseCheckpoint(kept.note.text));
  return kept;
}

absl::StatusOr<VerifierKey> KeyOf(const std::string& origin,
                                  const checkpoint::Ed25519PublicKey& key) {
  return VerifierKey::Create(origin, checkpoint::KeyType::kEd25519, key);
}

std::vector<std::optional<VerifierKey>> CheckCheckpoints(
    const CheckpointCheck& check, const std::vector<KeptCheckpoint>& kept,
    absl::FunctionRef<std::optional<merkle::Hash>(LogSize)> root_at) {
  std::vector<bool> agrees(kept.size(), false);
  for (size_t i = 0; i < kept.size(); ++i) {
    const std::optional<merkle::Hash> root = root_at(kept[i].said.head.size);
    if (!root.has_value()) continue;
    agrees[i] = *root == kept[i].said.head.root;
    if (agrees[i]) continue;
    check.findings.Add(
        {.place = kept[i].place,
         .field = absl::StrCat("root of size ", kept[i].said.head.size.value()),
         .found = absl::Base64Escape(kept[i].said.head.root.bytes()),
         .expected = absl::StrCat(absl::Base64Escape(root->bytes()),
                                  " of the entries")});
  }
  Trust trust(check, kept);
  trust.Spread(agrees);
  for (size_t i = 0; i < kept.size(); ++i) {
    if (trust.signers()[i].has_value()) continue;
    check.findings.Add({.place = kept[i].place,
                        .field = "signature",
                        .found = trust.Problem(kept[i]),
                        .expected = check.trusted.ToString()});
  }
  return trust.signers();
}

}  // namespace daybook::audit
