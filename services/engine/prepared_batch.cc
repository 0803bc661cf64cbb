#include "services/engine/prepared_batch.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/admission/personal_data.h"
#include "core/admission/well_formed.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "services/engine/entry_codec.h"
#include "services/engine/random_bytes.h"

namespace daybook::services {
namespace {

absl::Status CheckBounds(const AppendCommand& command, size_t bytes) {
  const size_t count = static_cast<size_t>(command.inputs.size());
  if (count == 0 && !command.cursor.has_value()) {
    return absl::InvalidArgumentError(
        "inputs: there is none; give 1 to 4,096 events");
  }
  if (count > AppendCommand::events_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("inputs: ", count,
                     " events are more than the 4,096 that one call may hold; "
                     "split them over several calls"));
  }
  if (bytes > AppendCommand::bytes_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat("inputs: ", bytes, " bytes are more than the ",
                     AppendCommand::bytes_max,
                     " (16 MiB) that one call may hold; split them over "
                     "several calls"));
  }
  return absl::OkStatus();
}

absl::Status CheckSourceStatus(absl::string_view source) {
  const std::vector<v1::Problem> problems = CheckSource(source);
  if (problems.empty()) return absl::OkStatus();
  const v1::Problem& first = problems.front();
  return absl::InvalidArgumentError(absl::StrCat("source: \"", first.value(),
                                                 "\": ", first.message(), "; ",
                                                 first.remedy()));
}

absl::Status CheckCursor(const AppendCommand& command) {
  if (!command.cursor.has_value()) return absl::OkStatus();
  const std::string& cursor = *command.cursor;
  const bool plain = std::none_of(cursor.begin(), cursor.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (plain && cursor.size() <= AppendCommand::cursor_bytes_max) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "cursor: \"",
      Shortened(absl::CHexEscape(cursor), AppendCommand::cursor_bytes_max),
      "\" has ", cursor.size(),
      " bytes; give at most 256 of UTF-8 text without control characters"));
}

absl::StatusOr<PreparedEvent> PrepareEvent(v1::EventInput& given,
                                           const AppendCommand& command,
                                           absl::string_view ledger) {
  PreparedEvent prepared;
  prepared.input.Swap(&given);
  const v1::EventInput& input = prepared.input;
  prepared.problems = CheckWellFormed(input, ledger);
  if (!prepared.problems.empty()) return prepared;

  prepared.identity_key = IdentityKey(command.source, input.event().event_id());
  prepared.needed = Needs(input.event(), command.source);
  prepared.entry.set_format(entry_format);
  prepared.entry.set_principal(command.principal);
  prepared.entry.set_source(command.source);
  if (HasPersonalData(input.personal_data())) {
    PersonalRecord record;
    ASSIGN_OR_RETURN(record.salt, RandomBytes(salt_bytes));
    record.data = input.personal_data();
    prepared.entry.set_personal_data_commitment(
        PersonalDataCommitment(record.salt, record.data));
    prepared.personal_record = PersonalRecordBytes(record);
  }
  return prepared;
}

}  // namespace

size_t BytesOf(const AppendCommand& command) {
  size_t bytes = 0;
  for (const v1::EventInput& input : command.inputs) {
    bytes += input.ByteSizeLong();
  }
  return bytes;
}

absl::StatusOr<PreparedBatch> Prepare(AppendCommand command,
                                      absl::string_view ledger) {
  RETURN_IF_ERROR(CheckSourceStatus(command.source));
  PreparedBatch batch;
  batch.bytes = BytesOf(command);
  batch.offered = static_cast<size_t>(command.inputs.size());
  batch.refused = CheckCursor(command);
  if (batch.refused.ok()) batch.refused = CheckBounds(command, batch.bytes);
  if (!batch.refused.ok()) {
    if (command.validate_only) return batch.refused;
    command.inputs.Clear();
    batch.bytes = 0;
  }

  batch.events.reserve(static_cast<size_t>(command.inputs.size()));
  for (v1::EventInput& input : command.inputs) {
    ASSIGN_OR_RETURN(PreparedEvent prepared,
                     PrepareEvent(input, command, ledger));
    batch.events.push_back(std::move(prepared));
  }
  command.inputs.Clear();
  batch.command = std::move(command);
  return batch;
}

}  // namespace daybook::services
