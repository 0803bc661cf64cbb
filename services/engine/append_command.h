// What is asked of a ledger's writer, and what it answers.
//
// Thread safety: value types.

#ifndef DAYBOOK_SERVICES_ENGINE_APPEND_COMMAND_H_
#define DAYBOOK_SERVICES_ENGINE_APPEND_COMMAND_H_

#include <google/protobuf/arena.h>
#include <google/protobuf/repeated_field.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/base/strong_int.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"
#include "daybook/v1/ledger_service.pb.h"

namespace daybook::services {

// Inputs, and the arena that they and all that is made of them live in: a batch
// is let go of at once, not string by string.
class InputList {
 public:
  using List = google::protobuf::RepeatedPtrField<v1::EventInput>;

  InputList() : InputList(std::make_shared<google::protobuf::Arena>()) {}
  // `arena` may hold other messages too.
  explicit InputList(std::shared_ptr<google::protobuf::Arena> arena)
      : arena_(std::move(arena)),
        list_(google::protobuf::Arena::CreateMessage<List>(arena_.get())) {}

  List& operator*() const { return *list_; }
  List* operator->() const { return list_; }
  const std::shared_ptr<google::protobuf::Arena>& arena() const {
    return arena_;
  }

  // Lets go of them; others may still hold the arena.
  void Drop() {
    arena_.reset();
    list_ = nullptr;
  }

 private:
  std::shared_ptr<google::protobuf::Arena> arena_;
  List* list_;
};

// Events of one source to record.
struct AppendCommand {
  // Most events of one command.
  static constexpr size_t events_max = 4'096;

  // Most bytes of them together, serialised, personal data included.
  static constexpr size_t bytes_max = size_t{16} << 20;

  // Longest cursor.
  static constexpr size_t cursor_bytes_max = 256;

  // Who writes.
  std::string principal;

  // Who states the facts.
  std::string source;

  // Used up. None: only the cursor moves.
  InputList inputs;

  // Size of the ledger that the writer decided on, where it says so.
  std::optional<LogSize> expected_size;

  // Decide everything and record nothing.
  bool validate_only = false;

  // All or none. Otherwise each event is recorded or refused by itself.
  bool atomic = true;

  // Where the source stands once this is recorded, and where it must stand
  // before; see StreamBatch.
  std::optional<std::string> cursor;
  std::optional<std::string> previous_cursor;
  bool advance_past_retryable = false;

  // List every refusal.
  bool list_all_refusals = false;

  // The server itself states it, as `server_source`.
  bool by_server = false;

  // Most events that the caller takes on, at most `events_max`.
  size_t events_limit = events_max;
};

// What became of them. Of an atomic command either `refusals` is empty and
// everything was recorded, or nothing was.
struct AppendOutcome {
  // Most refusals listed, unless the command asks for all or only validates;
  // `refused_total` counts the others.
  static constexpr size_t refusals_max = 16;

  // Most problems listed of one event.
  static constexpr size_t problems_max = 16;

  // Bytes of the refusals that are listed in full; of those behind it, code and
  // field of the first problem alone.
  static constexpr size_t refusal_bytes_max = size_t{1} << 20;

  // One for each input, in order, without an outcome where it was refused.
  // Empty when an atomic command was refused, or one only validated.
  std::vector<v1::AppendResult> results;

  // Size of the ledger once all this was durable.
  LogSize size{0};

  // In order of the inputs.
  std::vector<v1::Refusal> refusals;
  uint32_t refused_total = 0;
  // Whether one of them may be accepted later.
  bool any_retryable = false;

  // Where the source stands now, and whether the command's cursor was kept.
  std::string cursor;
  bool cursor_kept = false;

  // Not OK: nothing was even decided. INVALID_ARGUMENT and RESOURCE_EXHAUSTED
  // for form and size; ABORTED when the source does not stand at
  // `previous_cursor`; RESOURCE_EXHAUSTED when there are too many sources. All
  // but the last is kept as a refusal.
  absl::Status undecided;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_APPEND_COMMAND_H_
