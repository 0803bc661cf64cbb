// daybookd: serves the ledgers of a data directory until it is told to stop.

#include <grpc/support/log.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/checkpoint/policy.h"
#include "core/report/report_view.h"
#include "services/engine/background_rebuild.h"
#include "services/engine/real_clock.h"
#include "services/grpc/operator_log.h"
#include "services/http/listen_address.h"
#include "services/publisher/key_directory.h"
#include "services/server/key_commands.h"
#include "services/server/server.h"
#include "services/server/server_flags.h"
#include "services/witness/policy_file.h"
#include "storage/data_directory.h"

namespace daybook::services {
namespace {

// What --help documents.
enum ExitCode {
  kStopped = 0,
  kCommandFailed = 1,
  kWrongArguments = 2,
  kDataDirectoryUnusable = 3,
  kAddressUnusable = 4,
  kStoppedAtOnce = 5,
};

constexpr absl::Duration shutdown_grace = absl::Seconds(10);
// How long what does not end by itself, such as a disk that does not answer,
// may keep the process.
constexpr absl::Duration shutdown_max = absl::Seconds(30);
// How long the end waits for whoever reads standard error.
constexpr absl::Duration log_patience = absl::Seconds(1);

int Complain(const absl::Status& status, ExitCode code) {
  std::fprintf(stderr, "daybookd: %s\n", status.ToString().c_str());
  return code;
}

// Blocks the signals that stop the server, in this thread and in those that it
// starts, so that they are waited for instead of handled.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void WaitForSignal(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
}

// Ends the process when it is told so once more, or does not stop by itself.
void StopAtOnceLater(const sigset_t& signals) {
  std::thread([signals] {
    const timespec patience = absl::ToTimespec(shutdown_max);
    while (sigtimedwait(&signals, nullptr, &patience) < 0 && errno == EINTR) {
    }
    std::_Exit(kStoppedAtOnce);
  }).detach();
}

void WarnIfReachable(const std::string& listen, const char* may) {
  const absl::StatusOr<ListenAddress> address = ParseListenAddress(listen);
  if (address.ok() && !address->IsLoopback()) {
    std::fprintf(stderr,
                 "daybookd: warning: there is no authentication; whoever "
                 "reaches %s may %s\n",
                 address->ToString().c_str(), may);
  }
}

// What became of a ledger that was of another projection version.
void TellRebuilt(absl::string_view ledger, const RebuildOutcome& outcome) {
  const std::string text =
      outcome.status.ok()
          ? absl::StrCat(ledger, " is of projection version ",
                         projection_version, " now, made anew from ",
                         outcome.size.value(), " entries")
          : absl::StrCat(ledger,
                         " could not be made anew for projection version ",
                         projection_version,
                         "; its earlier version serves on, and the next start "
                         "tries again: ",
                         outcome.status.ToString());
  ProcessLog().Tell(text, absl::Now());
}

int Serve(const ServerFlags& flags) {
  const sigset_t signals = BlockStopSignals();
  constexpr int mib_shift = 20;
  const absl::StatusOr<std::unique_ptr<storage::DataDirectory>> directory =
      storage::DataDirectory::Open(flags.data_dir,
                                   {flags.disk_reserve_mib << mib_shift});
  if (!directory.ok()) {
    return Complain(directory.status(), kDataDirectoryUnusable);
  }
  std::unique_ptr<KeyDirectory> keys;
  if (!flags.key_dir.empty()) {
    auto opened =
        KeyDirectory::Open(flags.key_dir, KeyDirectory::Use::kSigning);
    if (!opened.ok()) return Complain(opened.status(), kDataDirectoryUnusable);
    keys = *std::move(opened);
  }
  std::optional<checkpoint::Policy> policy;
  if (!flags.policy.empty()) {
    auto read = ReadPolicyFile(flags.policy);
    if (!read.ok()) return Complain(read.status(), kWrongArguments);
    policy = *std::move(read);
  }
  const RealClock clock;
  ServerOptions options;
  options.listen = flags.listen;
  options.http.listen = flags.http_listen;
  options.http.policy = policy.has_value() ? &*policy : nullptr;
  options.keys = keys.get();
  options.ledger_options.writer.read_only = flags.read_only;
  options.rights.read_personal_data = flags.personal_data;
  options.ledger_options.rebuild = flags.rebuild;
  options.ledger_options.background.on_end = TellRebuilt;
  const absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Start(options, **directory, clock);
  if (!server.ok()) return Complain(server.status(), kAddressUnusable);
  WarnIfReachable(flags.listen, "read and write");
  WarnIfReachable(flags.http_listen, "read all entries");
  std::fprintf(stderr, "listening on %s\n", (*server)->address().c_str());
  if (!(*server)->http_address().empty()) {
    std::fprintf(stderr, "files on http://%s\n",
                 (*server)->http_address().c_str());
  }

  WaitForSignal(signals);
  StopAtOnceLater(signals);
  (*server)->Shutdown(shutdown_grace);
  ProcessLog().Flush(log_patience);
  return kStopped;
}

int DoKeyCommand(const std::vector<std::string>& arguments) {
  if (std::find(arguments.begin(), arguments.end(), "--help") !=
      arguments.end()) {
    std::fputs(std::string(KeyCommandUsage()).c_str(), stdout);
    return kStopped;
  }
  const absl::StatusOr<KeyCommand> command = ParseKeyCommand(arguments);
  if (!command.ok()) return Complain(command.status(), kWrongArguments);
  const absl::StatusOr<std::string> done = RunKeyCommand(*command);
  if (!done.ok()) return Complain(done.status(), kCommandFailed);
  std::fputs(done->c_str(), stdout);
  return kStopped;
}

int Main(const std::vector<std::string>& arguments) {
  if (IsKeyCommand(arguments)) return DoKeyCommand(arguments);
  const absl::StatusOr<ServerFlags> flags = ParseServerFlags(arguments);
  if (!flags.ok()) return Complain(flags.status(), kWrongArguments);
  if (flags->help) {
    std::fputs(std::string(ServerUsage()).c_str(), stdout);
    return kStopped;
  }
  // gRPC's own messages repeat in its words what is said here in ours; they are
  // there for whoever asks for them.
  if (std::getenv("GRPC_VERBOSITY") == nullptr) {
    gpr_set_log_function([](gpr_log_func_args*) {});
  }
  return Serve(*flags);
}

}  // namespace
}  // namespace daybook::services

int main(int argc, char** argv) {
  return daybook::services::Main(
      std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
