// The fuzzers' files once more, without a fuzzer: those named good-… are taken,
// those named bad-… are refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "tests/fuzz/parsers.h"

namespace daybook::fuzz {
namespace {

void Replay(const std::string& name, bool (*parser)(absl::string_view)) {
  int good = 0;
  int bad = 0;
  const std::filesystem::path folder("tests/fuzz/corpus");
  for (const auto& file : std::filesystem::directory_iterator(folder / name)) {
    SCOPED_TRACE(file.path().string());
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    ASSERT_TRUE(stream.good() || stream.eof());
    const bool is_good =
        absl::StartsWith(file.path().filename().string(), "good-");
    EXPECT_EQ(parser(bytes), is_good);
    ++(is_good ? good : bad);
    // Every beginning of it is an input too, such as a torn download.
    for (size_t size = 0; size < bytes.size(); ++size) {
      parser(bytes.substr(0, size));
    }
  }
  EXPECT_GT(good, 0);
  EXPECT_GT(bad, 0);
}

TEST(CorpusTest, Notes) { Replay("note", TryNote); }

TEST(CorpusTest, Checkpoints) { Replay("checkpoint", TryCheckpoint); }

TEST(CorpusTest, Policies) { Replay("policy", TryPolicy); }

TEST(CorpusTest, RequestsToWitnesses) {
  Replay("add_checkpoint", TryAddCheckpoint);
}

TEST(CorpusTest, ProofFiles) { Replay("proof_file", TryProofFile); }

TEST(CorpusTest, PersonalFiles) { Replay("personal_file", TryPersonalFile); }

TEST(CorpusTest, VerifiedStates) { Replay("verified_state", TryVerifiedState); }

TEST(CorpusTest, EntryBundles) { Replay("entry_bundle", TryEntryBundle); }

TEST(CorpusTest, ReportPages) { Replay("report_html", TryReportHtml); }

TEST(CorpusTest, ReportsInJson) { Replay("report_json", TryReportJson); }

TEST(CorpusTest, ReportWorkbooks) { Replay("report_xlsx", TryReportXlsx); }

}  // namespace
}  // namespace daybook::fuzz
