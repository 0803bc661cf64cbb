#include "clients/audit/entry_scan.h"

#include <algorithm>
#include <array>

#include "google/protobuf/wire_format_lite.h"

namespace daybook::audit {
namespace {

using google::protobuf::internal::WireFormatLite;

// Walks the fields of a message that ascend, each at most once.
class Fields {
 public:
  explicit Fields(absl::string_view bytes) : rest_(bytes) {}

  // Goes to the next field; false at the end, and where something is amiss.
  bool Next() {
    uint64_t tag = 0;
    if (rest_.empty() || !Varint(tag)) return false;
    const uint64_t field = tag >> 3;
    if (field <= field_ || field > largest_field) return Fail();
    field_ = field;
    switch (tag & 7) {
      case WireFormatLite::WIRETYPE_VARINT:
        is_number_ = true;
        return Varint(number_);
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED: {
        is_number_ = false;
        uint64_t length = 0;
        if (!Varint(length) || length > rest_.size()) return Fail();
        value_ = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return true;
      }
      default:
        return Fail();
    }
  }

  bool ok() const { return ok_; }
  uint64_t field() const { return field_; }
  bool is_number() const { return is_number_; }
  uint64_t number() const { return number_; }
  absl::string_view value() const { return value_; }

 private:
  static constexpr uint64_t largest_field = 99;

  bool Fail() {
    ok_ = false;
    return false;
  }

  bool Varint(uint64_t& number) {
    number = 0;
    constexpr size_t bytes_max = 10;
    for (size_t i = 0; i < std::min(bytes_max, rest_.size()); ++i) {
      const auto byte = static_cast<unsigned char>(rest_[i]);
      number |= uint64_t{byte & 0x7Fu} << (7 * i);
      if (byte < 0x80) {
        rest_.remove_prefix(i + 1);
        return true;
      }
    }
    return Fail();
  }

  absl::string_view rest_;
  bool ok_ = true;
  uint64_t field_ = 0;
  bool is_number_ = false;
  uint64_t number_ = 0;
  absl::string_view value_;
};

// Other text is left to the parser, which checks that it is UTF-8.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
}

// A message of at most three numbers, such as a date or a time.
bool ScanNumbers(absl::string_view bytes, std::array<uint64_t, 3>& numbers) {
  Fields fields(bytes);
  while (fields.Next()) {
    if (!fields.is_number() || fields.field() > numbers.size()) return false;
    numbers[fields.field() - 1] = fields.number();
  }
  return fields.ok();
}

bool ScanDate(absl::string_view bytes, EntryParts& parts) {
  std::array<uint64_t, 3> numbers{};
  constexpr uint64_t number_max = 9'999;
  if (!ScanNumbers(bytes, numbers) ||
      std::any_of(numbers.begin(), numbers.end(),
                  [](uint64_t number) { return number > number_max; })) {
    return false;
  }
  parts.has_effective_date = true;
  parts.year = static_cast<int>(numbers[0]);
  parts.month = static_cast<int>(numbers[1]);
  parts.day = static_cast<int>(numbers[2]);
  return true;
}

bool ScanEventField(const Fields& fields, ScannedEntry& scanned) {
  if (fields.is_number()) return false;
  std::array<uint64_t, 3> ignored{};
  switch (fields.field()) {
    case v1::Event::kEventIdFieldNumber:
      scanned.parts.event_id = fields.value();
      return IsPlain(fields.value());
    case v1::Event::kSubjectFieldNumber:
      scanned.parts.subject = fields.value();
      return IsPlain(fields.value());
    case v1::Event::kEffectiveDateFieldNumber:
      return ScanDate(fields.value(), scanned.parts);
    case v1::Event::kDocumentDateFieldNumber:
    case v1::Event::kSourceRecordedTimeFieldNumber:
      return ScanNumbers(fields.value(), ignored);
    case v1::Event::kExpenditureRecordedFieldNumber:
      scanned.payload = fields.value();
      scanned.parts.payload_case = v1::Event::kExpenditureRecorded;
      return true;
    default:
      return false;
  }
}

bool ScanEvent(absl::string_view bytes, ScannedEntry& scanned) {
  Fields fields(bytes);
  while (fields.Next()) {
    if (!ScanEventField(fields, scanned)) return false;
  }
  return fields.ok() &&
         scanned.parts.payload_case == v1::Event::kExpenditureRecorded;
}

bool ScanEntryField(const Fields& fields, ScannedEntry& scanned) {
  constexpr uint64_t last_number = v1::Entry::kRecordedTimeUsFieldNumber;
  EntryParts& parts = scanned.parts;
  if (fields.is_number() != (fields.field() <= last_number)) return false;
  switch (fields.field()) {
    case v1::Entry::kFormatFieldNumber:
      parts.format = fields.number();
      // A larger one would be cut.
      return parts.format <= 1;
    case v1::Entry::kPositionFieldNumber:
      parts.position = fields.number();
      return true;
    case v1::Entry::kRecordedTimeUsFieldNumber:
      parts.recorded_time_us = static_cast<int64_t>(fields.number());
      return true;
    case v1::Entry::kPrincipalFieldNumber:
      return IsPlain(fields.value());
    case v1::Entry::kSourceFieldNumber:
      parts.source = fields.value();
      return IsPlain(fields.value());
    case v1::Entry::kPersonalDataCommitmentFieldNumber:
      parts.commitment = fields.value();
      return true;
    case v1::Entry::kEventFieldNumber:
      parts.is_event = true;
      return ScanEvent(fields.value(), scanned);
    default:
      return false;
  }
}

}  // namespace

std::optional<ScannedEntry> ScanEntry(absl::string_view bytes) {
  ScannedEntry scanned;
  Fields fields(bytes);
  while (fields.Next()) {
    if (!ScanEntryField(fields, scanned)) return std::nullopt;
  }
  if (!fields.ok() || !scanned.parts.is_event) return std::nullopt;
  return scanned;
}

EntryParts PartsOf(const v1::Entry& entry) {
  EntryParts parts{.format = entry.format(),
                   .position = entry.position(),
                   .recorded_time_us = entry.recorded_time_us(),
                   .source = entry.source(),
                   .commitment = entry.personal_data_commitment(),
                   .is_genesis = entry.has_genesis(),
                   .is_event = entry.has_event()};
  if (!parts.is_event) return parts;
  const v1::Event& event = entry.event();
  parts.event_id = event.event_id();
  parts.subject = event.subject();
  parts.has_effective_date = event.has_effective_date();
  parts.year = event.effective_date().year();
  parts.month = event.effective_date().month();
  parts.day = event.effective_date().day();
  parts.has_correction = event.has_correction();
  parts.payload_case = event.payload_case();
  return parts;
}

}  // namespace daybook::audit
