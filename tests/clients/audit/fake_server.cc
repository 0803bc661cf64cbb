#include "tests/clients/audit/fake_server.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/audit/checkpoint_check.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "core/merkle/frontier.h"
#include "core/merkle/proof.h"
#include "google/protobuf/util/time_util.h"

namespace daybook::audit {
namespace {

grpc::Status NotFound(const std::string& what) {
  return grpc::Status(grpc::StatusCode::NOT_FOUND, what);
}

}  // namespace

class FakeServer::Audit final : public v1::AuditService::Service {
 public:
  explicit Audit(const FakeServer& fake) : fake_(fake) {}

  grpc::Status GetTile(grpc::ServerContext*, const v1::GetTileRequest* request,
                       v1::GetTileResponse* response) override {
    const auto file = fake_.files.find(request->path());
    if (file == fake_.files.end()) return NotFound(request->path());
    response->set_content(file->second);
    return grpc::Status::OK;
  }

  grpc::Status GetCheckpoint(grpc::ServerContext*,
                             const v1::GetCheckpointRequest*,
                             v1::Checkpoint* response) override {
    response->set_note(fake_.files.at("checkpoint"));
    response->set_size(fake_.ledger_.size());
    return grpc::Status::OK;
  }

  grpc::Status ListCheckpoints(grpc::ServerContext*,
                               const v1::ListCheckpointsRequest*,
                               v1::ListCheckpointsResponse* response) override {
    for (const std::string& note : fake_.checkpoints) {
      v1::Checkpoint& checkpoint = *response->add_checkpoints();
      checkpoint.set_note(note);
      checkpoint.set_size(ParseKept("", note)->said.head.size.value());
    }
    return grpc::Status::OK;
  }

  grpc::Status GetEvent(grpc::ServerContext*,
                        const v1::GetEventRequest* request,
                        v1::StoredEntry* response) override {
    const SignedLedger& ledger = fake_.ledger_;
    uint64_t position = request->position();
    if (request->has_identity()) {
      for (position = 1; position < ledger.size(); ++position) {
        const v1::Entry& entry = ledger.entry(position);
        if (entry.source() == request->identity().source() &&
            entry.event().event_id() == request->identity().event_id()) {
          break;
        }
      }
    }
    if (position >= ledger.size()) return NotFound("no such entry");
    response->set_position(position);
    response->set_entry(ledger.bytes(position));
    const auto personal = ledger.personal(position);
    if (request->include_personal_data() && personal.has_value()) {
      *response->mutable_personal_data() = personal->data;
      response->set_salt(personal->salt);
    }
    return grpc::Status::OK;
  }

  grpc::Status GetInclusionProof(grpc::ServerContext*,
                                 const v1::GetInclusionProofRequest* request,
                                 v1::InclusionProof* response) override {
    const SignedLedger& ledger = fake_.ledger_;
    std::map<merkle::NodeId, merkle::Hash> nodes;
    merkle::Frontier tree;
    for (uint64_t i = 0; i < request->size(); ++i) {
      tree.Append(merkle::LeafHash(ledger.bytes(i)),
                  [&](merkle::NodeId node, const merkle::Hash& hash) {
                    nodes.emplace(node, hash);
                  });
    }
    const auto wanted = merkle::ProofNodes::OfInclusion(
        Position(request->position()), LogSize(request->size()));
    const auto proof = merkle::ReadProof(
        *wanted, [&](merkle::NodeId node) { return nodes.at(node); });
    response->set_position(request->position());
    response->set_size(request->size());
    for (const merkle::Hash& hash : *proof) {
      response->add_hashes(std::string(hash.bytes()));
    }
    return grpc::Status::OK;
  }

  grpc::Status ScrubStorage(
      grpc::ServerContext*, const v1::ScrubStorageRequest*,
      grpc::ServerWriter<v1::ScrubStorageResponse>* writer) override {
    v1::ScrubStorageResponse message;
    message.set_read_bytes(1'000);
    message.set_total_bytes(1'000);
    for (const v1::StorageDamage& damage : fake_.damages) {
      *message.add_damages() = damage;
    }
    writer->Write(message);
    return grpc::Status::OK;
  }

 private:
  const FakeServer& fake_;
};

class FakeServer::Reports final : public v1::ReportService::Service {
 public:
  explicit Reports(const FakeServer& fake) : fake_(fake) {}

  grpc::Status GetReport(grpc::ServerContext*,
                         const v1::GetReportRequest* request,
                         v1::Report* response) override {
    const LedgerState& state = fake_.ledger_.state();
    const ReportState* const report = state.FindReport(request->name());
    if (report == nullptr) return NotFound(request->name());
    *response = BuildReport(state, *report, *ToCivilDay(request->as_of()));
    if (fake_.lie) fake_.lie(*response);
    return grpc::Status::OK;
  }

  grpc::Status ListReports(grpc::ServerContext*, const v1::ListReportsRequest*,
                           v1::ListReportsResponse* response) override {
    for (const auto& [name, report] : fake_.ledger_.state().reports()) {
      response->add_reports()->set_name(name);
    }
    return grpc::Status::OK;
  }

 private:
  const FakeServer& fake_;
};

class FakeServer::Ledgers final : public v1::LedgerService::Service {
 public:
  explicit Ledgers(const FakeServer& fake) : fake_(fake) {}

  grpc::Status ListSources(grpc::ServerContext*, const v1::ListSourcesRequest*,
                           v1::ListSourcesResponse* response) override {
    for (const v1::SourceProgress& source : fake_.sources) {
      *response->add_sources() = source;
    }
    return grpc::Status::OK;
  }

 private:
  const FakeServer& fake_;
};

FakeServer::FakeServer(const SignedLedger& ledger)
    : files(ledger.Files(ledger.size())),
      checkpoints({ledger.Checkpoint(ledger.size()), ledger.Checkpoint(1)}),
      ledger_(ledger),
      audit_(std::make_unique<Audit>(*this)),
      reports_(std::make_unique<Reports>(*this)),
      ledgers_(std::make_unique<Ledgers>(*this)) {
  v1::SourceProgress accounting;
  const v1::Entry& last = ledger.entry(ledger.size() - 1);
  accounting.set_source(last.source());
  accounting.set_created(ledger.size() - 1);
  accounting.mutable_last_event()->set_event_id(last.event().event_id());
  accounting.mutable_last_event()->set_position(last.position());
  *accounting.mutable_last_event()->mutable_recorded_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
          last.recorded_time_us());
  sources.push_back(accounting);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(audit_.get());
  builder.RegisterService(reports_.get());
  builder.RegisterService(ledgers_.get());
  server_ = builder.BuildAndStart();
  DAYBOOK_CHECK(server_ != nullptr);
  address = absl::StrCat("127.0.0.1:", port);
}

FakeServer::~FakeServer() { server_->Shutdown(); }

}  // namespace daybook::audit
