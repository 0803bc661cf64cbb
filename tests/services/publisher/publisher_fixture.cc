#include "tests/services/publisher/publisher_fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "services/engine/entry_codec.h"
#include "services/publisher/keygen.h"

namespace daybook::services {

void PublisherTest::Start(bool with_keys, bool read_only) {
  Stop();
  if (with_keys) {
    auto opened = KeyDirectory::Open(keys(), KeyDirectory::Use::kSigning);
    DAYBOOK_CHECK(opened.ok());
    key_directory_ = *std::move(opened);
  }
  auto directory = storage::DataDirectory::Open(data());
  DAYBOOK_CHECK(directory.ok());
  directory_ = *std::move(directory);
  LedgerEngineOptions options;
  options.writer.read_only = read_only;
  registry_ = std::make_unique<LedgerRegistry>(*directory_, clock_, options);
  publishers_ = std::make_unique<LedgerPublishers>(
      *registry_, *directory_, clock_,
      LedgerPublishers::Options{key_directory_.get(), read_only});
}

void PublisherTest::Stop() {
  publishers_ = nullptr;
  registry_ = nullptr;
  directory_ = nullptr;
  key_directory_ = nullptr;
}

checkpoint::VerifierKey PublisherTest::MakeKey(KeyRole role) {
  const auto key = Keygen({keys(), kLedgerId, role, ""});
  DAYBOOK_CHECK(key.ok());
  return *key;
}

void PublisherTest::Create() {
  DAYBOOK_CHECK(registry_->Create(kLedgerId, "").ok());
}

uint64_t PublisherTest::Grow(int events) {
  const auto engine = registry_->Find(kLedgerId);
  DAYBOOK_CHECK(engine.ok());
  Inputs inputs;
  if ((*engine)->size() == LogSize(1)) inputs = Opening();
  for (int i = 0; i < events; ++i) {
    inputs.push_back(
        Spent(absl::StrCat("voucher-", ++events_), "2024-03-15", 100));
  }
  AppendCommand command;
  command.principal = local_principal;
  command.source = kSource;
  command.inputs->Assign(inputs.begin(), inputs.end());
  const auto outcome = (*engine)->Append(std::move(command));
  DAYBOOK_CHECK(outcome.ok() && outcome->refused_total == 0);
  return outcome->size.value();
}

absl::StatusOr<Publisher*> PublisherTest::Find() {
  return publishers_->Find(kLedgerId);
}

absl::StatusOr<v1::Checkpoint> PublisherTest::Signed(uint64_t size) {
  ASSIGN_OR_RETURN(Publisher* const publisher, Find());
  return publisher->Await(LogSize(size), absl::Now() + absl::Seconds(60));
}

void PublisherTest::BackUp(const std::string& name) {
  std::filesystem::copy(data(), temporary_.path() / name,
                        std::filesystem::copy_options::recursive);
}

void PublisherTest::Restore(const std::string& name) {
  std::filesystem::remove_all(data());
  std::filesystem::copy(temporary_.path() / name, data(),
                        std::filesystem::copy_options::recursive);
}

absl::StatusOr<checkpoint::Checkpoint> OpenedWith(
    const checkpoint::VerifierKey& key, const v1::Checkpoint& checkpoint) {
  ASSIGN_OR_RETURN(const checkpoint::Note note,
                   checkpoint::ParseNote(checkpoint.note()));
  ASSIGN_OR_RETURN(const checkpoint::OpenedCheckpoint opened,
                   checkpoint::OpenCheckpoint(note, key, {}));
  return opened.checkpoint;
}

}  // namespace daybook::services
