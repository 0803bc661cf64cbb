// StreamSender: an EventSender over one stream of the server.
//
// Several batches are on their way at once, a refused event costs its
// neighbours nothing, and a connection that breaks is made again. Outcomes
// arrive on a thread of the stream and are told during Add and Flush.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_IMPORT_STREAM_SENDER_H_
#define DAYBOOK_CLIENTS_IMPORT_STREAM_SENDER_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clients/cpp/client.h"
#include "clients/cpp/stream_writer.h"
#include "clients/import/event_sender.h"

namespace daybook::importer {

class StreamSender : public EventSender {
 public:
  // `address` is the server's, HOST:PORT.
  //
  // Errors: those of StreamWriter::Open.
  static absl::StatusOr<std::unique_ptr<StreamSender>> Open(
      const std::string& address, const std::string& ledger,
      const std::string& source);

  ~StreamSender() override;

  absl::Status Add(v1::EventInput input, Callback callback) override;
  absl::Status Flush() override;

 private:
  // An outcome, or why there is none.
  struct Told {
    SendOutcome outcome;
    absl::Status status;
  };

  StreamSender() = default;

  void Take(const client::EventOutcome& outcome);
  // Calls the callbacks of what was told.
  absl::Status Tell();

  // Of the events without outcome, in the order of Add.
  std::deque<Callback> callbacks_;

  absl::Mutex mutex_;
  std::vector<Told> told_ ABSL_GUARDED_BY(mutex_);

  // Last, so that its threads end before what they use.
  std::unique_ptr<client::StreamWriter> writer_;
};

// The sender for an import: a stream, or, where nothing is to be recorded,
// batches that are validated. `client`, whose server is at `address`, must
// outlive it.
//
// Errors: as Open.
absl::StatusOr<std::unique_ptr<EventSender>> MakeSender(
    client::Client& client, const std::string& address,
    const std::string& ledger, const std::string& source, bool dry_run);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_STREAM_SENDER_H_
