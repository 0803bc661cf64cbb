// SignedLedger: a ledger in memory with its tree, its signed checkpoints and
// all files of the layout, made with core/ alone. What the auditor's tests
// verify, and break.
//
// Thread safety: thread-compatible; MemoryFetcher may be read from any thread.

#ifndef DAYBOOK_TESTS_CLIENTS_AUDIT_SIGNED_LEDGER_H_
#define DAYBOOK_TESTS_CLIENTS_AUDIT_SIGNED_LEDGER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/audit/fetcher.h"
#include "clients/audit/personal_file.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/signer_key.h"
#include "core/merkle/hash.h"
#include "daybook/v1/entry.pb.h"
#include "tests/support/load.h"
#include "tests/support/memory_ledger.h"

namespace daybook::audit {

inline constexpr const char* test_origin = "budget.example/ledgers/430203";

// A key of the origin, made of 32 equal bytes.
checkpoint::SignerKey TestKey(char seed = 'k');

// The files of a log, for whoever reads them by path.
class MemoryFetcher final : public Fetcher {
 public:
  MemoryFetcher() = default;
  explicit MemoryFetcher(std::map<std::string, std::string> content)
      : files(std::move(content)) {}

  absl::StatusOr<std::string> Read(const std::string& path) override;
  size_t reads_at_once() const override { return 2; }

  std::map<std::string, std::string> files;

  // So many reads are answered; those after them are UNAVAILABLE.
  std::atomic<int64_t> reads_left{INT64_MAX};
};

class SignedLedger {
 public:
  // The genesis alone.
  explicit SignedLedger(const std::string& ledger = "ledgers/430203",
                        char key_seed = 'k');

  // The genesis and so many events of a load, with personal data.
  static SignedLedger OfLoad(uint64_t events, uint64_t seed = 1);

  // Records through admission; aborts when the event is refused.
  void Append(const std::string& source, const v1::EventInput& input);

  // Puts an entry behind the others whatever it holds; position, format and
  // time are filled in where they are not set.
  void Force(v1::Entry entry);

  // Changes an entry before anything is made of it.
  void Change(uint64_t position, const std::function<void(v1::Entry&)>& change);

  uint64_t size() const { return entries_.size(); }
  const v1::Entry& entry(uint64_t position) const { return entries_[position]; }
  std::string bytes(uint64_t position) const;

  // Only of what went through admission.
  const LedgerState& state() const { return memory_.state(); }

  // What lies beside an entry; absent when nothing does.
  std::optional<PersonalRow> personal(uint64_t position) const;

  merkle::Hash Root(uint64_t size) const;
  std::string Checkpoint(uint64_t size) const {
    return Checkpoint(size, TestKey(key_seed_));
  }
  std::string Checkpoint(uint64_t size, const checkpoint::SignerKey& key) const;

  // Tiles and bundles of a size, and its checkpoint.
  std::map<std::string, std::string> Files(uint64_t size) const;

  std::string vkey() const { return TestKey(key_seed_).verifier().ToString(); }

 private:
  const char key_seed_;
  testing::MemoryLedger memory_;
  std::vector<v1::Entry> entries_;
  std::map<uint64_t, PersonalRow> personal_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_TESTS_CLIENTS_AUDIT_SIGNED_LEDGER_H_
