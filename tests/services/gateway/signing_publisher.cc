#include "tests/services/gateway/signing_publisher.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "tests/core/checkpoint/vectors.h"

namespace daybook::services {

SigningPublisher::SigningPublisher(const LedgerEngine& engine)
    : engine_(engine),
      key_(checkpoint::MakeSigner(engine.genesis().origin(),
                                  checkpoint::KeyType::kEd25519,
                                  checkpoint::LogSeed())) {}

void SigningPublisher::Sign(const merkle::TreeHead& head) {
  const auto note =
      checkpoint::SignCheckpoint({key_.verifier().name(), head, {}}, key_);
  DAYBOOK_CHECK(note.ok());
  v1::Checkpoint made;
  made.set_note(*checkpoint::FormatNote(*note));
  made.set_size(head.size.value());
  absl::MutexLock lock(&mutex_);
  kept_[head.size] = made;
}

void SigningPublisher::Fail(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  failure_ = std::move(status);
}

void SigningPublisher::LoseKey() {
  absl::MutexLock lock(&mutex_);
  has_key_ = false;
}

absl::StatusOr<v1::Checkpoint> SigningPublisher::Newest() {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  if (kept_.empty()) return absl::UnavailableError("nothing is signed yet");
  return kept_.rbegin()->second;
}

absl::StatusOr<v1::Checkpoint> SigningPublisher::Await(LogSize, absl::Time) {
  return absl::UnimplementedError("nobody waits here");
}

absl::StatusOr<std::vector<v1::Checkpoint>> SigningPublisher::List(
    LogSize, size_t) const {
  return absl::UnimplementedError("nobody lists here");
}

absl::Status SigningPublisher::AddCosignatures(
    LogSize size, const std::string& signature_lines) {
  absl::MutexLock lock(&mutex_);
  const auto found = kept_.find(size);
  if (found == kept_.end()) return absl::NotFoundError("it is not kept");
  absl::StrAppend(found->second.mutable_note(), signature_lines);
  return absl::OkStatus();
}

std::string SigningPublisher::verifier_key() const {
  absl::MutexLock lock(&mutex_);
  return has_key_ ? key_.verifier().ToString() : "";
}

absl::StatusOr<Publisher*> SigningPublishers::Find(
    absl::string_view ledger_id) {
  ASSIGN_OR_RETURN(const LedgerEngine* const engine, ledgers_.Find(ledger_id));
  absl::MutexLock lock(&mutex_);
  auto& made = publishers_[std::string(ledger_id)];
  if (made == nullptr) made = std::make_unique<SigningPublisher>(*engine);
  return made.get();
}

SigningPublisher& SigningPublishers::Of(absl::string_view ledger_id) {
  const auto found = Find(ledger_id);
  DAYBOOK_CHECK(found.ok());
  return static_cast<SigningPublisher&>(**found);
}

}  // namespace daybook::services
