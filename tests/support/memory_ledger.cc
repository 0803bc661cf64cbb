#include "tests/support/memory_ledger.h"

#include <google/protobuf/util/json_util.h>

#include <fstream>

#include "core/admission/admission.h"
#include "core/admission/personal_data.h"
#include "core/admission/well_formed.h"
#include "core/base/check.h"

namespace daybook::testing {

MemoryLedger::MemoryLedger(std::string name) : name_(std::move(name)) {
  v1::Entry genesis;
  genesis.set_format(1);
  genesis.mutable_genesis()->set_ledger(name_);
  DAYBOOK_CHECK(state_.Apply(genesis).ok());
  entries_.push_back(std::move(genesis));
}

std::vector<v1::Problem> MemoryLedger::Append(const std::string& source,
                                              const v1::EventInput& input) {
  std::vector<v1::Problem> problems = CheckWellFormed(input, name_);
  if (!problems.empty()) return problems;
  const v1::Event& event = input.event();
  Needed needed = Needs(event, source);
  Facts facts;
  std::vector<std::string> keys;
  const auto find =
      [&](const std::optional<v1::EventIdentity>& named) -> const v1::Entry* {
    if (!named.has_value()) return nullptr;
    const auto found = identities_.find({named->source(), named->event_id()});
    if (found == identities_.end()) return nullptr;
    const v1::Entry& entry = entries_[found->second];
    for (std::string& key : TargetKeys(entry)) keys.push_back(std::move(key));
    return &entry;
  };
  facts.target = find(needed.target);
  facts.replaced = find(needed.replaced);
  const auto note = [&](const std::string& key) { keys.push_back(key); };
  needed.VisitKeys(note);
  needed.VisitVouchedKeys(note);
  for (const std::string& key : keys) {
    const auto fact = facts_.find(key);
    if (fact != facts_.end()) facts.Put(key, &fact->second);
  }
  const uint64_t position = entries_.size();
  v1::Entry entry;
  entry.set_format(1);
  entry.set_position(position);
  entry.set_recorded_time_us(static_cast<int64_t>(position));
  entry.set_source(source);
  entry.set_personal_data_commitment(PersonalDataCommitment(
      std::string(salt_bytes, 'x'), input.personal_data()));
  *entry.mutable_event() = event;
  absl::StatusOr<Decision> decision = Decide(entry, needed, facts);
  DAYBOOK_CHECK(decision.ok());
  if (!decision->problems.empty()) return decision->problems;
  facts_[needed.subject_key] = std::move(decision->subject);
  for (FactUpdate& update : decision->updates) {
    facts_[update.key] = std::move(update.value);
  }
  identities_.emplace(std::pair(source, event.event_id()), position);
  DAYBOOK_CHECK(state_.Apply(entry).ok());
  entries_.push_back(std::move(entry));
  return {};
}

std::vector<v1::EventInput> ReadInputs(const std::string& path) {
  std::vector<v1::EventInput> inputs;
  std::ifstream file(path);
  DAYBOOK_CHECK(file.good());
  std::string line;
  while (std::getline(file, line)) {
    const auto status = google::protobuf::util::JsonStringToMessage(
        line, &inputs.emplace_back());
    DAYBOOK_CHECK(status.ok());
  }
  return inputs;
}

}  // namespace daybook::testing
