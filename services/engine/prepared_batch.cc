#include "services/engine/prepared_batch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/admission/personal_data.h"
#include "core/admission/well_formed.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "services/engine/entry_codec.h"
#include "services/engine/random_bytes.h"

namespace daybook::services {
namespace {

absl::Status CheckBounds(const AppendCommand& command, size_t bytes) {
  const size_t count = static_cast<size_t>(command.inputs->size());
  if (count == 0 && !command.cursor.has_value()) {
    return absl::InvalidArgumentError(
        "inputs: there is none; give 1 to 4,096 events");
  }
  if (count > command.events_limit) {
    return absl::InvalidArgumentError(
        absl::StrCat("inputs: ", count, " events are more than the ",
                     command.events_limit, " that one call may hold",
                     command.events_limit < AppendCommand::events_max
                         ? " at ACK_LEVEL_PUBLISHED"
                         : "",
                     "; split them over several calls"));
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

absl::Status CheckWriter(const AppendCommand& command) {
  if (command.by_server || command.source != server_source) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      absl::StrCat("source: \"", server_source,
                   "\" is the server's own; write as another source"));
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

// A message whose size was asked for since it changed last, serialised.
std::string BytesAsSized(const google::protobuf::MessageLite& message) {
  std::string bytes(static_cast<size_t>(message.GetCachedSize()), '\0');
  auto* const begin = reinterpret_cast<uint8_t*>(bytes.data());
  const uint8_t* const end = message.SerializeWithCachedSizesToArray(begin);
  DAYBOOK_CHECK(end == begin + bytes.size());
  return bytes;
}

// What the events of a batch are prepared with.
struct Preparation {
  const AppendCommand& command;
  absl::string_view ledger;
  const IdentityHash& hash;
};

absl::Status PrepareEvent(const Preparation& with, v1::EventInput& input,
                          PreparedEvent& prepared) {
  const AppendCommand& command = with.command;
  prepared.input = &input;
  InputBytes bytes{BytesAsSized(input.event()),
                   BytesAsSized(input.personal_data())};
  prepared.problems = CheckWellFormed(input, bytes, with.ledger);
  if (!command.by_server) {
    std::optional<v1::Problem> problem = CheckMayState(input.event());
    if (problem) prepared.problems.insert(prepared.problems.begin(), *problem);
  }
  if (!prepared.problems.empty()) return absl::OkStatus();
  prepared.event_bytes = std::move(bytes.event);

  prepared.identity = with.hash.Of(command.source, input.event().event_id());
  prepared.needed = Needs(input.event(), command.source);
  const auto hash_of = [&](const std::optional<v1::EventIdentity>& named) {
    return named ? with.hash.Of(named->source(), named->event_id()) : 0;
  };
  prepared.target = hash_of(prepared.needed.target);
  prepared.replaced = hash_of(prepared.needed.replaced);
  prepared.entry = google::protobuf::Arena::CreateMessage<v1::Entry>(
      command.inputs.arena().get());
  prepared.entry->set_format(entry_format);
  prepared.entry->set_principal(command.principal);
  prepared.entry->set_source(command.source);
  if (HasPersonalData(input.personal_data())) {
    PersonalRecord record;
    ASSIGN_OR_RETURN(record.salt, RandomBytes(salt_bytes));
    record.data = input.personal_data();
    prepared.entry->set_personal_data_commitment(
        PersonalDataCommitment(record.salt, record.data));
    prepared.personal_record = PersonalRecordBytes(record);
  }
  return absl::OkStatus();
}

}  // namespace

size_t BytesOf(const AppendCommand& command) {
  size_t bytes = 0;
  for (const v1::EventInput& input : *command.inputs) {
    bytes += input.ByteSizeLong();
  }
  return bytes;
}

absl::StatusOr<PreparedBatch> Prepare(AppendCommand command,
                                      absl::string_view ledger,
                                      const IdentityHash& hash) {
  RETURN_IF_ERROR(CheckSourceStatus(command.source));
  RETURN_IF_ERROR(CheckWriter(command));
  PreparedBatch batch;
  batch.bytes = BytesOf(command);
  batch.offered = static_cast<size_t>(command.inputs->size());
  batch.refused = CheckCursor(command);
  if (batch.refused.ok()) batch.refused = CheckBounds(command, batch.bytes);
  if (!batch.refused.ok()) {
    if (command.validate_only) return batch.refused;
    command.inputs->Clear();
    batch.bytes = 0;
  }
  batch.command = std::move(command);
  batch.events.resize(static_cast<size_t>(batch.command.inputs->size()));
  const Preparation with{batch.command, ledger, hash};
  for (size_t i = 0; i < batch.events.size(); ++i) {
    RETURN_IF_ERROR(PrepareEvent(
        with, (*batch.command.inputs)[static_cast<int>(i)], batch.events[i]));
  }
  return batch;
}

}  // namespace daybook::services
