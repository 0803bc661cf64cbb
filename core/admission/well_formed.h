// Whether an event obeys the rules of its own message, whatever is recorded.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CORE_ADMISSION_WELL_FORMED_H_
#define DAYBOOK_CORE_ADMISSION_WELL_FORMED_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daybook/v1/errors.pb.h"
#include "daybook/v1/event.pb.h"

namespace daybook {

// Longest event, serialised; with what the server adds an entry stays below
// 65,535 bytes.
inline constexpr size_t event_bytes_max = 60'000;

// Longest event id and source.
inline constexpr size_t id_bytes_max = 64;

// All problems of an event and its personal data, for a request to `ledger`
// ("ledgers/430203"): missing and malformed fields, amounts out of range or
// zero, dates outside the fiscal year, unknown fields, sizes. Empty: none.
std::vector<v1::Problem> CheckWellFormed(const v1::EventInput& input,
                                         absl::string_view ledger);

// The event and the personal data of an input, serialised.
struct InputBytes {
  std::string event;
  std::string personal_data;
};

// The same, where they were serialised already.
std::vector<v1::Problem> CheckWellFormed(const v1::EventInput& input,
                                         const InputBytes& bytes,
                                         absl::string_view ledger);

// The problem of a source name, empty when there is none.
std::vector<v1::Problem> CheckSource(absl::string_view source);

// Who states what the server records by itself. No writer may write as it.
inline constexpr char server_source[] = "daybookd";

// The problem of a writer who states what the server alone records; absent
// when there is none.
std::optional<v1::Problem> CheckMayState(const v1::Event& event);

}  // namespace daybook

#endif  // DAYBOOK_CORE_ADMISSION_WELL_FORMED_H_
