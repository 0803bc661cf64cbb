#include "core/report/entry_filter.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/utf8.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace daybook {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t shown_bytes = 128;
// Longest source, principal, number and personal text.
constexpr size_t id_bytes_max = 64;
constexpr size_t number_bytes_max = 128;
constexpr size_t text_bytes_max = 512;
constexpr size_t economic_digits_max = 5;

// What a payload has that filters ask for. Looked up once for each kind.
struct PayloadFields {
  const FieldDescriptor* payload = nullptr;
  std::vector<const FieldDescriptor*> numbers;
  const FieldDescriptor* amount = nullptr;
  const FieldDescriptor* line = nullptr;
};

// Numbers of the fields of Event are below this.
constexpr size_t payloads_max = 100;

PayloadFields FieldsOf(const FieldDescriptor& payload) {
  PayloadFields fields;
  fields.payload = &payload;
  const Descriptor& type = *payload.message_type();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
        !field->is_repeated() && absl::EndsWith(field->name(), "_number")) {
      fields.numbers.push_back(field);
    }
  }
  fields.amount = type.FindFieldByName("amount_fen");
  const FieldDescriptor* const line = type.FindFieldByName("line");
  if (line != nullptr && line->message_type() == v1::Line::descriptor()) {
    fields.line = line;
  }
  return fields;
}

const PayloadFields* FieldsOf(const v1::Event& event) {
  using Table = std::array<PayloadFields, payloads_max>;
  static const auto* const table = [] {
    auto* const made = new Table();
    const auto* const payloads =
        v1::Event::descriptor()->FindOneofByName("payload");
    for (int i = 0; i < payloads->field_count(); ++i) {
      const FieldDescriptor& field = *payloads->field(i);
      made->at(static_cast<size_t>(field.number())) = FieldsOf(field);
    }
    return made;
  }();
  if (event.payload_case() == v1::Event::PAYLOAD_NOT_SET) return nullptr;
  return &table->at(static_cast<size_t>(event.payload_case()));
}

const Message& PayloadOf(const v1::Event& event, const PayloadFields& fields) {
  return event.GetReflection()->GetMessage(event, fields.payload);
}

// Without the sign; also of the least number there is.
uint64_t Magnitude(int64_t fen) {
  return fen < 0 ? uint64_t{0} - static_cast<uint64_t>(fen)
                 : static_cast<uint64_t>(fen);
}

int DayNumber(const v1::Date& date) {
  return (date.year() * 100 + date.month()) * 100 + date.day();
}

// Checks a filter, field by field, and notes what is wrong.
class FilterCheck {
 public:
  FilterCheck(const v1::EntryFilter& filter, absl::string_view ledger)
      : filter_(filter), ledger_(ledger) {}

  absl::Status Run() {
    CheckSubject();
    CheckName("source", filter_.source(), id_bytes_max);
    CheckName("principal", filter_.principal(), id_bytes_max);
    CheckKinds();
    CheckTimes();
    CheckDays();
    CheckName("number", filter_.number(), number_bytes_max);
    CheckAmounts();
    CheckEconomicCode();
    if (filter_.personal_text().size() > text_bytes_max) {
      Add("personal_text",
          absl::StrCat("it has ", filter_.personal_text().size(),
                       " bytes; give at most ", text_bytes_max));
    }
    if (problems_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrJoin(problems_, "\n"));
  }

 private:
  void Add(absl::string_view field, absl::string_view problem) {
    problems_.push_back(absl::StrCat("filter.", field, ": ", problem));
  }

  void CheckSubject() {
    if (filter_.subject().empty()) return;
    const auto name = ResourceName::Parse(filter_.subject());
    if (!name.ok()) return Add("subject", name.status().message());
    if (name->LedgerString() == ledger_) return;
    Add("subject", absl::StrCat(filter_.subject(), " is not in ", ledger_,
                                "; ask the ledger that it is in"));
  }

  void CheckName(absl::string_view field, const std::string& value,
                 size_t bytes_max) {
    if (value.size() <= bytes_max) return;
    Add(field, absl::StrCat("'", Shortened(value, shown_bytes), "' has ",
                            value.size(), " bytes; give at most ", bytes_max));
  }

