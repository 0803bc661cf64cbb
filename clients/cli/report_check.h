// Whether a printed report follows from a log.
//
// Nothing that a server says about figures is used: the entries are read from
// the log, hashed up to a checkpoint that a known key has signed, and folded;
// what comes out is laid out again and held against the print, cell by cell.
//
// Thread safety: a pure function but for what it reads.

#ifndef DAYBOOK_CLIENTS_CLI_REPORT_CHECK_H_
#define DAYBOOK_CLIENTS_CLI_REPORT_CHECK_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/audit/fetcher.h"
#include "clients/cli/report_difference.h"
#include "clients/cli/report_file.h"
#include "core/base/strong_int.h"
#include "core/checkpoint/verifier_key.h"
#include "daybook/v1/report_history.pb.h"

namespace daybook::cli {

// Of each figure that differs, so many events are listed; of so many figures.
inline constexpr size_t figure_events_max = 20;
inline constexpr size_t explained_figures_max = 20;

// The events that make a figure by the log.
struct FigureEvents {
  std::string figure;
  // The first, by position.
  std::vector<v1::EventRow> rows;
  size_t total = 0;
};

struct ReportVerdict {
  enum class Answer { kFollows, kDoesNotFollow, kCannotTell };

  Answer answer = Answer::kCannotTell;
  // Why it can not be told, or does not follow as a whole; a sentence.
  std::string reason;
  PrintedDifferences differences;
  // Of the figures among them, in their order.
  std::vector<FigureEvents> events;
  // What was read: up to this checkpoint.
  LogSize checkpoint_size{0};
};

// `key` is the one that is trusted; without one nothing can follow, but a print
// that names the root of these very entries can be found false.
//
// Errors: those of the fetcher that say nothing about the log, such as
// UNAVAILABLE: try again.
absl::StatusOr<ReportVerdict> CheckReport(
    const PrintedFile& file, audit::Fetcher& fetcher,
    const std::optional<checkpoint::VerifierKey>& key);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_REPORT_CHECK_H_
