#include "services/engine/entry_codec.h"

#include <google/protobuf/wire_format_lite.h>

#include <climits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/admission/personal_data.h"
#include "core/base/check.h"

namespace daybook::services {
namespace {

constexpr size_t position_bytes = 8;

// ParseFromArray takes an int; nothing stored is anywhere near its end.
bool Parse(absl::string_view bytes, google::protobuf::MessageLite& message) {
  if (bytes.size() > INT_MAX) return false;
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

using google::protobuf::internal::WireFormatLite;

// More than stands before an event.
constexpr size_t header_bytes_max = 512;

void PutVarint(uint64_t number, std::string& bytes) {
  for (; number >= 0x80; number >>= 7) {
    bytes.push_back(static_cast<char>(number | 0x80));
  }
  bytes.push_back(static_cast<char>(number));
}

void PutTag(int field, WireFormatLite::WireType type, std::string& bytes) {
  PutVarint(WireFormatLite::MakeTag(field, type), bytes);
}

// As proto3 does: nothing where it is 0, or empty.
void PutNumber(int field, uint64_t number, std::string& bytes) {
  if (number == 0) return;
  PutTag(field, WireFormatLite::WIRETYPE_VARINT, bytes);
  PutVarint(number, bytes);
}

void PutBytes(int field, absl::string_view value, std::string& bytes) {
  if (value.empty()) return;
  PutTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED, bytes);
  PutVarint(value.size(), bytes);
  bytes.append(value.data(), value.size());
}

}  // namespace

std::string PositionBytes(Position position) {
  std::string bytes(position_bytes, '\0');
  uint64_t rest = position.value();
  for (size_t i = position_bytes; i > 0; --i) {
    bytes[i - 1] = static_cast<char>(rest & 0xff);
    rest >>= 8;
  }
  return bytes;
}

absl::StatusOr<Position> ParsePosition(absl::string_view bytes) {
  if (bytes.size() != position_bytes) {
    return absl::DataLossError(absl::StrCat(
        "a stored position has ", bytes.size(), " bytes instead of 8"));
  }
  uint64_t value = 0;
  for (const char byte : bytes) {
    value = (value << 8) | static_cast<unsigned char>(byte);
  }
  return Position(value);
}

std::string PersonalRecordBytes(const PersonalRecord& record) {
  DAYBOOK_CHECK(record.salt.size() == salt_bytes);
  return absl::StrCat(record.salt, record.data.SerializeAsString());
}

absl::StatusOr<PersonalRecord> ParsePersonalRecord(absl::string_view bytes) {
  PersonalRecord record;
  if (bytes.size() < salt_bytes ||
      !Parse(bytes.substr(salt_bytes), record.data)) {
    return absl::DataLossError("stored personal data can not be read");
  }
  record.salt = std::string(bytes.substr(0, salt_bytes));
  return record;
}

std::string EntryBytes(const v1::Entry& entry) {
  DAYBOOK_CHECK(entry.format() == entry_format);
  DAYBOOK_CHECK(entry.content_case() != v1::Entry::CONTENT_NOT_SET);
  std::string bytes = entry.SerializeAsString();
  DAYBOOK_CHECK(bytes.size() <= entry_bytes_max);
  return bytes;
}

std::string EntryBytes(const v1::Entry& entry, absl::string_view event_bytes) {
  DAYBOOK_CHECK(entry.format() == entry_format && entry.has_event());
  // They are of the event as it is: its size was asked for to write them.
  DAYBOOK_CHECK(static_cast<size_t>(entry.event().GetCachedSize()) ==
                event_bytes.size());
  std::string bytes;
  bytes.reserve(header_bytes_max + event_bytes.size());
  PutNumber(v1::Entry::kFormatFieldNumber, entry.format(), bytes);
  PutNumber(v1::Entry::kPositionFieldNumber, entry.position(), bytes);
  PutNumber(v1::Entry::kRecordedTimeUsFieldNumber,
            static_cast<uint64_t>(entry.recorded_time_us()), bytes);
  PutBytes(v1::Entry::kPrincipalFieldNumber, entry.principal(), bytes);
  PutBytes(v1::Entry::kSourceFieldNumber, entry.source(), bytes);
  PutBytes(v1::Entry::kPersonalDataCommitmentFieldNumber,
           entry.personal_data_commitment(), bytes);
  PutTag(v1::Entry::kEventFieldNumber,
         WireFormatLite::WIRETYPE_LENGTH_DELIMITED, bytes);
  PutVarint(event_bytes.size(), bytes);
  bytes.append(event_bytes.data(), event_bytes.size());
  DAYBOOK_CHECK(bytes.size() <= entry_bytes_max);
  return bytes;
}

absl::StatusOr<v1::Entry> ParseEntry(Position position,
                                     absl::string_view bytes) {
  v1::Entry entry;
  if (!Parse(bytes, entry) || entry.position() != position.value()) {
    return absl::DataLossError(absl::StrCat("the stored bytes at position ",
                                            position.value(),
                                            " are not its entry"));
  }
  const bool known = entry.format() == entry_format &&
                     entry.content_case() != v1::Entry::CONTENT_NOT_SET &&
                     (!entry.has_event() || entry.event().payload_case() !=
                                                v1::Event::PAYLOAD_NOT_SET);
  if (!known) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the entry at position ", position.value(),
        " is of a kind that this version does not know; run the version of "
        "daybookd that wrote it, or a later one"));
  }
  return entry;
}

}  // namespace daybook::services
