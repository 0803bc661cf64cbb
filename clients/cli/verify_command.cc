#include <google/protobuf/stubs/logging.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/audit/directory_fetcher.h"
#include "clients/audit/layout_check.h"
#include "clients/audit/server_check.h"
#include "clients/audit/server_fetcher.h"
#include "clients/audit/verify.h"
#include "clients/cli/audit_parts.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/run.h"
#include "clients/cli/verify_text.h"
#include "clients/cpp/client.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "core/checkpoint/policy.h"
#include "services/witness/policy_file.h"

namespace daybook::cli {
namespace {

// One run of the command, on an export or a server.
class VerifyRun {
 public:
  VerifyRun(const CommandLine& line, Streams& streams,
            checkpoint::VerifierKey key)
      : line_(line), line_shown_(streams), options_{.key = std::move(key)} {
    options_.seed = line.Number("seed").value_or(std::random_device()());
    options_.threads = line.Number("threads").value_or(0);
    options_.progress = line_shown_.progress();
    report_.what = line.argument(0);
    report_.seed = options_.seed;
  }

  // What does not keep anybody from telling is in the report.
  //
  // Errors: INVALID_ARGUMENT and others when the command can not run at all.
  absl::StatusOr<VerifyReport> Run() {
    RETURN_IF_ERROR(ReadSince());
    RETURN_IF_ERROR(ReadPolicy());
    std::error_code error;
    const bool folder = std::filesystem::is_directory(line_.argument(0), error);
    if (!folder && !ResourceName::Parse(LedgerName(line_.argument(0))).ok()) {
      return absl::NotFoundError(
          absl::StrCat("'", line_.argument(0),
                       "' is neither a folder nor the name of a ledger, such "
                       "as 430203"));
    }
    report_.unknown = folder ? VerifyFolder() : VerifyServer();
    Fill();
    if (report_.unknown.ok()) RETURN_IF_ERROR(WriteSince());
    line_shown_.Clear();
    return report_;
  }

 private:
  absl::Status ReadSince() {
    const std::string path = line_.Text("since");
    if (path.empty()) return absl::OkStatus();
    const absl::StatusOr<std::string> text = ReadWholeFile(path);
    // The first time.
    if (absl::IsNotFound(text.status())) return absl::OkStatus();
    RETURN_IF_ERROR(text.status());
    absl::StatusOr<audit::VerifiedState> state =
        audit::ParseVerifiedState(*text);
    if (!state.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--since: ", path, ": ", state.status().message()));
    }
    options_.since = *std::move(state);
    return absl::OkStatus();
  }

  absl::Status ReadPolicy() {
    const std::string path = line_.Text("policy");
    if (path.empty()) return absl::OkStatus();
    absl::StatusOr<checkpoint::Policy> policy = services::ReadPolicyFile(path);
    if (!policy.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--policy: ", policy.status().message()));
    }
    policy_ = *std::move(policy);
    return absl::OkStatus();
  }

  // Whether those have cosigned the newest checkpoint whom the policy demands.
  void JudgeCosigners() {
    const std::optional<checkpoint::VerifierKey>& signer =
        verification_->signer();
    // That nobody signed is a finding already.
    if (!policy_.has_value() || !signer.has_value()) return;
    const audit::KeptCheckpoint& newest = verification_->newest();
    const absl::StatusOr<checkpoint::PolicyOpinion> opinion =
        policy_->Judge(newest.note, signer);
    if (opinion.ok() && opinion->quorum_met) return;
    findings_.Add({.place = newest.place,
                   .field = "cosignatures",
                   .found = opinion.ok()
                                ? opinion->told
                                : std::string(opinion.status().message()),
                   .expected = "what the policy demands"});
  }

  absl::Status WriteSince() {
    const std::string path = line_.Text("since");
    if (path.empty() || verification_ == nullptr) return absl::OkStatus();
    const std::optional<audit::VerifiedState> state = verification_->State();
    if (!state.has_value()) return absl::OkStatus();
    return WriteWholeFile(path, audit::FormatVerifiedState(*state));
  }

  absl::Status VerifyFolder() {
    auto owned = std::make_unique<audit::DirectoryFetcher>(line_.argument(0));
    audit::DirectoryFetcher& folder = *owned;
    fetcher_ = std::move(owned);
    personal_ = std::make_unique<audit::PersonalFolder>(folder, findings_);
    ASSIGN_OR_RETURN(const std::vector<std::string> files,
                     folder.List("personal"));
    if (!files.empty()) options_.personal = personal_.get();
    ASSIGN_OR_RETURN(const std::vector<audit::KeptCheckpoint> older,
                     audit::ReadOlderCheckpoints(folder, findings_));
    verification_ =
        std::make_unique<audit::Verification>(folder, options_, findings_);
    RETURN_IF_ERROR(RunVerification(older));
    if (!report_.has_checkpoint) return absl::OkStatus();
    return audit::CheckLayout({.folder = folder,
                               .size = verification_->size(),
                               .signer = verification_->signer(),
                               .older = older,
                               .findings = findings_},
                              report_.limits);
  }

