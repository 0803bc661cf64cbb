// Revisions: what was recorded for a row, and how that changes when the row
// did.
//
// The n-th revision of the row with key K is the event `K#n`; where it no
// longer holds, the event `K#n~` reverses it on its own day. Nothing about this
// is kept outside the ledger, so that anyone may import anywhere, again and at
// the same time: whoever comes second finds what the first recorded.
//
// Thread safety: thread-compatible.
//
// Rules: docs/import.md, "Identity".

#ifndef DAYBOOK_CLIENTS_IMPORT_REVISIONS_H_
#define DAYBOOK_CLIENTS_IMPORT_REVISIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cpp/client.h"
#include "clients/import/event_sender.h"
#include "daybook/v1/event.pb.h"
#include "daybook/v1/values.pb.h"

namespace daybook::importer {

// "K#n" and "K#n~".
std::string RevisionId(const std::string& key, int revision);
std::string ReversalId(const std::string& key, int revision);

// The key and number of an id of RevisionId; nothing of any other id.
struct Revision {
  std::string key;
  int number = 0;
};
std::optional<Revision> ParseRevisionId(const std::string& event_id);

// Whether `recorded` states the same fact as `wanted`: whatever the ids, the
// corrections and the time at which the source took note of it. Personal data
// is another matter.
bool StatesTheSame(const v1::Event& recorded, const v1::Event& wanted);

// What became of a row.
struct RowOutcome {
  enum class Kind {
    // Recorded for the first time.
    kCreated,
    // Recorded before, and holds.
    kReplayed,
    // Recorded before with other content; now this holds.
    kCorrected,
    // What was recorded is reversed.
    kDeleted,
    // Nothing was recorded that still holds.
    kAbsent,
    kRejected,
  };

  Kind kind = Kind::kRejected;
  // Of kCorrected and kDeleted: what held before.
  std::optional<v1::Event> before;
  // Of kRejected.
  std::vector<v1::Problem> problems;
};

// How the writing is done.
struct RevisionOptions {
  // "ledgers/430203".
  std::string ledger;
  std::string source;
  // For days that are closed; absent: they are refused.
  std::optional<v1::Correction> correction;
  // Everything is decided and nothing recorded.
  bool validate_only = false;
};

class RevisionWriter {
 public:
  static constexpr int revisions_max = 9'999;

  // `client` must outlive it.
  RevisionWriter(client::Client& client, RevisionOptions options);

  // Makes `wanted`, which has no event id, what holds under `key`.
  //
  // Errors: those that concern no single event, such as UNAVAILABLE.
  absl::StatusOr<RowOutcome> Replace(const std::string& key,
                                     const v1::EventInput& wanted);

  // Makes nothing hold under `key`. Errors: as above.
  absl::StatusOr<RowOutcome> Remove(const std::string& key);

 private:
  // The last revision that is recorded.
  struct Recorded {
    int revision = 0;
    v1::Event event;
    bool has_personal_data = false;
    bool reversed = false;
  };

  absl::StatusOr<std::optional<Recorded>> Last(const std::string& key);
  absl::StatusOr<std::optional<v1::StoredEntry>> Find(
      const std::string& event_id);
  absl::StatusOr<bool> IsReversed(const v1::StoredEntry& stored,
                                  const v1::Event& event);
  // Whether it was recorded with the same personal data. The server is asked,
  // by offering the event again: it answers without giving any out. What was
  // erased is the same as everything.
  absl::StatusOr<bool> HasSamePersonalData(const Recorded& recorded,
                                           const v1::PersonalData& wanted);
  v1::EventInput ReversalOf(const std::string& key, const Recorded& recorded,
                            const std::string& reason) const;
  // What became of an append.
  struct Appended {
    // Of what was refused; empty when all is recorded.
    std::vector<v1::Problem> problems;
    // Another importer had recorded the same already, and it may not hold any
    // more.
    bool replayed = false;
    bool reversed = false;
  };

  // Appends all or none; with the correction where a closed day asks for it.
  absl::StatusOr<Appended> Append(std::vector<v1::EventInput> inputs);

  client::Client& client_;
  const RevisionOptions options_;
};

// Whether it is a closed period that a correction would open.
bool AsksForCorrection(const std::vector<v1::Problem>& problems);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_REVISIONS_H_
