// PublisherTest: a data directory and a key directory beside it, with the verbs
// of an operator: start, stop, back up, restore.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SERVICES_PUBLISHER_PUBLISHER_FIXTURE_H_
#define DAYBOOK_TESTS_SERVICES_PUBLISHER_PUBLISHER_FIXTURE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/checkpoint/verifier_key.h"
#include "gtest/gtest.h"
#include "services/engine/ledger_registry.h"
#include "services/publisher/key_directory.h"
#include "services/publisher/publishers.h"
#include "storage/data_directory.h"
#include "tests/services/test_clock.h"
#include "tests/services/test_events.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {

class PublisherTest : public ::testing::Test {
 protected:
  // As a server over both directories; `with_keys` as --key_dir says.
  void Start(bool with_keys = true, bool read_only = false);
  void Stop();

  // Makes a key of kLedgerId.
  checkpoint::VerifierKey MakeKey(KeyRole role = KeyRole::kCurrent);

  // kLedgerId, with its genesis alone.
  void Create();

  // Records an expenditure of its own for each call; the ledger's size after.
  uint64_t Grow(int events = 1);

  // The ledger's.
  absl::StatusOr<Publisher*> Find();
  absl::StatusOr<v1::Checkpoint> Signed(uint64_t size);

  // Copies of the data directory, made and taken while nobody uses it.
  void BackUp(const std::string& name);
  void Restore(const std::string& name);

  std::filesystem::path data() const { return temporary_.path() / "data"; }
  std::filesystem::path keys() const { return temporary_.path() / "keys"; }
  std::filesystem::path KeyFile(const std::string& suffix) const {
    return keys() / (std::string(kLedgerId) + suffix);
  }

  testing::TemporaryDirectory temporary_;
  TestClock clock_;
  std::unique_ptr<KeyDirectory> key_directory_;
  std::unique_ptr<storage::DataDirectory> directory_;
  std::unique_ptr<LedgerRegistry> registry_;
  std::unique_ptr<LedgerPublishers> publishers_;

 private:
  int events_ = 0;
};

// What a checkpoint states, opened with the key.
absl::StatusOr<checkpoint::Checkpoint> OpenedWith(
    const checkpoint::VerifierKey& key, const v1::Checkpoint& checkpoint);

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_PUBLISHER_PUBLISHER_FIXTURE_H_
