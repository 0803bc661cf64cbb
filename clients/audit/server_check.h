// What a server answers, compared with what the entries say.
//
// That a tree is right says nothing about the figures that a server derives
// from it. So each report is asked for, with every figure, at the size that was
// verified: on 31 December and on a day that was drawn for it.
//
// Thread safety: one call at a time of each function.

#ifndef DAYBOOK_CLIENTS_AUDIT_SERVER_CHECK_H_
#define DAYBOOK_CLIENTS_AUDIT_SERVER_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/audit/checkpoint_check.h"
#include "clients/audit/finding.h"
#include "clients/audit/progress.h"
#include "clients/audit/verify.h"
#include "clients/cpp/client.h"

namespace daybook::audit {

// A server, and what was verified of its ledger.
struct ServerCheck {
  client::Client& client;
  std::string ledger;
  const Verification& verification;
  // The one that the verification was given.
  uint64_t seed = 0;
  Findings& findings;
  Progress progress;
};

struct ServerChecked {
  uint64_t reports = 0;
  uint64_t figures = 0;
  uint64_t sources = 0;
  uint64_t scrubbed_bytes = 0;
};

// The checkpoints that the server keeps; what is none is a finding.
//
// Errors: as ListCheckpoints.
absl::StatusOr<std::vector<KeptCheckpoint>> ReadServerCheckpoints(
    client::Client& client, const std::string& ledger, Findings& findings);

// Compares all reports. Not with a verification that derived none.
//
// Errors of this and what follows: those of the calls that do not say that
// stored bytes are damaged; what differs is a finding. What is not compared,
// and why, is added to `limits`.
absl::Status CompareReports(const ServerCheck& check, ServerChecked& checked,
                            std::vector<std::string>& limits);

// Compares how many events of each source there are, and the last.
absl::Status CompareSources(const ServerCheck& check, ServerChecked& checked,
                            std::vector<std::string>& limits);

// Lets the server read all that it stores of the ledger.
absl::Status Scrub(const ServerCheck& check, ServerChecked& checked,
                   std::vector<std::string>& limits);

// The differences between a report as answered and as derived.
void CompareReport(const v1::Report& answered, const v1::Report& derived,
                   Findings& findings);

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_SERVER_CHECK_H_
