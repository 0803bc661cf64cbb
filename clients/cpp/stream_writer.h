// StreamWriter: feeds the events of one source into a ledger as fast as it
// takes them, and loses or doubles none.
//
//   StreamWriterOptions options;
//   options.ledger = "ledgers/430203";
//   options.source = "accounting";
//   ASSIGN_OR_RETURN(auto writer, StreamWriter::Open(address, options));
//   SkipTo(writer->opened().cursor());
//   for (...) {
//     RETURN_IF_ERROR(writer->Add(input, {.cursor = line_number,
//                                         .callback = told}));
//   }
//   RETURN_IF_ERROR(writer->Finish());
//
// Events go in batches, several of which are on their way at once; memory is
// bounded, and Add waits while there is no room. When the connection breaks or
// the server restarts, the writer connects again, waits longer each time, asks
// where the source stands, and offers what was not answered once more: what was
// recorded the first time is answered as a replay. stream_queue.h says how the
// source's cursor guards this, and that two feeders of one source notice each
// other. A feed that is to go on right after it was killed sets `exclusive`.
//
// Give a cursor with each event, or none at all. It says in words of the source
// how far it is, and is kept with the events: a feed that begins again asks
// `opened` and goes on from there. A batch keeps the last of its events. When
// an event is refused that may be accepted later, the cursor stays before its
// batch and the writer ends with FAILED_PRECONDITION, after `refused_tries_max`
// tries; with `advance_past_retryable` it goes on, and whoever feeds must offer
// the event again. Events without cursors are refused one by one and nothing
// stops.
//
// Every event's outcome is told to its callback, or to `on_outcome`, in the
// order of Add and from a thread of the writer. A callback may call Cancel, and
// none of the writer's other methods. All were called when Finish or the
// destructor returns.
//
// Thread safety: all methods may be called from any thread; the order of events
// is that in which their calls of Add return.

#ifndef DAYBOOK_CLIENTS_CPP_STREAM_WRITER_H_
#define DAYBOOK_CLIENTS_CPP_STREAM_WRITER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/event_outcome.h"
#include "clients/cpp/stream_options.h"
#include "daybook/v1/event.pb.h"
#include "daybook/v1/sources.pb.h"

namespace daybook::client {

// What may be said with an event.
struct AddOptions {
  // Where the source stands once the event and those before it are recorded; at
  // most 256 bytes without control characters.
  std::optional<std::string> cursor = std::nullopt;

  OutcomeCallback callback = nullptr;

  // How long Add may wait for room.
  absl::Time deadline = absl::InfiniteFuture();
};

class StreamWriter {
 public:
  // Connects, and returns once the server said where the source stands.
  //
  // Errors: INVALID_ARGUMENT for an option out of its range; UNAVAILABLE when
  // no server answers at `address` (HOST:PORT); those of the rpc.
  static absl::StatusOr<std::unique_ptr<StreamWriter>> Open(
      const std::string& address, StreamWriterOptions options);

  // Cancels what is not finished, and waits for its threads.
  ~StreamWriter();
  StreamWriter(const StreamWriter&) = delete;
  StreamWriter& operator=(const StreamWriter&) = delete;

  // How far the source was when Open returned.
  const v1::SourceProgress& opened() const;

  // Takes one event, waiting for room if need be. OK says no more than that it
  // was taken; the callback says what became of it.
  //
  // Errors, with which the event was not taken:
  //   DEADLINE_EXCEEDED    there was no room until the deadline. Add it again.
  //   INVALID_ARGUMENT     the event or cursor is too large. Others may go on.
  //   FAILED_PRECONDITION  Finish was called.
  //   any other            the writer has ended, with this status; see Finish.
  absl::Status Add(v1::EventInput input, AddOptions how = {});

  // Sends what was added and waits until all of it was answered and told.
  //
  // Errors: those of Finish, when the writer has ended.
  absl::Status Flush();

  // Flushes, closes the stream, and waits for its end. To be called once.
  //
  // Errors:
  //   ABORTED              another writer feeds the same source.
  //   FAILED_PRECONDITION  a refusal keeps the cursor from moving.
  //   UNAVAILABLE          the server stayed away. Events whose outcome is
  //                        kUnknown may be recorded; feed again from the
  //                        cursor.
  //   CANCELLED            Cancel was called.
  //   INTERNAL             the server's answers make no sense.
  //   those of the rpc, and of the first refusal with `end_at_refusal`.
  absl::Status Finish();

  // Ends the writer as soon as may be. What was not answered is kUnknown.
  void Cancel();

  // Where the source stands, and the ledger's size, as of the last answer.
  std::string cursor() const;
  uint64_t size() const;

 private:
  class Impl;

  explicit StreamWriter(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace daybook::client

#endif  // DAYBOOK_CLIENTS_CPP_STREAM_WRITER_H_
