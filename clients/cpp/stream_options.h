// StreamWriterOptions: how a StreamWriter feeds.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CLIENTS_CPP_STREAM_OPTIONS_H_
#define DAYBOOK_CLIENTS_CPP_STREAM_OPTIONS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/cpp/event_outcome.h"
#include "daybook/v1/ledger_service.pb.h"

namespace daybook::client {

struct StreamWriterOptions {
  // Most bytes of one event and its personal data that are sent at all; the
  // server refuses less, and says why.
  static constexpr size_t event_bytes_max = size_t{1} << 20;
  static constexpr size_t cursor_bytes_max = 256;

  // "ledgers/430203", and who states the events.
  std::string ledger;
  std::string source;

  // Most events, 1 to 4,096, and bytes, 1 to 16 MiB, of one batch.
  size_t batch_events = 512;
  size_t batch_bytes = size_t{4} << 20;

  // Batches on their way at once, at least 1, and the bytes of all events that
  // were added and not answered, at least those of a batch.
  size_t in_flight_batches_max = 8;
  size_t in_flight_bytes_max = size_t{32} << 20;

  // How long an event waits for others to fill its batch while there is room
  // for one more batch.
  absl::Duration linger = absl::Milliseconds(5);

  // This is the source's feed, of which there is one at a time: Open ends an
  // earlier one, which gets ABORTED, and `opened` says where that left off for
  // good. A feed that goes on from its cursor after it was killed needs this;
  // otherwise what its last batches move the cursor to may come later.
  bool exclusive = false;

  // At ACK_LEVEL_PUBLISHED each outcome tells the proof that the event is under
  // a signed checkpoint, and batches have at most `published_batch_events_max`
  // events.
  v1::AckLevel ack_level = v1::ACK_LEVEL_DURABLE;
  static constexpr size_t published_batch_events_max = 256;

  // When one event of a batch is refused, nothing of the batch is recorded.
  bool atomic = false;

  // The cursor moves on also when an event was refused that may be accepted
  // later.
  bool advance_past_retryable = false;

  // The writer ends, with the code of the first refusal, once a batch with one
  // was told. With one batch in flight nothing after it was sent.
  bool end_at_refusal = false;

  // How often in a row it tries to go on when the server went away, and how
  // long it waits before the first of these tries; each time twice as long, at
  // most `wait_max`. What never answered is not tried again.
  int tries_max = 8;
  absl::Duration wait = absl::Milliseconds(250);
  absl::Duration wait_max = absl::Seconds(8);

  // How often, with the same waits, a batch is offered again whose refusal
  // keeps the cursor from moving.
  int refused_tries_max = 0;

  // A server that acks nothing for so long, while something is to be acked, is
  // taken for gone.
  absl::Duration ack_timeout = absl::Seconds(60);

  // Told about the events that have no callback of their own.
  OutcomeCallback on_outcome;
};

// Whether each is within its range.
//
// Errors: INVALID_ARGUMENT.
absl::Status Check(const StreamWriterOptions& options);

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_STREAM_OPTIONS_H_
