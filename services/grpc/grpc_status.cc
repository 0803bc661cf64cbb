#include "services/grpc/grpc_status.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/check.h"
#include "core/base/utf8.h"
#include "services/grpc/operator_log.h"

namespace daybook::services {
namespace {

// That too much waits or the disk is full is told this often, however many
// calls are refused for it.
constexpr absl::Duration told_every = absl::Minutes(1);

bool MayTell() {
  static std::atomic<int64_t> next_us{0};
  const absl::Time now = absl::Now();
  int64_t next = next_us.load();
  return absl::ToUnixMicros(now) >= next &&
         next_us.compare_exchange_strong(next,
                                         absl::ToUnixMicros(now + told_every));
}

// What a byte takes as `grpc-message`, which is percent-encoded.
size_t EncodedBytes(absl::string_view message) {
  size_t bytes = 0;
  for (const char c : message) {
    const bool plain = c >= ' ' && c <= '~' && c != '%';
    bytes += plain ? 1 : 3;
  }
  return bytes;
}

// What `bytes` take as `grpc-status-details-bin`, which is base64.
size_t Base64Bytes(size_t bytes) { return (bytes + 2) / 3 * 4; }

std::string FitMessage(std::string message) {
  while (EncodedBytes(message) > error_message_bytes_max) {
    const size_t excess = EncodedBytes(message) - error_message_bytes_max;
    message = Shortened(message, message.size() - (excess + 2) / 3);
  }
  return message;
}

std::string Plural(uint32_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

std::string RefusedMessage(const v1::AppendRefused& refused) {
  const v1::Refusal& first = refused.refusals(0);
  const v1::Problem& problem = first.problems(0);
  std::string message = absl::StrCat("event ", first.index());
  if (!first.event_id().empty()) {
    absl::StrAppend(&message, " (", first.event_id(), ")");
  }
  absl::StrAppend(&message, ": ", problem.field());
  if (!problem.value().empty()) {
    absl::StrAppend(&message, " = ", problem.value());
  }
  absl::StrAppend(&message, ": ", problem.message(), "; ", problem.remedy());
  const uint32_t further = static_cast<uint32_t>(first.problems_size()) - 1;
  if (further > 0) {
    absl::StrAppend(&message, "; it has ", Plural(further, "further problem"));
  }
  if (refused.refused_total() > 1) {
    absl::StrAppend(&message, "; ", Plural(refused.refused_total(), "event"),
                    " of this call were refused, and nothing was recorded");
  }
  return message;
}

// Takes the least important thing away. False when nothing is left to take.
bool DropOne(v1::AppendRefused& refused) {
  for (int i = refused.refusals_size() - 1; i >= 0; --i) {
    v1::Refusal& refusal = *refused.mutable_refusals(i);
    if (refusal.problems_size() > 1) {
      refusal.mutable_problems()->RemoveLast();
      return true;
    }
  }
  if (refused.refusals_size() > 1) {
    refused.mutable_refusals()->RemoveLast();
    return true;
  }
  return false;
}

std::string Details(int code, const std::string& message,
                    v1::AppendRefused refused) {
  const size_t room = error_trailer_bytes_max - EncodedBytes(message);
  while (true) {
    v1::ErrorStatus details;
    details.set_code(code);
    details.set_message(message);
    details.add_details()->PackFrom(refused);
    std::string bytes = details.SerializeAsString();
    if (Base64Bytes(bytes.size()) <= room || !DropOne(refused)) return bytes;
  }
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.raw_code());
  std::string message(status.message());
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
      ProcessLog().Tell(status.ToString(), absl::Now());
      message =
          "stored bytes of the ledger are damaged or missing; the server's log "
          "says which. Nothing is answered rather than something wrong.";
      break;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      ProcessLog().Tell(status.ToString(), absl::Now());
      message = "the server failed; its log says how";
      break;
    case absl::StatusCode::kResourceExhausted:
      if (!MayTell()) break;
      ProcessLog().Tell(status.ToString(), absl::Now());
      break;
    case absl::StatusCode::kUnavailable:
      ProcessLog().Tell(status.ToString(), absl::Now());
      break;
    default:
      break;
  }
  return grpc::Status(code, FitMessage(std::move(message)));
}

grpc::Status ToAuditorStatus(const absl::Status& status) {
  if (!absl::IsDataLoss(status)) return ToGrpcStatus(status);
  ProcessLog().Tell(status.ToString(), absl::Now());
  return grpc::Status(grpc::StatusCode::DATA_LOSS,
                      FitMessage(std::string(status.message())));
}

grpc::Status ToRefusedStatus(v1::AppendRefused refused) {
  DAYBOOK_CHECK(refused.refusals_size() > 0);
  DAYBOOK_CHECK(refused.refusals(0).problems_size() > 0);
  const int code = refused.refusals(0).problems(0).code();
  std::string message = FitMessage(RefusedMessage(refused));
  std::string details = Details(code, message, std::move(refused));
  return grpc::Status(static_cast<grpc::StatusCode>(code), std::move(message),
                      std::move(details));
}

}  // namespace daybook::services