  void CheckKinds() {
    if (filter_.kinds_size() > EntryFilter::kinds_max) {
      Add("kinds", absl::StrCat("there are ", filter_.kinds_size(),
                                "; name at most ", EntryFilter::kinds_max));
      return;
    }
    for (const std::string& kind : filter_.kinds()) {
      const auto* const field = v1::Event::descriptor()->FindFieldByName(kind);
      if (field != nullptr && field->containing_oneof() != nullptr) continue;
      Add("kinds", absl::StrCat("'", Shortened(kind, shown_bytes),
                                "' is no payload of an event; name one such as "
                                "expenditure_recorded"));
    }
  }

  void CheckTimes() {
    if (!filter_.has_recorded_from_us() || !filter_.has_recorded_before_us() ||
        filter_.recorded_from_us() < filter_.recorded_before_us()) {
      return;
    }
    Add("recorded_before_us",
        absl::StrCat(filter_.recorded_before_us(), " is not after ",
                     filter_.recorded_from_us(),
                     ", where the range begins; give a later time"));
  }

  void CheckDays() {
    bool valid = true;
    const auto check = [&](bool has, const v1::Date& date, const char* field) {
      if (!has || ToCivilDay(date).ok()) return;
      valid = false;
      Add(field, absl::StrCat(date.ShortDebugString(),
                              ": there is no such day; give one"));
    };
    check(filter_.has_effective_from(), filter_.effective_from(),
          "effective_from");
    check(filter_.has_effective_through(), filter_.effective_through(),
          "effective_through");
    if (!valid || !filter_.has_effective_from() ||
        !filter_.has_effective_through() ||
        DayNumber(filter_.effective_from()) <=
            DayNumber(filter_.effective_through())) {
      return;
    }
    Add("effective_through", "it is before effective_from; exchange them");
  }

  void CheckAmounts() {
    const auto check = [&](bool has, int64_t fen, const char* field) {
      if (has && fen < 0) {
        Add(field, absl::StrCat(fen,
                                " is negative, and signs are left away; "
                                "give 0 or more"));
      }
    };
    check(filter_.has_amount_from_fen(), filter_.amount_from_fen(),
          "amount_from_fen");
    check(filter_.has_amount_through_fen(), filter_.amount_through_fen(),
          "amount_through_fen");
    if (filter_.has_amount_from_fen() && filter_.has_amount_through_fen() &&
        filter_.amount_from_fen() > filter_.amount_through_fen()) {
      Add("amount_through_fen",
          absl::StrCat(filter_.amount_through_fen(),
                       " is less than amount_from_fen; exchange them"));
    }
  }

  void CheckEconomicCode() {
    const std::string& code = filter_.economic_code();
    if (code.size() <= economic_digits_max &&
        std::all_of(code.begin(), code.end(), [](char c) {
          return absl::ascii_isdigit(static_cast<unsigned char>(c));
        })) {
      return;
    }
    Add("economic_code", absl::StrCat("'", Shortened(code, shown_bytes),
                                      "' is no code; give 1 to 5 digits"));
  }

  const v1::EntryFilter& filter_;
  const absl::string_view ledger_;
  std::vector<std::string> problems_;
};

}  // namespace

bool IsAbout(const v1::Entry& entry, absl::string_view subject) {
  const absl::string_view about =
      entry.has_genesis() ? entry.genesis().ledger() : entry.event().subject();
  return absl::StartsWith(about, subject) &&
         (about.size() == subject.size() || about[subject.size()] == '/');
}

std::vector<std::string> NumbersOf(const v1::Event& event) {
  std::vector<std::string> numbers;
  const PayloadFields* const fields = FieldsOf(event);
  if (fields == nullptr) return numbers;
  const Message& payload = PayloadOf(event, *fields);
  for (const FieldDescriptor* field : fields->numbers) {
    std::string number = payload.GetReflection()->GetString(payload, field);
    if (!number.empty()) numbers.push_back(std::move(number));
  }
  return numbers;
}

