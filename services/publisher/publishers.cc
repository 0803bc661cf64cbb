#include "services/publisher/publishers.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"

namespace daybook::services {

LedgerPublishers::LedgerPublishers(LedgerRegistry& ledgers,
                                   storage::DataDirectory& directory,
                                   const Clock& clock, Options options)
    : ledgers_(ledgers),
      directory_(directory),
      clock_(clock),
      options_(options) {
  ledgers_.SetKeeper(this);
}

LedgerPublisher* LedgerPublishers::FindOpened(
    absl::string_view ledger_id) const {
  absl::MutexLock lock(&mutex_);
  const auto found = publishers_.find(ledger_id);
  return found == publishers_.end() ? nullptr : found->second.get();
}

absl::StatusOr<LedgerPublisher*> LedgerPublishers::Open(
    absl::string_view ledger_id) {
  // Opening the ledger makes its publisher.
  RETURN_IF_ERROR(ledgers_.Find(ledger_id).status());
  LedgerPublisher* const publisher = FindOpened(ledger_id);
  DAYBOOK_CHECK(publisher != nullptr);
  return publisher;
}

absl::StatusOr<Publisher*> LedgerPublishers::Find(absl::string_view ledger_id) {
  return Open(ledger_id);
}

absl::StatusOr<v1::RotateKeyResponse> LedgerPublishers::RotateKey(
    absl::string_view ledger_id, const std::string& principal,
    const std::string& reason) {
  ASSIGN_OR_RETURN(LedgerPublisher* const publisher, Open(ledger_id));
  return publisher->Rotate(principal, reason);
}

absl::Status LedgerPublishers::Begin(absl::string_view ledger_id,
                                     v1::Genesis& genesis) {
  if (options_.keys == nullptr) return absl::OkStatus();
  const auto key = options_.keys->ReadKey(ledger_id, KeyRole::kCurrent);
  if (absl::IsNotFound(key.status())) return absl::OkStatus();
  RETURN_IF_ERROR(key.status());
  const checkpoint::VerifierKey& verifier = key->verifier();
  if (genesis.origin().empty()) genesis.set_origin(verifier.name());
  if (genesis.origin() != verifier.name()) {
    return absl::InvalidArgumentError(
        absl::StrCat("origin: \"", genesis.origin(),
                     "\" is not that of the ledger's key; leave it out, or "
                     "give \"",
                     verifier.name(), "\""));
  }
  // A log that was signed has a genesis already, and there is no other.
  RETURN_IF_ERROR(
      CheckNotBehind(*options_.keys, ledger_id, genesis.origin(), LogSize(0)));
  genesis.set_public_key(verifier.public_key().data(),
                         verifier.public_key().size());
  return absl::OkStatus();
}

absl::Status LedgerPublishers::Opened(absl::string_view ledger_id,
                                      LedgerEngine& engine) {
  ASSIGN_OR_RETURN(storage::EventLog* const log,
                   directory_.OpenLedger(ledger_id));
  ASSIGN_OR_RETURN(
      auto publisher,
      LedgerPublisher::Open({std::string(ledger_id), engine, *log,
                             options_.keys, clock_, options_.read_only}));
  absl::MutexLock lock(&mutex_);
  publishers_[std::string(ledger_id)] = std::move(publisher);
  return absl::OkStatus();
}

void LedgerPublishers::DescribeKey(absl::string_view ledger_id,
                                   v1::Ledger& ledger) const {
  if (options_.keys == nullptr) {
    return ledger.set_unsigned_reason("daybookd runs without --key_dir");
  }
  const auto key = options_.keys->ReadKey(ledger_id, KeyRole::kCurrent);
  if (absl::IsNotFound(key.status())) {
    return ledger.set_unsigned_reason("there is no key of it");
  }
  if (!key.ok()) {
    return ledger.set_unsigned_reason(std::string(key.status().message()));
  }
  if (key->verifier().name() != ledger.origin()) {
    return ledger.set_unsigned_reason("its key is of another log");
  }
  ledger.set_verifier_key(key->verifier().ToString());
}

absl::Status LedgerPublishers::Describe(absl::string_view ledger_id,
                                        v1::Ledger& ledger) {
  const LedgerPublisher* const publisher = FindOpened(ledger_id);
  if (publisher != nullptr) {
    ledger.set_verifier_key(publisher->verifier_key());
    ledger.set_unsigned_reason(std::string(publisher->problem().message()));
    return absl::OkStatus();
  }
  if (options_.keys != nullptr && !options_.read_only) {
    RETURN_IF_ERROR(CheckNotBehind(*options_.keys, ledger_id, ledger.origin(),
                                   LogSize(ledger.size())));
  }
  DescribeKey(ledger_id, ledger);
  return absl::OkStatus();
}

}  // namespace daybook::services
