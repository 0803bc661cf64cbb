#include "clients/cli/entry_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "clients/cli/coordinates_text.h"
#include "core/budget/code_list.h"
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

const char* RefundText(v1::RefundReceived::Kind kind) {
  switch (kind) {
    case v1::RefundReceived::KIND_PRIOR_YEAR:
      return "prior-year refund of";
    case v1::RefundReceived::KIND_ADVANCE:
      return "refund of advance";
    default:
      return "refund of";
  }
}

std::string CorrectionText(const v1::Correction& correction) {
  return absl::StrCat("late: ", correction.reason(), ", approved by ",
                      correction.approver());
}

// What it says besides its amount and its first name or line.
std::vector<std::string> MoreOf(const v1::Event& event) {
  std::vector<std::string> more;
  switch (event.payload_case()) {
    case v1::Event::kRefundReceived: {
      const v1::RefundReceived& refund = event.refund_received();
      more.push_back(absl::StrCat(RefundText(refund.kind()), " ",
                                  refund.payment_event_id().empty()
                                      ? refund.payment_voucher_number()
                                      : refund.payment_event_id()));
      break;
    }
    case v1::Event::kAdvanceCleared:
      more.push_back(
          absl::StrCat("clears ", event.advance_cleared().advance_event_id()));
      break;
    case v1::Event::kPeriodClosed:
      more.push_back(
          absl::StrCat("through ", DayText(event.period_closed().through())));
      break;
    case v1::Event::kPeriodReopened: {
      const v1::PeriodReopened& reopened = event.period_reopened();
      more.push_back(absl::StrCat("from ", DayText(reopened.from()), ": ",
                                  reopened.correction().reason(),
                                  ", approved by ",
                                  reopened.correction().approver()));
      break;
    }
    case v1::Event::kPersonalDataErased: {
      const v1::PersonalDataErased& erased = event.personal_data_erased();
      more.push_back(
          absl::StrCat("personal data of ", erased.target().event_id()));
      more.push_back(absl::StrCat(erased.correction().reason(),
                                  ", approved by ",
                                  erased.correction().approver()));
      break;
    }
    case v1::Event::kReportPublished: {
      const v1::ReportPublished& published = event.report_published();
      more.push_back(absl::StrCat("as of ", DayText(published.as_of()),
                                  ", size ", published.size()));
      if (!published.document_number().empty()) {
        more.push_back(published.document_number());
      }
      break;
    }
    case v1::Event::kKeyRotated:
      more.push_back(absl::StrCat(
          "key ", absl::Base64Escape(event.key_rotated().public_key()), ": ",
          event.key_rotated().reason()));
      break;
    default:
      break;
  }
  if (event.has_replaces()) {
    const v1::EventIdentity& replaced = event.replaces();
    more.push_back(absl::StrCat("replaces ", replaced.source(),
                                replaced.source().empty() ? "" : "/",
                                replaced.event_id()));
  }
  if (event.has_correction()) {
    more.push_back(CorrectionText(event.correction()));
  }
  return more;
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
  std::vector<std::string> about = MoreOf(event);
  if (!gist.about.empty()) about.insert(about.begin(), gist.about);
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
      absl::StrJoin(about, "; ")};
}

}  // namespace daybook::cli
