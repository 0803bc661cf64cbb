// RecordedKeys: what a source recorded about some reports, by key.
//
// Read from the ledger itself, as everything about identities is; needed where
// the answer to single events is not enough: to find rows that are absent from
// a table, and to say beforehand what an import would do.
//
// Thread safety: immutable once read; any thread may read.

#ifndef DAYBOOK_CLIENTS_IMPORT_RECORDED_KEYS_H_
#define DAYBOOK_CLIENTS_IMPORT_RECORDED_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "clients/cpp/client.h"

namespace daybook::importer {

struct RecordedKey {
  // The last one.
  int revision = 0;
  // This source reversed it. What others reversed is not seen.
  bool reversed = false;
  // Of the last revision.
  absl::CivilDay day;
  int64_t amount_fen = 0;
  std::string subject;
};

class RecordedKeys {
 public:
  static constexpr size_t keys_max = 10'000'000;

  // Reads what `source` stated about each of `reports`. A report that does not
  // exist holds nothing.
  //
  // Errors: those of ReplayEvents; OUT_OF_RANGE beyond `keys_max`.
  static absl::StatusOr<RecordedKeys> Read(
      client::Client& client, const std::string& ledger,
      const std::string& source, const std::set<std::string>& reports);

  // Null when nothing was recorded under it.
  const RecordedKey* Find(const std::string& key) const;
  const std::map<std::string, RecordedKey>& all() const { return keys_; }

 private:
  std::map<std::string, RecordedKey> keys_;
};

// The source whose vouchers count as executed in a report; empty when it is not
// opened.
absl::StatusOr<std::string> BookSourceOf(client::Client& client,
                                         const std::string& report);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_RECORDED_KEYS_H_
