#include "services/server/server_flags.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "services/http/listen_address.h"
#include "services/publisher/key_directory.h"

namespace daybook::services {
namespace {

constexpr char usage[] =
    "usage: daybookd --data_dir=DIR [--key_dir=DIR] [--listen=HOST:PORT]\n"
    "                [--http_listen=HOST:PORT] [--policy=FILE]\n"
    "                [--rebuild] [--read_only] [--disk_reserve_mib=N]\n"
    "                [--personal_data=serve|withhold]\n"
    "       daybookd keygen|adopt|recover ..., which daybookd keygen --help\n"
    "                explains\n"
    "\n"
    "Serves the ledgers in DIR. An absent or empty DIR is made into a data\n"
    "directory; its parent must exist.\n"
    "\n"
    "  --data_dir=DIR      where the ledgers are kept; required\n"
    "  --key_dir=DIR       where the keys are that sign checkpoints, and what "
    "was\n"
    "                      signed last; outside of --data_dir. Without it "
    "nothing\n"
    "                      is signed\n"
    "  --listen=HOST:PORT  where to listen; 127.0.0.1:7400 unless given, port "
    "0\n"
    "                      for any free one. There is no authentication:\n"
    "                      whoever reaches the address may read and write\n"
    "  --http_listen=HOST:PORT  where ledgers are given out as files over "
    "HTTP, to\n"
    "                      whoever reaches it; 127.0.0.1:7480 unless given, "
    "empty\n"
    "                      for nowhere, port 0 for any free one\n"
    "  --policy=FILE       a trust policy, whose witnesses are asked to "
    "cosign\n"
    "                      checkpoints\n"
    "  --rebuild           make all that is derived from a ledger's log anew "
    "when\n"
    "                      the ledger is first used; it waits until that is "
    "done\n"
    "  --read_only         record and sign nothing; a ledger can be read that "
    "is\n"
    "                      behind what was signed of it, as a restored backup "
    "is\n"
    "  --disk_reserve_mib=N  nothing more is recorded while fewer than N MiB "
    "are\n"
    "                      free on the disk; 64 unless given\n"
    "  --personal_data=serve|withhold  whether payees, summaries and "
    "preparers are\n"
    "                      given to whoever asks; withhold unless given\n"
    "  --help              print this and exit\n"
    "\n"
    "When it is ready it prints \"listening on HOST:PORT\" to standard error, "
    "and\n"
    "\"files on http://HOST:PORT\".\n"
    "SIGTERM and SIGINT stop it: calls that were accepted are answered, for "
    "up\n"
    "to 10 seconds. A second signal stops it at once, as do 30 seconds in "
    "which\n"
    "it could not stop; that loses nothing that was acknowledged.\n"
    "\n"
    "Exit codes:\n"
    "  0  stopped by a signal, or --help\n"
    "  1  keygen, adopt or recover was refused, or failed\n"
    "  2  wrong arguments\n"
    "  3  the data directory or the keys can not be used: another process "
    "uses\n"
    "     them, a parent is missing, it is no data directory, its layout is\n"
    "     unknown, or the file system refuses\n"
    "  4  the address can not be listened on, such as when it is in use\n"
    "  5  stopped at once: by a second signal, or after 30 seconds\n";

// 1 TiB.
constexpr uint64_t disk_reserve_mib_max = uint64_t{1} << 20;

// The value of --name=value; false when `argument` is another flag.
bool TakeValue(absl::string_view argument, absl::string_view name,
               std::string& value) {
  const std::string prefix = absl::StrCat("--", name, "=");
  if (!absl::StartsWith(argument, prefix)) return false;
  value = std::string(argument.substr(prefix.size()));
  return true;
}

}  // namespace

absl::string_view ServerUsage() { return usage; }

absl::StatusOr<ServerFlags> ParseServerFlags(
    const std::vector<std::string>& arguments) {
  ServerFlags flags;
  for (const std::string& argument : arguments) {
    std::string value;
    if (argument == "--help") {
      flags.help = true;
    } else if (argument == "--read_only") {
      flags.read_only = true;
    } else if (TakeValue(argument, "key_dir", value)) {
      flags.key_dir = value;
    } else if (argument == "--rebuild") {
      flags.rebuild = true;
    } else if (TakeValue(argument, "data_dir", value)) {
      flags.data_dir = value;
    } else if (TakeValue(argument, "listen", value)) {
      flags.listen = value;
    } else if (TakeValue(argument, "http_listen", value)) {
      flags.http_listen = value;
    } else if (TakeValue(argument, "policy", value)) {
      flags.policy = value;
    } else if (TakeValue(argument, "disk_reserve_mib", value)) {
      if (!absl::SimpleAtoi(value, &flags.disk_reserve_mib) ||
          flags.disk_reserve_mib > disk_reserve_mib_max) {
        return absl::InvalidArgumentError(
            absl::StrCat("--disk_reserve_mib: '", value,
                         "' is not a number of MiB; give 0 "
                         "to ",
                         disk_reserve_mib_max));
      }
    } else if (TakeValue(argument, "personal_data", value)) {
      if (value != "serve" && value != "withhold") {
        return absl::InvalidArgumentError(
            absl::StrCat("--personal_data: '", value,
                         "' is no choice; give serve or "
                         "withhold"));
      }
      flags.personal_data = value == "serve";
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("unknown argument '", argument,
                       "'; daybookd takes --data_dir=DIR, --key_dir=DIR, "
                       "--listen=HOST:PORT, --http_listen=HOST:PORT, "
                       "--policy=FILE, --rebuild, --read_only, "
                       "--disk_reserve_mib=N, --personal_data=serve|withhold "
                       "and --help"));
    }
  }
  if (flags.help) return flags;
  if (flags.data_dir.empty()) {
    return absl::InvalidArgumentError(
        "--data_dir=DIR is required: the folder to keep the ledgers in");
  }
  if (!flags.key_dir.empty()) {
    RETURN_IF_ERROR(CheckApart(flags.key_dir, flags.data_dir));
  }
  const absl::StatusOr<ListenAddress> listen = ParseListenAddress(flags.listen);
  if (!listen.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen: ", listen.status().message()));
  }
  if (flags.http_listen.empty()) return flags;
  const auto http_listen = ParseListenAddress(flags.http_listen);
  if (!http_listen.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--http_listen: ", http_listen.status().message()));
  }
  return flags;
}

}  // namespace daybook::services
