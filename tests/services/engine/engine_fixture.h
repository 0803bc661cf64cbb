// EngineTest: one ledger in a temporary data directory, with the verbs Append
// and Reopen.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SERVICES_ENGINE_ENGINE_FIXTURE_H_
#define DAYBOOK_TESTS_SERVICES_ENGINE_ENGINE_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/engine/ledger_engine.h"
#include "services/engine/ledger_registry.h"
#include "storage/data_directory.h"
#include "tests/services/test_clock.h"
#include "tests/services/test_events.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {

// Appends an entry to a log whose engine will be opened again, with its tree
// and nothing else beside it.
absl::Status AppendStored(storage::EventLog& log, const std::string& entry,
                          std::vector<storage::SideWrite> writes = {});

// The random id that the genesis of a log draws.
std::string LedgerIdOf(const storage::EventLog& log);

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() { Open(); }

  // Closes everything and opens it again from what is on disk.
  void Reopen(LedgerEngineOptions limits = {});

  // Opens what is on disk now, as after the end of the process without a clean
  // close.
  void Crash(LedgerEngineOptions limits = {});

  // What a caller may say beside the events.
  struct Saying {
    std::string source = kSource;
    std::optional<LogSize> expected_size = std::nullopt;
    bool validate_only = false;
  };

  absl::StatusOr<AppendOutcome> TryAppend(const Inputs& inputs,
                                          const Saying& saying);
  absl::StatusOr<AppendOutcome> TryAppend(const Inputs& inputs) {
    return TryAppend(inputs, Saying());
  }

  // The outcome of an append that must not fail.
  AppendOutcome Append(const Inputs& inputs, const Saying& saying);
  AppendOutcome Append(const Inputs& inputs) {
    return Append(inputs, Saying());
  }

  // The code of the first refusal of an append that must be refused.
  absl::StatusCode Refused(const Inputs& inputs, const Saying& saying);
  absl::StatusCode Refused(const Inputs& inputs) {
    return Refused(inputs, Saying());
  }

  // The report of 2024 at the end of its year, serialised.
  std::string ReportBytes() const;

  // The same on a day and as known at a size; the status when there is none.
  std::string ReportBytes(std::optional<LogSize> known_at,
                          absl::CivilDay as_of) const;

  v1::Entry EntryAt(uint64_t position) const;

  testing::TemporaryDirectory temporary_;
  TestClock clock_;
  std::unique_ptr<storage::DataDirectory> directory_;
  std::unique_ptr<LedgerRegistry> registry_;
  LedgerEngine* engine_ = nullptr;

 private:
  void Open(LedgerEngineOptions limits = {});

  // How often it crashed: each time it goes on with a copy.
  int crashes_ = 0;
};

// "created 3", "replayed 1".
std::vector<std::string> Results(const AppendOutcome& outcome);

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_ENGINE_ENGINE_FIXTURE_H_
