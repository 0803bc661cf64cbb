// ServerFetcher: reads the layout from a server, over gRPC.
//
// "checkpoint" is the newest one, which the server signs first where it has to.
// There is no "vkey": whose key to trust is not the server's to say.
//
// Thread safety: as Fetcher.

#ifndef DAYBOOK_CLIENTS_AUDIT_SERVER_FETCHER_H_
#define DAYBOOK_CLIENTS_AUDIT_SERVER_FETCHER_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "clients/audit/fetcher.h"
#include "clients/cpp/client.h"
#include "core/base/strong_int.h"

namespace daybook::audit {

class ServerFetcher final : public Fetcher {
 public:
  // `client` must outlive it; `ledger` is "ledgers/430203". The checkpoint will
  // cover `wanted` entries, when the ledger has so many; the newest may be a
  // second old.
  ServerFetcher(client::Client& client, std::string ledger,
                LogSize wanted = LogSize(0))
      : client_(client), ledger_(std::move(ledger)), wanted_(wanted) {}

  absl::StatusOr<std::string> Read(const std::string& path) override;
  size_t reads_at_once() const override { return 8; }

 private:
  client::Client& client_;
  const std::string ledger_;
  const LogSize wanted_;
};

}  // namespace daybook::audit

#endif  // DAYBOOK_CLIENTS_AUDIT_SERVER_FETCHER_H_
