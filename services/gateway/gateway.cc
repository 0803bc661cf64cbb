#include "services/gateway/gateway.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "core/merkle/tile.h"
#include "core/merkle/tree.h"
#include "services/grpc/operator_log.h"

namespace daybook::services {
namespace {

constexpr char text_type[] = "text/plain; charset=utf-8";
constexpr char bytes_type[] = "application/octet-stream";

// A year, which is as long as caches keep anything.
constexpr char kept_for_ever[] = "public, max-age=31536000, immutable";
constexpr char kept_for_seconds[] = "public, max-age=5";

HttpResponse File(std::string body, const char* type, const char* cache) {
  HttpResponse response;
  response.content_type = type;
  response.cache_control = cache;
  response.body = std::move(body);
  return response;
}

HttpResponse Error(int status, absl::string_view text) {
  HttpResponse response;
  response.status = status;
  response.body = absl::StrCat(text, "\n");
  return response;
}

absl::Status NoSuchFile() {
  return absl::NotFoundError(
      "there is no such file; ledgers/ID/ has checkpoint, vkey, tile/L/N, "
      "tile/L/N.p/W, tile/entries/N and tile/entries/N.p/W");
}

void Log(absl::string_view path, const absl::Status& status) {
  ProcessLog().Tell(absl::StrCat("http: ", path, ": ", status.ToString()),
                    absl::Now());
}

HttpResponse ErrorResponse(absl::string_view path, const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
      return Error(404, status.message());
    case absl::StatusCode::kInvalidArgument:
      return Error(404, NoSuchFile().message());
    case absl::StatusCode::kOutOfRange:
      return Error(404, "it is not there yet");
    case absl::StatusCode::kFailedPrecondition:
      return Error(503,
                   "checkpoints of this ledger are not signed now; 'daybook "
                   "ledger list' says why");
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
      return Error(503, "it can not be read now; ask again later");
    case absl::StatusCode::kDataLoss:
      Log(path, status);
      return Error(500,
                   "stored bytes of the ledger are damaged or missing; the "
                   "server's log says which. Nothing is answered rather than "
                   "something wrong.");
    default:
      Log(path, status);
      return Error(500, "the server failed; its log says how");
  }
}

// How large a ledger is when it has all of a tile.
LogSize SizeWith(const merkle::Tile& tile) {
  const uint64_t hashes =
      tile.index.value() * merkle::tile_width_max.value() + tile.width.value();
  const uint32_t shift = merkle::tile_height * tile.level.value();
  // Also where it does not fit into a number.
  if (shift >= 63 || hashes > merkle::tree_size_max.value() >> shift) {
    return merkle::tree_size_max;
  }
  return LogSize(hashes << shift);
}

}  // namespace

Gateway::Gateway(LedgerRegistry& ledgers, Publishers& publishers)
    : ledgers_(ledgers), publishers_(publishers) {}

HttpResponse Gateway::Answer(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = Error(405, "files are read with GET and HEAD");
    response.allow = "GET, HEAD";
    return response;
  }
  absl::StatusOr<HttpResponse> response = Read(request.path);
  if (response.ok()) return *std::move(response);
  return ErrorResponse(request.path, response.status());
}

absl::StatusOr<HttpResponse> Gateway::Read(absl::string_view path) {
  if (!absl::ConsumePrefix(&path, "/ledgers/")) return NoSuchFile();
  const size_t end = path.find('/');
  if (end == absl::string_view::npos) return NoSuchFile();
  Wanted wanted{std::string(path.substr(0, end)), path.substr(end + 1)};
  if (!IsResourceId(wanted.ledger_id)) return NoSuchFile();
  ASSIGN_OR_RETURN(wanted.engine, ledgers_.Find(wanted.ledger_id));
  ASSIGN_OR_RETURN(wanted.publisher, publishers_.Find(wanted.ledger_id));
  const std::string key = wanted.publisher->verifier_key();
  if (key.empty()) {
    return absl::NotFoundError(
        "the ledger has no key, and so no checkpoint and no files under one");
  }
  if (wanted.file == "checkpoint") return ReadCheckpoint(wanted);
  if (wanted.file == "vkey") {
    return File(absl::StrCat(key, "\n"), text_type, kept_for_seconds);
  }
  if (absl::StartsWith(wanted.file, "tile/entries/")) return ReadBundle(wanted);
  if (absl::StartsWith(wanted.file, "tile/")) return ReadTile(wanted);
  return NoSuchFile();
}

absl::StatusOr<v1::Checkpoint> Gateway::Newest(const Wanted& wanted) {
  ASSIGN_OR_RETURN(v1::Checkpoint newest, wanted.publisher->Newest());
  const LogSize size(newest.size());
  if (size > wanted.engine->size()) {
    return absl::DataLossError(absl::StrCat(
        wanted.engine->ledger(), " has ", wanted.engine->size().value(),
        " entries, and its checkpoint is of ", size.value()));
  }
  absl::MutexLock lock(&mutex_);
  LogSize& covered =
      covered_.try_emplace(wanted.ledger_id, LogSize(0)).first->second;
  covered = std::max(covered, size);
  return newest;
}

absl::Status Gateway::CheckCovered(const Wanted& wanted, LogSize size) {
  {
    absl::MutexLock lock(&mutex_);
    const auto found = covered_.find(wanted.ledger_id);
    if (found != covered_.end() && size <= found->second) {
      return absl::OkStatus();
    }
  }
  ASSIGN_OR_RETURN(const v1::Checkpoint newest, Newest(wanted));
  if (size.value() <= newest.size()) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(
      wanted.file, " is not there yet: the newest checkpoint is of size ",
      newest.size()));
}

absl::StatusOr<HttpResponse> Gateway::ReadCheckpoint(const Wanted& wanted) {
  ASSIGN_OR_RETURN(v1::Checkpoint newest, Newest(wanted));
  return File(std::move(*newest.mutable_note()), text_type, kept_for_seconds);
}

absl::StatusOr<HttpResponse> Gateway::ReadTile(const Wanted& wanted) {
  ASSIGN_OR_RETURN(const merkle::Tile tile, merkle::ParseTilePath(wanted.file));
  RETURN_IF_ERROR(CheckCovered(wanted, SizeWith(tile)));
  ASSIGN_OR_RETURN(const std::vector<merkle::Hash> hashes,
                   wanted.engine->tree().ReadTile(tile));
  return File(merkle::FormatTile(hashes), bytes_type, kept_for_ever);
}

absl::StatusOr<HttpResponse> Gateway::ReadBundle(const Wanted& wanted) {
  ASSIGN_OR_RETURN(const merkle::Bundle bundle,
                   merkle::ParseBundlePath(wanted.file));
  RETURN_IF_ERROR(CheckCovered(
      wanted, SizeWith({merkle::TileLevel(0), bundle.index, bundle.width})));
  ASSIGN_OR_RETURN(std::string bytes, wanted.engine->tree().ReadBundle(bundle));
  return File(std::move(bytes), bytes_type, kept_for_ever);
}

}  // namespace daybook::services
