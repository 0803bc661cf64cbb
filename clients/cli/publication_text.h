// What `append --published` says: how far what it recorded is under a
// signature, and a proof file for each event where that is wanted.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_CLI_PUBLICATION_TEXT_H_
#define DAYBOOK_CLIENTS_CLI_PUBLICATION_TEXT_H_

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/event_outcome.h"
#include "daybook/v1/evidence.pb.h"

namespace daybook::cli {

// The proof file of an entry, as docs/formats/checkpoint.md has it.
//
// Errors: INVALID_ARGUMENT when the server answered no such proof.
absl::StatusOr<std::string> ProofFileText(const v1::InclusionProof& proof,
                                          const v1::Checkpoint& checkpoint);

class PublicationWriter {
 public:
  // Writes POSITION.tlog-proof files to `folder`, which is made; none when it
  // is empty.
  explicit PublicationWriter(std::filesystem::path folder)
      : folder_(std::move(folder)) {}

  // Takes what became of an event.
  void Take(const client::EventOutcome& outcome);

  // Says of all that was taken under which checkpoint it is.
  //
  // Errors: FAILED_PRECONDITION when something was recorded and not published,
  // or the server's reason; those of writing files.
  absl::Status Finish(std::ostream& out) const;

 private:
  absl::Status Write(const client::EventOutcome& outcome);

  const std::filesystem::path folder_;
  uint64_t published_ = 0;
  uint64_t unpublished_ = 0;
  // Of the last checkpoint.
  uint64_t size_ = 0;
  // The first reason why something was not published, and the first failure.
  absl::Status why_;
  absl::Status failure_;
};

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_PUBLICATION_TEXT_H_
