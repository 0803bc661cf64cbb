#include "services/cosigning/cosigning.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/note.h"
#include "services/grpc/operator_log.h"

namespace daybook::services {
namespace {

// That a witness fails is told this often.
constexpr absl::Duration told_every = absl::Minutes(1);

constexpr int doublings_max = 16;

}  // namespace

Cosigning::Cosigning(LedgerRegistry& ledgers, Publishers& publishers,
                     const checkpoint::Policy& policy, Options options)
    : ledgers_(ledgers), publishers_(publishers), options_(options) {
  for (const checkpoint::PolicyLog& log : policy.logs()) {
    verifier_keys_.push_back(log.key.ToString());
  }
  for (const checkpoint::PolicyWitness& witness : policy.witnesses()) {
    if (witness.url.empty()) continue;
    clients_.push_back(
        std::make_unique<WitnessClient>(witness, options_.limits));
  }
  for (const auto& client : clients_) {
    threads_.emplace_back([this, one = client.get()] { Run(*one); });
  }
}

Cosigning::~Cosigning() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (const auto& client : clients_) client->Cancel();
  for (std::thread& thread : threads_) thread.join();
}

bool Cosigning::Rest() {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.interval);
  return !stopping_;
}

void Cosigning::Run(WitnessClient& client) {
  std::map<std::string, Standing> standings;
  do {
    for (const std::string& ledger_id : ledgers_.Opened()) {
      Standing& standing = standings[ledger_id];
      if (absl::Now() < standing.next) continue;
      const absl::Status status = Submit(ledger_id, client, standing);
      if (absl::IsCancelled(status)) return;
      Note(ledger_id, client, status, standing);
    }
  } while (Rest());
}

absl::Status Cosigning::Submit(const std::string& ledger_id,
                               WitnessClient& client, Standing& standing) {
  ASSIGN_OR_RETURN(Publisher* const publisher, publishers_.Find(ledger_id));
  const std::string key = publisher->verifier_key();
  if (key.empty() || (!verifier_keys_.empty() &&
                      std::find(verifier_keys_.begin(), verifier_keys_.end(),
                                key) == verifier_keys_.end())) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const v1::Checkpoint newest, publisher->Newest());
  const LogSize size(newest.size());
  if (size <= standing.cosigned) return absl::OkStatus();
  ASSIGN_OR_RETURN(const checkpoint::Note note,
                   checkpoint::ParseNote(newest.note()));
  if (!client.HasCosigned(note)) {
    ASSIGN_OR_RETURN(const LedgerEngine* const engine,
                     ledgers_.Find(ledger_id));
    ASSIGN_OR_RETURN(const std::string line,
                     client.Ask(note, [engine](LogSize older, LogSize newer) {
                       return engine->tree().ProveConsistency(older, newer);
                     }));
    const absl::Status kept = publisher->AddCosignatures(size, line);
    // The ledger went on so far that this one is not kept any more.
    if (!kept.ok() && !absl::IsNotFound(kept)) return kept;
  }
  standing.cosigned = size;
  return absl::OkStatus();
}

void Cosigning::Note(const std::string& ledger_id, const WitnessClient& client,
                     const absl::Status& status, Standing& standing) const {
  if (status.ok()) {
    if (standing.failures > 0) {
      ProcessLog().Tell(absl::StrCat("witness ", client.witness().name,
                                     " cosigns ledgers/", ledger_id, " again"),
                        absl::Now());
    }
    standing.failures = 0;
    return;
  }
  const absl::Time now = absl::Now();
  const int doublings = std::min(standing.failures, doublings_max);
  standing.next =
      now + std::min(options_.pause_max, options_.pause_min * (1 << doublings));
  ++standing.failures;
  if (now < standing.told + told_every) return;
  standing.told = now;
  ProcessLog().Tell(absl::StrCat("witness ", client.witness().name,
                                 " does not cosign ledgers/", ledger_id, ": ",
                                 status.ToString()),
                    now);
}

}  // namespace daybook::services
