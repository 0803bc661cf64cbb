#include <signal.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/checkpoint/policy.h"
#include "core/checkpoint/verifier_key.h"
#include "core/checkpoint/witness.h"
#include "services/http/http_server.h"
#include "services/witness/key_file.h"
#include "services/witness/policy_file.h"
#include "services/witness/witness.h"

namespace daybook::cli {
namespace {

constexpr absl::Duration shutdown_grace = absl::Seconds(10);

// Each may bring a body of a megabyte.
constexpr unsigned connections_max = 64;

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// The logs that --log and --policy name.
absl::StatusOr<std::vector<checkpoint::VerifierKey>> LogsOf(
    const CommandLine& line) {
  std::vector<checkpoint::VerifierKey> logs;
  for (const std::string& text : line.Texts("log")) {
    auto key = checkpoint::VerifierKey::Parse(text);
    if (!key.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--log: ", key.status().message()));
    }
    logs.push_back(*std::move(key));
  }
  if (line.Has("policy")) {
    ASSIGN_OR_RETURN(const checkpoint::Policy policy,
                     services::ReadPolicyFile(line.Text("policy")));
    for (const checkpoint::PolicyLog& log : policy.logs()) {
      logs.push_back(log.key);
    }
  }
  if (logs.empty()) {
    return absl::InvalidArgumentError(
        "no log is known: name each with --log=VKEY, or in a policy's log "
        "lines");
  }
  return logs;
}

absl::Status MakeKey(const CommandLine& line, Streams& streams) {
  ASSIGN_OR_RETURN(
      const checkpoint::SignerKey key,
      services::MakeWitnessKey(line.Text("key"), line.Text("name")));
  streams.out << key.verifier().ToString() << "\n";
  return absl::OkStatus();
}

// Blocks what stops the witness, in this thread and those that it starts.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

absl::Status Serve(const CommandLine& line, Streams& streams) {
  auto address = services::ParseListenAddress(line.Text("listen"));
  if (!address.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen: ", address.status().message()));
  }
  ASSIGN_OR_RETURN(std::vector<checkpoint::VerifierKey> logs, LogsOf(line));
  ASSIGN_OR_RETURN(checkpoint::SignerKey key,
                   services::ReadWitnessKey(line.Text("key")));
  const std::string verifier_key = key.verifier().ToString();
  const SystemClock clock;
  ASSIGN_OR_RETURN(const auto witness,
                   services::Witness::Open(line.Text("state"), std::move(key),
                                           std::move(logs), clock));
  const sigset_t signals = BlockStopSignals();
  services::HttpServerOptions options;
  options.address = *address;
  options.body_bytes_max = checkpoint::add_checkpoint_bytes_max;
  options.connections_max = connections_max;
  const auto server = services::HttpServer::Start(
      options, [&witness](const services::HttpRequest& request) {
        return witness->Answer(request);
      });
  if (!server.ok()) {
    return services::ExplainListenFailure(*address, "--listen");
  }
  streams.err << "witness " << verifier_key << "\nlistening on "
              << (*server)->address() << std::endl;
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  (*server)->Shutdown(shutdown_grace);
  return absl::OkStatus();
}

absl::Status RunWitness(const CommandLine& line, Streams& streams) {
  return line.Has("keygen") ? MakeKey(line, streams) : Serve(line, streams);
}

// Which flags go together.
absl::Status CheckFlags(const CommandLine& line) {
  if (line.Has("keygen")) {
    for (const char* other : {"listen", "state", "log", "policy"}) {
      if (!line.Has(other)) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "--", other, " does not go with --keygen, which serves nothing"));
    }
    if (line.Has("name")) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "--keygen needs --name=NAME, what the witness is called in notes, "
        "such as audit.example/witness");
  }
  if (line.Has("name")) {
    return absl::InvalidArgumentError(
        "--name goes with --keygen; the key file has the name");
  }
  for (const char* needed : {"listen", "state"}) {
    if (line.Has(needed)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--", needed, " is required, or --keygen"));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> WitnessCommands() {
  return {
      {"audit witness",
       "",
       "Cosigns what logs show it, as long as each only grows.",
       {{"listen", Flag::Kind::kText, "HOST:PORT",
         "where logs reach it, over HTTP; port 0 for any free one"},
        {"key", Flag::Kind::kText, "FILE", "its private key", {}, true},
        {"state", Flag::Kind::kText, "DIR",
         "what it has cosigned last; made when it is not there. Never go back "
         "to an older copy of it"},
        {.name = "log",
         .kind = Flag::Kind::kText,
         .value = "VKEY",
         .help = "a log that it cosigns, by its verifier key; may be repeated",
         .repeated = true},
        {"policy", Flag::Kind::kText, "FILE",
         "a trust policy, whose logs it cosigns too"},
        {"keygen", Flag::Kind::kSwitch, "",
         "make a key instead, and print the verifier key to give to logs and "
         "readers"},
        {"name", Flag::Kind::kText, "NAME",
         "of the new key: a URL without scheme, such as "
         "audit.example/witness"}},
       0,
       RunWitness,
       0,
       CheckFlags},
  };
}

}  // namespace daybook::cli
