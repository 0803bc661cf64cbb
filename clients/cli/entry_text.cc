#include "clients/cli/entry_text.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/budget/code_list.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/money.h"
#include "google/protobuf/descriptor.h"

namespace daybook::cli {
namespace {

std::string LineText(const v1::Line& line) {
  std::string text;
  const auto add = [&](absl::string_view part) {
    if (!part.empty()) absl::StrAppend(&text, text.empty() ? "" : " ", part);
  };
  if (line.fund() != v1::FUND_UNSPECIFIED) add(FundName(line.fund()));
  switch (line.nature()) {
    case v1::NATURE_BASIC:
      add("basic");
      break;
    case v1::NATURE_PERSONNEL:
      add("personnel");
      break;
    case v1::NATURE_OPERATING:
      add("operating");
      break;
    case v1::NATURE_PROJECT:
      add("project");
      break;
    default:
      break;
  }
  add(line.project());
  add(line.function_code());
  add(line.economic_code());
  return text;
}

// What an event says of itself in a few words. Any payload has a field for it.
struct Gist {
  std::string amount;
  std::string about;
};

Gist GistOf(const v1::Event& event) {
  using google::protobuf::FieldDescriptor;
  Gist gist;
  const google::protobuf::Reflection& reflection = *event.GetReflection();
  const FieldDescriptor* payload = reflection.GetOneofFieldDescriptor(
      event, v1::Event::descriptor()->FindOneofByName("payload"));
  if (payload == nullptr) return gist;
  const google::protobuf::Message& message =
      reflection.GetMessage(event, payload);
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  if (const FieldDescriptor* amount = type.FindFieldByName("amount_fen")) {
    gist.amount =
        FormatYuan(Money(message.GetReflection()->GetInt64(message, amount)));
  }
  const FieldDescriptor* line = type.FindFieldByName("line");
  if (line != nullptr) {
    gist.about = LineText(static_cast<const v1::Line&>(
        message.GetReflection()->GetMessage(message, line)));
    return gist;
  }
  for (const char* name : {"indicator", "row", "activity", "figure", "section",
                           "target_event_id", "key", "name", "form"}) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) continue;
    gist.about = message.GetReflection()->GetString(message, field);
    break;
  }
  return gist;
}

// With its zone, so that a program can not take it for another.
std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", time,
                          absl::FixedTimeZone(8 * 60 * 60));
}

std::string DayText(const v1::Date& date) {
  const absl::StatusOr<absl::CivilDay> day = ToCivilDay(date);
  return day.ok() ? FormatDay(*day) : "";
}

}  // namespace

std::vector<std::string> EntryCells(const v1::Entry& entry) {
  const std::string recorded =
      TimeText(absl::FromUnixMicros(entry.recorded_time_us()));
  if (entry.has_genesis()) {
    return {absl::StrCat(entry.position()),
            recorded,
            "",
            "",
            "",
            "",
            "",
            "genesis",
            "",
            entry.genesis().origin()};
  }
  const v1::Event& event = entry.event();
  const auto* payload = v1::Event::descriptor()->FindFieldByNumber(
      static_cast<int>(event.payload_case()));
  const Gist gist = GistOf(event);
  return {
      absl::StrCat(entry.position()),
      recorded,
      event.has_source_recorded_time()
          ? TimeText(
                absl::FromUnixSeconds(event.source_recorded_time().seconds()) +
                absl::Nanoseconds(event.source_recorded_time().nanos()))
          : "",
      entry.source(),
      event.event_id(),
      event.has_effective_date() ? DayText(event.effective_date()) : "",
      event.has_document_date() ? DayText(event.document_date()) : "",
      payload == nullptr ? "" : payload->name(),
      gist.amount,
      gist.about};
}

}  // namespace daybook::cli
