// EventSender: gets events recorded, and says of each what became of it.
//
// Events are given one after the other and sent when that is worth it; one that
// is refused does not keep the others from being recorded. Callbacks come in
// the order of Add, during Add or Flush.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_IMPORT_EVENT_SENDER_H_
#define DAYBOOK_CLIENTS_IMPORT_EVENT_SENDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/client.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook::importer {

// What became of an event.
struct SendOutcome {
  enum class Kind { kCreated, kReplayed, kRefused };

  Kind kind = Kind::kRefused;
  // Of kReplayed: a later entry cancels it.
  bool reversed = false;
  uint64_t position = 0;
  // Of kRefused.
  std::vector<v1::Problem> problems;
};

class EventSender {
 public:
  using Callback = std::function<void(const SendOutcome&)>;

  virtual ~EventSender() = default;

  // Errors of both: those of AppendEvents that concern no single event, such as
  // UNAVAILABLE. Events whose callback did not come may be recorded or not;
  // sending them again settles it.
  virtual absl::Status Add(v1::EventInput input, Callback callback) = 0;
  virtual absl::Status Flush() = 0;
};

// Sends by AppendEvents, in atomic batches: a batch that is refused is
// validated, which tells of all its events, and sent again without those
// refused.
class BatchSender : public EventSender {
 public:
  static constexpr size_t batch_events_max = 512;
  static constexpr size_t batch_bytes_max = size_t{4} << 20;

  // With `validate_only` nothing is recorded, and what would be accepted is
  // told as created, also where it is recorded already. `client` must outlive
  // it.
  BatchSender(client::Client& client, const std::string& ledger,
              const std::string& source, bool validate_only);

  absl::Status Add(v1::EventInput input, Callback callback) override;
  absl::Status Flush() override;

 private:
  struct Pending {
    v1::EventInput input;
    Callback callback;
  };

  // Sends those that `send` names; refused ones get their outcome.
  absl::Status Send(const std::vector<size_t>& send,
                    std::vector<SendOutcome>& outcomes);

  client::Client& client_;
  const std::string ledger_;
  const std::string source_;
  const bool validate_only_;
  std::vector<Pending> pending_;
  size_t bytes_ = 0;
};

// AppendEvents, waiting while the server's queue is full.
absl::StatusOr<v1::AppendEventsResponse> AppendPatiently(
    client::Client& client, const v1::AppendEventsRequest& request);

// "field 'value': what is wrong; what to do" of each, joined.
std::string ProblemText(const std::vector<v1::Problem>& problems);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_EVENT_SENDER_H_
