// Verification of a ledger by somebody who trusts one public key and nothing
// else.
//
// Every entry is read and hashed again, the tree is rebuilt from these hashes
// and compared with every tile and every signed root, and the states of all
// reports are derived from the entries, to be compared with what a server
// answers (server_check.h). Nothing of storage/ or of the server is linked.
//
// Some threads read, hash and parse bundles; one folds them in order. Memory:
// 28 to 32 bytes an entry for identities and reversals, the sums of all
// buckets, at most 96 MB of what is stated, and a ring of bundles.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_AUDIT_VERIFY_H_
#define DAYBOOK_CLIENTS_AUDIT_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/audit/bundle_reading.h"
#include "clients/audit/checkpoint_check.h"
#include "clients/audit/fetcher.h"
#include "clients/audit/finding.h"
#include "clients/audit/identity_table.h"
#include "clients/audit/personal_file.h"
#include "clients/audit/progress.h"
#include "clients/audit/report_fold.h"
#include "clients/audit/tree_fold.h"
#include "clients/audit/verified_state.h"
#include "core/checkpoint/verifier_key.h"

namespace daybook::audit {

// What the entries say about a source.
struct SourceCount {
  uint64_t created = 0;
  // Of these, entries that the server itself made.
  uint64_t by_server = 0;
  uint64_t last_position = 0;
  int64_t last_recorded_time_us = 0;
  std::string last_event_id;
};

struct VerifyOptions {
  // The key that is trusted.
  checkpoint::VerifierKey key;
  // Where to go on; absent: all entries are read.
  std::optional<VerifiedState> since = std::nullopt;
  // Null: personal data is not looked at.
  PersonalReader* personal = nullptr;
  // Draws the day on which reports are compared.
  uint64_t seed = 0;
  // 0: as many as the machine has cores.
  size_t threads = 0;
  Progress progress = {};
};

class Verification {
 public:
  // `fetcher` and `findings` must outlive it.
  Verification(Fetcher& fetcher, VerifyOptions options, Findings& findings);
  ~Verification();
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;

  // Verifies up to the newest checkpoint; `others` are compared with the same
  // tree. What is wrong becomes findings.
  //
  // Errors: what keeps from telling, such as UNAVAILABLE; DATA_LOSS when there
  // is no checkpoint that says how much there is to read: that is a finding,
  // and nothing else could be looked at.
  absl::Status Run(std::vector<KeptCheckpoint> others);

  // After Run.

  // The newest checkpoint, whether or not it is in order.
  const KeptCheckpoint& newest() const { return kept_.front(); }
  // Who signed it; absent when nobody did who is trusted.
  const std::optional<checkpoint::VerifierKey>& signer() const {
    return signers_.front();
  }
  LogSize size() const { return newest().said.head.size; }
  // Where reading began: 0 unless a verification went on.
  uint64_t first_read() const { return first_read_; }
  uint64_t bytes() const { return bytes_; }
  uint64_t checkpoints() const { return kept_.size(); }
  uint64_t personal_checked() const { return personal_checked_; }
  int64_t last_recorded_time_us() const { return last_recorded_time_us_; }
  // "ledgers/430203", by the genesis; empty when that is lost.
  const std::string& ledger() const { return ledger_; }

  // Null when a verification went on, or too much is stated to keep it.
  const ReportFold* reports() const;
  // Empty when a verification went on.
  const std::map<std::string, SourceCount>& sources() const { return sources_; }

  // What was not checked, in sentences.
  const std::vector<std::string>& limits() const { return limits_; }

  // To go on from; absent unless all of it was in order.
  std::optional<VerifiedState> State() const;

 private:
  absl::Status OpenNewest();
  absl::Status CheckSince();
  absl::StatusOr<merkle::Frontier> Begin();
  absl::Status ReadAll();
  absl::Status Take(BundleReading& reading);
  void TakeNote(Position position, const EntryNote& note);
  void NoteKey(Position position, const std::string& bytes);
  void NoteGenesis(const v1::Genesis& genesis);
  void CountSource(Position position, const EntryNote& note);
  absl::Status Settle();
  absl::Status CheckRepeated(
      const std::vector<std::pair<Position, Position>>& pairs);
  // Null when it can not be read as it was.
  absl::StatusOr<const v1::Entry*> Reread(Position position);
  bool IsOfLedger(absl::string_view subject) const;
  void CheckMissingPersonalData();
  void CheckSigner();
  void NoteLimits();
  std::optional<merkle::Hash> RootAt(LogSize size) const;
  void Tell(const char* what, uint64_t done, uint64_t total) const;

  Fetcher& fetcher_;
  const VerifyOptions options_;
  Findings& findings_;
  const size_t threads_;

  std::vector<KeptCheckpoint> kept_;
  std::vector<std::optional<checkpoint::VerifierKey>> signers_;
  std::vector<NamedKey> named_keys_;
  std::string ledger_;
  std::string origin_;
  uint64_t first_read_ = 0;
  uint64_t bytes_ = 0;
  uint64_t personal_checked_ = 0;
  int64_t last_recorded_time_us_ = 0;
  bool lost_entries_ = false;
  std::unique_ptr<TreeFold> tree_;
  std::unique_ptr<ReportFold> reports_;
  IdentityTable identities_;
  std::map<std::string, SourceCount> sources_;
  SourceCount* last_source_ = nullptr;
  std::string last_source_name_;
  std::vector<uint64_t> without_personal_data_;
  std::vector<std::string> limits_;
  // The bundle that was read again last.
  std::unique_ptr<BundleReading> reread_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_VERIFY_H_
