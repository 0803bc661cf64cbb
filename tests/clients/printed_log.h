// PrintedLog: a signed log in memory, and its reports as a server answers them
// with evidence.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_TESTS_CLIENTS_PRINTED_LOG_H_
#define DAYBOOK_TESTS_CLIENTS_PRINTED_LOG_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "clients/audit/fetcher.h"
#include "core/base/check.h"
#include "core/checkpoint/note.h"
#include "core/checkpoint/signed_checkpoint.h"
#include "core/merkle/entry_bundle.h"
#include "core/merkle/frontier.h"
#include "core/merkle/tile.h"
#include "core/report/figures_digest.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/ledger_state.h"

namespace daybook::testing {

inline constexpr char kLogOrigin[] = "example.gov/ledgers/430203";
inline constexpr char kPrintedReport[] =
    "ledgers/430203/departments/115001/reports/2024";

class PrintedLog final : public audit::Fetcher {
 public:
  // The first `report_size` entries are what the report knows; 0: all.
  explicit PrintedLog(std::vector<v1::Entry> entries, size_t report_size = 0)
      : entries_(std::move(entries)),
        size_(report_size == 0 ? entries_.size() : report_size) {
    entries_[0].mutable_genesis()->set_origin(kLogOrigin);
    merkle::Frontier tree;
    for (size_t i = 0; i < entries_.size(); ++i) {
      const std::string bytes = entries_[i].SerializeAsString();
      tree.Append(merkle::LeafHash(bytes));
      if (tree.size() == LogSize(size_)) root_ = tree.Root();
      const auto bundle = merkle::BundleAt(merkle::TileIndex(i / 256),
                                           LogSize(entries_.size()));
      DAYBOOK_CHECK(
          merkle::AppendToBundle(bytes, files[merkle::BundlePath(*bundle)])
              .ok());
    }
    SetCheckpoint(tree.Head());
  }

  // Signs one for the files that there are.
  void SetCheckpoint(const merkle::TreeHead& head) {
    const auto note =
        checkpoint::SignCheckpoint({kLogOrigin, head, {}}, Signer());
    DAYBOOK_CHECK(note.ok());
    files["checkpoint"] = *checkpoint::FormatNote(*note);
  }

  static checkpoint::SignerKey Signer() {
    return checkpoint::MakeSigner(kLogOrigin, checkpoint::KeyType::kEd25519,
                                  checkpoint::LogSeed());
  }
  static checkpoint::VerifierKey Key() { return Signer().verifier(); }

  // As of a day; it must have been opened within the size.
  v1::Report Report(const std::string& name = kPrintedReport,
                    absl::CivilDay day = absl::CivilDay(2024, 12, 31)) const {
    LedgerState ledger;
    for (size_t i = 0; i < size_; ++i) {
      DAYBOOK_CHECK(ledger.Apply(entries_[i]).ok());
    }
    const ReportState* state = ledger.FindReport(name);
    DAYBOOK_CHECK(state != nullptr);
    v1::Report report = BuildReport(ledger, *state, day);
    v1::ReportEvidence& evidence = *report.mutable_evidence();
    evidence.set_origin(kLogOrigin);
    evidence.set_root(std::string(root_.bytes()));
    evidence.set_figures_digest(FiguresDigest(report));
    return report;
  }

  absl::StatusOr<std::string> Read(const std::string& path) override {
    const auto file = files.find(path);
    if (file != files.end()) return file->second;
    return absl::NotFoundError(absl::StrCat("there is no file ", path));
  }
  size_t reads_at_once() const override { return 1; }

  // By path.
  std::map<std::string, std::string> files;

 private:
  std::vector<v1::Entry> entries_;
  size_t size_;
  merkle::Hash root_;
};

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CLIENTS_PRINTED_LOG_H_
