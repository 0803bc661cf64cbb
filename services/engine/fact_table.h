// FactTable: the facts that were needed lately, as the group that was decided
// last leaves them. It spares most groups reading any.
//
// A fact has a slot, which stays where it is until the next group begins, so a
// decision asks for each fact of its event once. What a group changes is kept
// track of, and what a batch changed can be undone.
//
// Thread safety: thread-compatible; it belongs to the stage that decides.

#ifndef DAYBOOK_SERVICES_ENGINE_FACT_TABLE_H_
#define DAYBOOK_SERVICES_ENGINE_FACT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/strings/string_view.h"
#include "core/admission/fact.h"
#include "core/base/check.h"

namespace daybook::services {

class FactTable {
 public:
  // About; a fact takes some 200 bytes. When there are more as a group begins,
  // all are let go of.
  static constexpr size_t facts_max = 131'072;

  class Slot {
   public:
    // Whether it is known what is recorded; until then Learn is to be called.
    bool is_known() const { return is_known_; }
    absl::string_view key() const { return key_; }
    // Of a known one; null when there is none.
    const Fact* fact() const {
      DAYBOOK_CHECK(is_known_);
      return fact_.has_value() ? &*fact_ : nullptr;
    }

   private:
    friend class FactTable;

    absl::string_view key_;
    std::optional<Fact> fact_;
    bool is_known_ = false;
    // The group and the batch that changed it last.
    uint64_t group_ = 0;
    uint64_t batch_ = 0;
  };

  FactTable() = default;
  FactTable(const FactTable&) = delete;
  FactTable& operator=(const FactTable&) = delete;

  void BeginGroup();
  void BeginBatch();

  // The slot of a fact, until the next group begins.
  Slot& At(absl::string_view key);
  // What is recorded; absent when there is none.
  void Learn(Slot& slot, std::optional<Fact> fact);

  // Known or not.
  void Change(Slot& slot, Fact fact);

  // The fact before the batch; null when there was none.
  const Fact* BeforeBatch(const Slot& slot) const;

  // Takes back what the batch changed.
  void UndoBatch();

  // The keys that the group changed, in byte order, with the facts' bytes.
  std::vector<std::pair<std::string, std::string>> Changed() const;

  void Clear() {
    slots_.clear();
    changed_.clear();
    before_.clear();
  }

 private:
  struct Before {
    Slot* slot = nullptr;
    std::optional<Fact> fact;
    bool is_known = false;
  };

  absl::node_hash_map<std::string, Slot> slots_;
  uint64_t group_ = 0;
  uint64_t batch_ = 0;
  std::vector<const Slot*> changed_;
  // Of the batch; each slot once.
  std::vector<Before> before_;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_FACT_TABLE_H_
