#include "services/engine/fact_table.h"

#include <algorithm>

#include "core/base/check.h"

namespace daybook::services {

void FactTable::BeginGroup() {
  if (slots_.size() > facts_max) slots_.clear();
  ++group_;
  changed_.clear();
  before_.clear();
}

void FactTable::BeginBatch() {
  ++batch_;
  before_.clear();
}

FactTable::Slot& FactTable::At(absl::string_view key) {
  const auto [place, added] = slots_.try_emplace(key);
  if (added) place->second.key_ = place->first;
  return place->second;
}

void FactTable::Learn(Slot& slot, std::optional<Fact> fact) {
  DAYBOOK_CHECK(!slot.is_known_);
  slot.fact_ = std::move(fact);
  slot.is_known_ = true;
}

void FactTable::Change(Slot& slot, Fact fact) {
  if (slot.batch_ != batch_) {
    slot.batch_ = batch_;
    before_.push_back({&slot, std::move(slot.fact_), slot.is_known_});
  }
  if (slot.group_ != group_) {
    slot.group_ = group_;
    changed_.push_back(&slot);
  }
  slot.fact_ = std::move(fact);
  slot.is_known_ = true;
}

const Fact* FactTable::BeforeBatch(const Slot& slot) const {
  if (slot.batch_ != batch_) return slot.fact();
  const auto before =
      std::find_if(before_.begin(), before_.end(),
                   [&slot](const Before& b) { return b.slot == &slot; });
  DAYBOOK_CHECK(before != before_.end());
  return before->fact.has_value() ? &*before->fact : nullptr;
}

void FactTable::UndoBatch() {
  for (Before& before : before_) {
    before.slot->fact_ = std::move(before.fact);
    before.slot->is_known_ = before.is_known;
    before.slot->batch_ = 0;
  }
  before_.clear();
}

std::vector<std::pair<std::string, std::string>> FactTable::Changed() const {
  std::vector<std::pair<std::string, std::string>> changed;
  changed.reserve(changed_.size());
  for (const Slot* slot : changed_) {
    // A fact that only a batch made which was undone.
    if (!slot->fact_.has_value()) continue;
    changed.emplace_back(slot->key_, FactBytes(*slot->fact_));
  }
  std::sort(changed.begin(), changed.end());
  return changed;
}

}  // namespace daybook::services
