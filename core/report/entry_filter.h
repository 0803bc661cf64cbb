// EntryFilter: which entries an auditor asks for, checked once and then held
// against entry after entry.
//
// The same on a server and on an export: what fits depends on the entry alone,
// but for personal data, which lies beside it.
//
// Thread safety: immutable once made; may be used from any thread.
//
// Meaning of each field: EntryFilter in proto/daybook/v1/audit_service.proto.

#ifndef DAYBOOK_CORE_REPORT_ENTRY_FILTER_H_
#define DAYBOOK_CORE_REPORT_ENTRY_FILTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daybook/v1/audit_service.pb.h"
#include "daybook/v1/entry.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

class EntryFilter {
 public:
  // `kinds` may name as many.
  static constexpr int kinds_max = 64;

  // Everything fits.
  EntryFilter() = default;

  // Of entries of `ledger` ("ledgers/430203").
  //
  // Errors: INVALID_ARGUMENT naming each field that is wrong, its value and
  // what may stand there.
  static absl::StatusOr<EntryFilter> Make(const v1::EntryFilter& filter,
                                          absl::string_view ledger);

  // Whether every entry fits.
  bool is_empty() const { return is_empty_; }

  // Whether the stored bytes may be of an entry that fits; false tells without
  // parsing them that they are not.
  bool MayFit(absl::string_view entry_bytes) const;

  // Whether the entry fits, whatever its personal data.
  bool Fits(const v1::Entry& entry) const;

  // Whether personal data has a say: then an entry fits only with data that
  // does.
  bool asks_personal_data() const { return !filter_.personal_text().empty(); }
  bool FitsPersonal(const v1::PersonalData& data) const;

 private:
  bool FitsEnvelope(const v1::Entry& entry) const;
  bool FitsDay(const v1::Event& event) const;
  bool FitsPayload(const v1::Event& event) const;

  v1::EntryFilter filter_;
  bool is_empty_ = true;
  // Numbers of payload fields.
  absl::flat_hash_set<int> kinds_;
  // Year, month and day as one number.
  int effective_from_ = 0;
  int effective_through_ = 0;
  bool asks_payload_ = false;
  // What the bytes of an entry that fits hold.
  std::vector<std::string> needles_;
};

// Whether an entry is about the subject or about something under it.
bool IsAbout(const v1::Entry& entry, absl::string_view subject);

// The numbers that a payload has: of vouchers, payments, contracts and
// documents, those that are not empty.
std::vector<std::string> NumbersOf(const v1::Event& event);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_ENTRY_FILTER_H_
