// ScanEntry: the parts of an entry that every verification looks at, found
// without parsing all of it.
//
// Nine in ten entries are expenditures in the one form in which they are
// written: fields ascending, each once. Of these the envelope is walked here,
// and the payload alone is parsed, in half of the time. Whatever looks
// different in any way is left to the parser, so that there is one opinion of
// what it means.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_AUDIT_ENTRY_SCAN_H_
#define DAYBOOK_CLIENTS_AUDIT_ENTRY_SCAN_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "daybook/v1/entry.pb.h"

namespace daybook::audit {

// Views are of the bytes, or of the message.
struct EntryParts {
  uint64_t format = 0;
  uint64_t position = 0;
  int64_t recorded_time_us = 0;
  absl::string_view source = {};
  absl::string_view commitment = {};
  bool is_genesis = false;
  bool is_event = false;

  // Of an event.
  absl::string_view event_id = {};
  absl::string_view subject = {};
  bool has_effective_date = false;
  int year = 0;
  int month = 0;
  int day = 0;
  bool has_correction = false;
  v1::Event::PayloadCase payload_case = v1::Event::PAYLOAD_NOT_SET;
};

// An expenditure as it is written, and the bytes of its payload; absent for
// whatever else.
struct ScannedEntry {
  EntryParts parts;
  absl::string_view payload;
};
std::optional<ScannedEntry> ScanEntry(absl::string_view bytes);

// The same of any entry that was parsed.
EntryParts PartsOf(const v1::Entry& entry);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_ENTRY_SCAN_H_
