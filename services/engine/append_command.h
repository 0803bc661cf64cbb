// What is asked of a ledger's writer, and what it answers.
//
// Thread safety: value types.

#ifndef DAYBOOK_SERVICES_ENGINE_APPEND_COMMAND_H_
#define DAYBOOK_SERVICES_ENGINE_APPEND_COMMAND_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/strong_int.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"
#include "daybook/v1/ledger_service.pb.h"

namespace daybook::services {

// Events to record, all or none.
struct AppendCommand {
  // Most events of one command.
  static constexpr size_t events_max = 4'096;

  // Most bytes of them together, serialised, personal data included.
  static constexpr size_t bytes_max = size_t{16} << 20;

  // Who writes.
  std::string principal;

  // Who states the facts.
  std::string source;

  // Must stay as they are until the answer.
  const google::protobuf::RepeatedPtrField<v1::EventInput>* inputs = nullptr;

  // Size of the ledger that the writer decided on, where it says so.
  std::optional<LogSize> expected_size;

  // Decide everything and record nothing.
  bool validate_only = false;
};

// What became of them: either `refusals` is empty and everything was recorded,
// or nothing was.
struct AppendOutcome {
  // Most refusals listed, unless the command only validates; `refused_total`
  // counts the others.
  static constexpr size_t refusals_max = 16;

  // Most problems listed of one event.
  static constexpr size_t problems_max = 16;

  // One for each input, in order; empty when refused or only validated.
  std::vector<v1::AppendResult> results;

  // Size of the ledger once all this was durable.
  LogSize size{0};

  // In order of the inputs.
  std::vector<v1::Refusal> refusals;
  uint32_t refused_total = 0;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_APPEND_COMMAND_H_
