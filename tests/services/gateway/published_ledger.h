// PublishedLedger: a ledger in a temporary data directory, and who signs it,
// with the verbs Grow and SignAt.
//
// Two of them have one origin and one key, and different entries from the
// genesis on: a log that shows two histories.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_SERVICES_GATEWAY_PUBLISHED_LEDGER_H_
#define DAYBOOK_TESTS_SERVICES_GATEWAY_PUBLISHED_LEDGER_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "services/engine/append_command.h"
#include "services/engine/ledger_engine.h"
#include "services/engine/ledger_registry.h"
#include "storage/data_directory.h"
#include "tests/services/gateway/signing_publisher.h"
#include "tests/services/test_clock.h"
#include "tests/services/test_events.h"
#include "tests/support/temporary_directory.h"

namespace daybook::services {

class PublishedLedger {
 public:
  PublishedLedger() {
    auto opened = storage::DataDirectory::Open(temporary_.path() / "data");
    DAYBOOK_CHECK(opened.ok());
    directory_ = *std::move(opened);
    clock_.Set(absl::FromUnixSeconds(1'700'000'000));
    ledgers_ = std::make_unique<LedgerRegistry>(*directory_, clock_);
    DAYBOOK_CHECK(ledgers_->Create(kLedgerId, "log.example/430203").ok());
    publishers_ = std::make_unique<SigningPublishers>(*ledgers_);
    Append(Opening());
  }

  // Appends vouchers until the ledger has this size.
  void Grow(uint64_t size) {
    while (engine().size().value() < size) {
      Inputs inputs;
      const uint64_t first = engine().size().value();
      for (uint64_t i = first; i < std::min(size, first + 1'000); ++i) {
        inputs.push_back(Spent(absl::StrCat("spent-", i), "2024-03-15", 100));
      }
      Append(inputs);
    }
  }

  // Grows, and signs that size.
  void SignAt(uint64_t size) {
    Grow(size);
    publisher().Sign();
  }

  LedgerEngine& engine() { return **ledgers_->Find(kLedgerId); }
  SigningPublisher& publisher() { return publishers_->Of(kLedgerId); }
  LedgerRegistry& ledgers() { return *ledgers_; }
  SigningPublishers& publishers() { return *publishers_; }

 private:
  void Append(const Inputs& inputs) {
    AppendCommand command;
    command.principal = local_principal;
    command.source = kSource;
    command.inputs->Assign(inputs.begin(), inputs.end());
    const auto outcome = engine().Append(std::move(command));
    DAYBOOK_CHECK(outcome.ok() && outcome->refusals.empty());
  }

  testing::TemporaryDirectory temporary_;
  TestClock clock_;
  std::unique_ptr<storage::DataDirectory> directory_;
  std::unique_ptr<LedgerRegistry> ledgers_;
  std::unique_ptr<SigningPublishers> publishers_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_GATEWAY_PUBLISHED_LEDGER_H_
