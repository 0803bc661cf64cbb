// Tampering with an export is always found: files of every kind are flipped,
// cut off, deleted, lengthened and exchanged at random places, one at a time,
// and `daybook audit verify` names what is wrong each time; when the file is
// put back it is content again.
//
// DAYBOOK_TAMPER_TRIALS is how many trials there are, 50 unless set;
// DAYBOOK_SEED is the seed of the first.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/audit/directory_fetcher.h"
#include "clients/audit/export.h"
#include "clients/audit/layout_check.h"
#include "clients/audit/personal_file.h"
#include "clients/cli/run.h"
#include "core/merkle/tile.h"
#include "tests/clients/audit/signed_ledger.h"
#include "tests/support/luck.h"
#include "tests/support/seed.h"
#include "tests/support/temporary_directory.h"

namespace daybook::audit {
namespace {

using testing::Luck;

uint64_t TrialsOr(uint64_t own) {
  const char* const given = std::getenv("DAYBOOK_TAMPER_TRIALS");
  return given == nullptr ? own : std::strtoull(given, nullptr, 10);
}

// An export that has grown twice, with personal data.
class TamperTest : public ::testing::Test {
 protected:
  TamperTest() {
    for (const uint64_t size : {300, 1'000, 2'600}) {
      MemoryFetcher fetcher(ledger_.Files(size));
      ExportOptions options;
      options.folder = folder();
      options.personal =
          [this](Position position,
                 uint32_t) -> absl::StatusOr<std::optional<PersonalRow>> {
        return ledger_.personal(position.value());
      };
      options.find_event = [](const v1::EventIdentity&) {
        return absl::StatusOr<std::optional<Position>>(std::nullopt);
      };
      const auto exported = Export(fetcher, options);
      EXPECT_TRUE(exported.ok()) << exported.status();
    }
    DirectoryFetcher files(folder());
    for (const char* below : {"tile", "personal", "checkpoints"}) {
      const auto listed = files.List(below);
      EXPECT_TRUE(listed.ok());
      files_.insert(files_.end(), listed->begin(), listed->end());
    }
    files_.push_back("checkpoint");
    files_.push_back("vkey");
  }

  std::filesystem::path folder() const { return directory_.path() / "export"; }

  std::string Read(const std::string& file) const {
    std::ifstream stream(folder() / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  void Write(const std::string& file, const std::string& bytes) const {
    std::ofstream(folder() / file, std::ios::binary) << bytes;
  }

  // The exit code, and what was printed.
  std::pair<int, std::string> Verify() const {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    cli::Streams streams{in, out, err};
    const int code =
        cli::Run({"audit", "verify", folder().string(),
                  absl::StrCat("--vkey=", ledger_.vkey()), "--seed=1"},
                 "127.0.0.1:1", streams);
    return {code, out.str() + err.str()};
  }

  // Changes a file somehow; what was done, empty when nothing is different.
  std::string Tamper(const std::string& file, Luck& luck) const {
    const std::string bytes = Read(file);
    std::string changed = bytes;
    std::string how;
    switch (luck.Below(5)) {
      case 0: {
        const size_t at = luck.Below(bytes.size());
        changed[at] = static_cast<char>(changed[at] ^ (1 << luck.Below(8)));
        how = absl::StrCat("a bit of byte ", at, " flipped");
        break;
      }
      case 1:
        changed.resize(luck.Below(bytes.size()));
        how = absl::StrCat("cut to ", changed.size(), " bytes");
        break;
      case 2:
        // That a checkpoint was kept at all nobody else says.
        if (absl::StartsWith(file, "checkpoints/")) return "";
        // The layout lets a partial file go once the full one is there.
        if (FullPath(file) != file &&
            std::filesystem::exists(folder() / FullPath(file))) {
          return "";
        }
        std::filesystem::remove(folder() / file);
        return "deleted";
      case 3:
        changed.push_back(static_cast<char>(luck.Below(256)));
        how = "a byte put behind it";
        break;
      default: {
        const std::string& other = files_[luck.Below(files_.size())];
        changed = Read(other);
        how = absl::StrCat("exchanged for ", other);
      }
    }
    if (changed == bytes) return "";
    Write(file, changed);
    return how;
  }

  // Whether a text names the file, or an entry whose data is in it.
  static bool Names(const std::string& text, const std::string& file) {
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      if (absl::StrContains(line, file)) return true;
      const auto index = ParsePersonalPath(file);
      absl::string_view rest = line;
      uint64_t position = 0;
      if (index.ok() && absl::ConsumePrefix(&rest, "finding: position ") &&
          absl::SimpleAtoi(rest.substr(0, rest.find(',')), &position) &&
          position / merkle::tile_width_max.value() == index->value()) {
        return true;
      }
    }
    return false;
  }

  SignedLedger ledger_ = SignedLedger::OfLoad(2'600);
  testing::TemporaryDirectory directory_;
  std::vector<std::string> files_;
};

TEST_F(TamperTest, IsAlwaysFoundAndNamed) {
  const uint64_t first = testing::SeedOr(1);
  const uint64_t trials = TrialsOr(50);
  const auto [code, text] = Verify();
  ASSERT_EQ(code, cli::kDone) << text;
  uint64_t done = 0;
  for (uint64_t seed = first; done < trials; ++seed) {
    Luck luck(seed);
    const std::string& file = files_[luck.Below(files_.size())];
    const std::string before = Read(file);
    const std::string how = Tamper(file, luck);
    if (how.empty()) continue;
    SCOPED_TRACE(absl::StrCat("DAYBOOK_SEED=", seed, ": ", file, ", ", how));
    const auto [found, said] = Verify();
    EXPECT_EQ(found, cli::kContradicted) << said;
    EXPECT_TRUE(Names(said, file)) << said;
    Write(file, before);
    ++done;
  }
  const auto [again, after] = Verify();
  EXPECT_EQ(again, cli::kDone) << after;
  std::cout << "tamper: " << done << " trials from DAYBOOK_SEED=" << first
            << ", " << files_.size() << " files\n";
}

TEST_F(TamperTest, EveryKindOfFileIsThere) {
  for (const char* file :
       {"tile/entries/000", "tile/entries/001.p/44", "tile/entries/010.p/40",
        "tile/0/000", "tile/0/010.p/40", "tile/1/000.p/1", "tile/1/000.p/10",
        "checkpoint", "checkpoints/300", "vkey", "personal/checkpoint",
        "personal/001"}) {
    EXPECT_THAT(files_, ::testing::Contains(file));
  }
}

}  // namespace
}  // namespace daybook::audit
