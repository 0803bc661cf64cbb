#include "tests/services/engine/engine_fixture.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/report/report_view.h"

namespace daybook::services {

absl::Status AppendStored(storage::EventLog& log, const std::string& entry,
                          std::vector<storage::SideWrite> writes) {
  const std::unique_ptr<LedgerTree> tree = *LedgerTree::Open(log);
  tree->Add({merkle::LeafHash(entry)}, writes);
  return log.Append(log.size(), {entry}, writes).status();
}

std::string LedgerIdOf(const storage::EventLog& log) {
  const auto bytes = log.Read(Position(0));
  DAYBOOK_CHECK(bytes.ok());
  const auto genesis = ParseEntry(Position(0), *bytes);
  DAYBOOK_CHECK(genesis.ok());
  return genesis->genesis().ledger_id();
}

void EngineTest::Open(LedgerEngineOptions limits) {
  auto directory = storage::DataDirectory::Open(temporary_.path() /
                                                absl::StrCat("data", crashes_));
  DAYBOOK_CHECK(directory.ok());
  directory_ = *std::move(directory);
  registry_ = std::make_unique<LedgerRegistry>(*directory_, clock_, limits);
  if (absl::IsNotFound(registry_->Find(kLedgerId).status())) {
    DAYBOOK_CHECK(registry_->Create(kLedgerId, "").ok());
  }
  const auto engine = registry_->Find(kLedgerId);
  DAYBOOK_CHECK(engine.ok());
  engine_ = *engine;
}

void EngineTest::Reopen(LedgerEngineOptions limits) {
  engine_ = nullptr;
  registry_ = nullptr;
  directory_ = nullptr;
  Open(limits);
}

void EngineTest::Crash(LedgerEngineOptions limits) {
  const std::filesystem::path from =
      temporary_.path() / absl::StrCat("data", crashes_);
  ++crashes_;
  std::filesystem::copy(from,
                        temporary_.path() / absl::StrCat("data", crashes_),
                        std::filesystem::copy_options::recursive);
  Reopen(limits);
}

absl::StatusOr<AppendOutcome> EngineTest::TryAppend(const Inputs& inputs,
                                                    const Saying& saying) {
  AppendCommand command;
  command.principal = local_principal;
  command.source = saying.source;
  command.inputs->Assign(inputs.begin(), inputs.end());
  command.expected_size = saying.expected_size;
  command.validate_only = saying.validate_only;
  return engine_->Append(std::move(command));
}

AppendOutcome EngineTest::Append(const Inputs& inputs, const Saying& saying) {
  absl::StatusOr<AppendOutcome> outcome = TryAppend(inputs, saying);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  if (!outcome.ok()) return AppendOutcome();
  for (const v1::Refusal& refusal : outcome->refusals) {
    if (!saying.validate_only) ADD_FAILURE() << refusal.DebugString();
  }
  return *std::move(outcome);
}

absl::StatusCode EngineTest::Refused(const Inputs& inputs,
                                     const Saying& saying) {
  const absl::StatusOr<AppendOutcome> outcome = TryAppend(inputs, saying);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  if (!outcome.ok() || outcome->refusals.empty()) {
    return absl::StatusCode::kOk;
  }
  EXPECT_TRUE(outcome->results.empty());
  return static_cast<absl::StatusCode>(outcome->refusals[0].problems(0).code());
}

std::string EngineTest::ReportBytes() const {
  return ReportBytes(std::nullopt, LastDay(2024));
}

std::string EngineTest::ReportBytes(std::optional<LogSize> known_at,
                                    absl::CivilDay as_of) const {
  const auto name = ResourceName::Parse(kReport);
  DAYBOOK_CHECK(name.ok());
  std::string bytes;
  const absl::Status read =
      engine_->ReadReport(*name, known_at, [&](const ReportInput& input) {
        bytes = BuildReport(input, as_of).SerializeAsString();
      });
  return read.ok() ? bytes : read.ToString();
}

v1::Entry EngineTest::EntryAt(uint64_t position) const {
  const auto bytes = engine_->ReadEntry(Position(position));
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  if (!bytes.ok()) return v1::Entry();
  const auto entry = ParseEntry(Position(position), *bytes);
  EXPECT_TRUE(entry.ok()) << entry.status();
  return entry.ok() ? *entry : v1::Entry();
}

std::vector<std::string> Results(const AppendOutcome& outcome) {
  std::vector<std::string> results;
  for (const v1::AppendResult& result : outcome.results) {
    const bool created = result.outcome() == v1::AppendResult::OUTCOME_CREATED;
    results.push_back(
        absl::StrCat(created ? "created " : "replayed ", result.position()));
  }
  return results;
}

}  // namespace daybook::services