absl::StatusOr<EntryFilter> EntryFilter::Make(const v1::EntryFilter& filter,
                                              absl::string_view ledger) {
  const absl::Status checked = FilterCheck(filter, ledger).Run();
  if (!checked.ok()) return checked;
  EntryFilter made;
  made.filter_ = filter;
  made.is_empty_ = filter.ByteSizeLong() == 0;
  for (const std::string& kind : filter.kinds()) {
    made.kinds_.insert(
        v1::Event::descriptor()->FindFieldByName(kind)->number());
  }
  if (filter.has_effective_from()) {
    made.effective_from_ = DayNumber(filter.effective_from());
  }
  if (filter.has_effective_through()) {
    made.effective_through_ = DayNumber(filter.effective_through());
  }
  made.asks_payload_ =
      !filter.number().empty() || filter.has_amount_from_fen() ||
      filter.has_amount_through_fen() || !filter.economic_code().empty();
  for (const std::string* text :
       {&filter.number(), &filter.subject(), &filter.principal(),
        &filter.source(), &filter.economic_code()}) {
    if (!text->empty()) made.needles_.push_back(*text);
  }
  return made;
}

// Strings are stored as they are, so one that is asked for is in the bytes.
bool EntryFilter::MayFit(absl::string_view entry_bytes) const {
  return std::all_of(needles_.begin(), needles_.end(),
                     [&](const std::string& needle) {
                       return absl::StrContains(entry_bytes, needle);
                     });
}

bool EntryFilter::Fits(const v1::Entry& entry) const {
  if (is_empty_) return true;
  if (!FitsEnvelope(entry)) return false;
  if (entry.has_event()) {
    return FitsDay(entry.event()) && FitsPayload(entry.event());
  }
  return kinds_.empty() && !filter_.has_effective_from() &&
         !filter_.has_effective_through() && !asks_payload_;
}

bool EntryFilter::FitsEnvelope(const v1::Entry& entry) const {
  const int64_t time = entry.recorded_time_us();
  return (filter_.source().empty() || entry.source() == filter_.source()) &&
         (filter_.principal().empty() ||
          entry.principal() == filter_.principal()) &&
         (!filter_.has_recorded_from_us() ||
          time >= filter_.recorded_from_us()) &&
         (!filter_.has_recorded_before_us() ||
          time < filter_.recorded_before_us()) &&
         (filter_.subject().empty() || IsAbout(entry, filter_.subject()));
}

bool EntryFilter::FitsDay(const v1::Event& event) const {
  if (!filter_.has_effective_from() && !filter_.has_effective_through()) {
    return true;
  }
  if (!event.has_effective_date()) return false;
  const int day = DayNumber(event.effective_date());
  return (!filter_.has_effective_from() || day >= effective_from_) &&
         (!filter_.has_effective_through() || day <= effective_through_);
}

bool EntryFilter::FitsPayload(const v1::Event& event) const {
  if (!kinds_.empty() && !kinds_.contains(event.payload_case())) return false;
  if (!asks_payload_) return true;
  const PayloadFields* const fields = FieldsOf(event);
  if (fields == nullptr) return false;
  const Message& payload = PayloadOf(event, *fields);
  const auto& reflection = *payload.GetReflection();
  if (!filter_.number().empty()) {
    std::string copy;
    const bool has =
        std::any_of(fields->numbers.begin(), fields->numbers.end(),
                    [&](const FieldDescriptor* field) {
                      return reflection.GetStringReference(
                                 payload, field, &copy) == filter_.number();
                    });
    if (!has) return false;
  }
  if (filter_.has_amount_from_fen() || filter_.has_amount_through_fen()) {
    if (fields->amount == nullptr) return false;
    const uint64_t fen =
        Magnitude(reflection.GetInt64(payload, fields->amount));
    if (filter_.has_amount_from_fen() &&
        fen < Magnitude(filter_.amount_from_fen())) {
      return false;
    }
    if (filter_.has_amount_through_fen() &&
        fen > Magnitude(filter_.amount_through_fen())) {
      return false;
    }
  }
  if (filter_.economic_code().empty()) return true;
  if (fields->line == nullptr) return false;
  const auto& line = static_cast<const v1::Line&>(
      reflection.GetMessage(payload, fields->line));
  return absl::StartsWith(line.economic_code(), filter_.economic_code());
}

bool EntryFilter::FitsPersonal(const v1::PersonalData& data) const {
  const std::string& text = filter_.personal_text();
  return absl::StrContains(data.payee(), text) ||
         absl::StrContains(data.summary(), text) ||
         absl::StrContains(data.preparer(), text);
}

}  // namespace daybook