  absl::Status VerifyServer() {
    client_ = std::make_unique<client::Client>(line_.server());
    client::Client& client = *client_;
    const std::string ledger = LedgerName(line_.argument(0));
    report_.what = absl::StrCat(ledger, " of ", line_.server());
    report_.has_server = true;
    fetcher_ = std::make_unique<audit::ServerFetcher>(client, ledger);
    personal_ =
        std::make_unique<audit::PersonalServer>(client, ledger, findings_);
    if (line_.Has("personal-data")) options_.personal = personal_.get();
    ASSIGN_OR_RETURN(std::vector<audit::KeptCheckpoint> kept,
                     audit::ReadServerCheckpoints(client, ledger, findings_));
    verification_ =
        std::make_unique<audit::Verification>(*fetcher_, options_, findings_);
    RETURN_IF_ERROR(RunVerification(std::move(kept)));
    if (!report_.has_checkpoint) return absl::OkStatus();
    const audit::ServerCheck check{.client = client,
                                   .ledger = ledger,
                                   .verification = *verification_,
                                   .seed = options_.seed,
                                   .findings = findings_,
                                   .progress = options_.progress};
    RETURN_IF_ERROR(audit::CompareReports(check, checked_, report_.limits));
    RETURN_IF_ERROR(audit::CompareSources(check, checked_, report_.limits));
    return audit::Scrub(check, checked_, report_.limits);
  }

  absl::Status RunVerification(std::vector<audit::KeptCheckpoint> others) {
    const absl::Status status = verification_->Run(std::move(others));
    // That there is nothing to verify is a finding by now.
    if (absl::IsDataLoss(status) && findings_.count() > 0) {
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(status);
    report_.has_checkpoint = true;
    JudgeCosigners();
    return absl::OkStatus();
  }

  void Fill() {
    if (report_.has_checkpoint) {
      const audit::KeptCheckpoint& newest = verification_->newest();
      report_.origin = newest.said.origin;
      report_.size = verification_->size().value();
      report_.root = absl::Base64Escape(newest.said.head.root.bytes());
      if (verification_->signer().has_value()) {
        report_.signer = verification_->signer()->ToString();
      }
      report_.first_read = verification_->first_read();
      report_.bytes = verification_->bytes();
      report_.checkpoints = verification_->checkpoints();
      report_.personal_checked = verification_->personal_checked();
      for (const std::string& limit : verification_->limits()) {
        report_.limits.push_back(limit);
      }
    }
    report_.reports = checked_.reports;
    report_.figures = checked_.figures;
    report_.sources = checked_.sources;
    report_.scrubbed_bytes = checked_.scrubbed_bytes;
    report_.findings = findings_.Sorted();
    report_.findings_count = findings_.count();
  }

  // What is wrong with an entry is a finding; protobuf would say it again.
  google::protobuf::LogSilencer silent_;
  const CommandLine& line_;
  ProgressLine line_shown_;
  audit::VerifyOptions options_;
  std::optional<checkpoint::Policy> policy_;
  audit::Findings findings_;
  std::unique_ptr<client::Client> client_;
  std::unique_ptr<audit::Fetcher> fetcher_;
  std::unique_ptr<audit::PersonalReader> personal_;
  std::unique_ptr<audit::Verification> verification_;
  audit::ServerChecked checked_;
  VerifyReport report_;
};

absl::Status Verify(const CommandLine& line, Streams& streams) {
  ASSIGN_OR_RETURN(checkpoint::VerifierKey key,
                   ReadVerifierKey(line.Text("vkey")));
  ASSIGN_OR_RETURN(const VerifyReport report,
                   VerifyRun(line, streams, std::move(key)).Run());
  streams.out << (line.Text("format", "text") == "json" ? VerifyJson(report)
                                                        : VerifyText(report));
  RETURN_IF_ERROR(CheckWritten(streams));
  if (report.findings_count > 0) {
    return WithExitCode(
        absl::DataLossError(absl::StrCat(report.findings_count, " findings")),
        kContradicted);
  }
  if (!report.unknown.ok()) return WithExitCode(report.unknown, kCannotTell);
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> VerifyCommands() {
  return {
      {"audit verify",
       "LEDGER|DIR",
       "Reads and hashes every entry again and derives every report.",
       {VerifierKeyFlag(true),
        {"policy", Flag::Kind::kText, "FILE",
         "demand the cosignatures that the trust policy in it does"},
        {"since", Flag::Kind::kText, "FILE",
         "read only what is new since the state in it, which is then renewed"},
        {"personal-data", Flag::Kind::kSwitch, "",
         "ask a server for personal data too; that of an export is always "
         "checked"},
        {"seed", Flag::Kind::kNumber, "N",
         "draw the days on which reports are compared; else at random"},
        {"threads", Flag::Kind::kNumber, "N", "else one for each core"},
        FormatFlag({"text", "json"})},
       1,
       Verify},
  };
}

}  // namespace daybook::cli
