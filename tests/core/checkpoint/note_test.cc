#include "core/checkpoint/note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "core/checkpoint/base64.h"
#include "tests/core/checkpoint/vectors.h"
#include "tests/support/luck.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"

namespace daybook::checkpoint {
namespace {

using ::daybook::testing::IsOk;
using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr auto kInvalidArgument = absl::StatusCode::kInvalidArgument;

// Of key id 0x01020304 and the signature "S".
constexpr char line[] = "— a AQIDBFM=\n";
const NoteSignature signature{"a", KeyId(0x01020304), "S"};

TEST(NoteTest, ACheckpointAsOtherImplementationsReadIt) {
  const auto note = ParseNote(SignedText());
  ASSERT_THAT(note, IsOk());
  EXPECT_EQ(note->text, checkpoint_text);
  ASSERT_THAT(note->signatures, SizeIs(2));
  EXPECT_EQ(note->signatures[0].name, log_name);
  EXPECT_EQ(note->signatures[0].id, KeyId(0xc3cc8e41));
  EXPECT_EQ(note->signatures[0].bytes.size(), 64);
  EXPECT_EQ(note->signatures[1].name, witness_name);
  EXPECT_EQ(note->signatures[1].id, KeyId(0xcf810b3c));
  EXPECT_EQ(note->signatures[1].bytes.size(), 72);
  EXPECT_THAT(FormatNote(*note), IsOkAndHolds(SignedText()));
}

TEST(NoteTest, TheLastEmptyLineDividesTextAndSignatures) {
  const std::pair<const char*, const char*> examples[] = {
      {"text\n\n", "text\n"},
      {"a\n\nb\n\n", "a\n\nb\n"},
      {"a\n\n\n", "a\n\n"},
      {"\n\n", "\n"},
      {"— a AQIDBFM=\n\n", "— a AQIDBFM=\n"},
  };
  for (const auto& [before, text] : examples) {
    const Note note{text, {signature}};
    EXPECT_THAT(ParseNote(absl::StrCat(before, line)), IsOkAndHolds(note));
    EXPECT_THAT(FormatNote(note), IsOkAndHolds(absl::StrCat(before, line)));
  }
}

TEST(NoteTest, WhatIsNotTextAndSignaturesIsRefused) {
  const std::string ok = absl::StrCat("text\n\n", line);
  ASSERT_THAT(ParseNote(ok), IsOk());
  for (const std::string& bytes :
       {std::string(), std::string("text\n"), std::string("text\n\n"),
        absl::StrCat("text\n", line), absl::StrCat("\n", line),
        absl::StrCat("text", line), absl::StrCat(ok, "\n"),
        absl::StrCat(ok, "more\n"), absl::StrCat(ok, " "),
        ok.substr(0, ok.size() - 1), absl::StrCat("te\rxt\n\n", line),
        absl::StrCat("te\xc0\x80xt\n\n", line),
        absl::StrCat(std::string("te\0xt\n\n", 7), line),
        absl::StrCat("text\r\n\r\n", line)}) {
    EXPECT_THAT(ParseNote(bytes), StatusIs(kInvalidArgument)) << bytes;
  }
}

TEST(NoteTest, ASignatureLineHasOneForm) {
  for (const char* const malformed : {
           "-- a AQIDBFM=\n",   // not an em dash
           "– a AQIDBFM=\n",    // an en dash
           "—a AQIDBFM=\n",     // no space
           "—  a AQIDBFM=\n",   // two spaces
           " — a AQIDBFM=\n",   // a space in front
           "— a  AQIDBFM=\n",   // two spaces
           "— a AQIDBFM= \n",   // a space behind
           "— a AQIDBFM= x\n",  // more behind
           "— AQIDBFM=\n",      // no name
           "— a\n",             // no signature
           "— a \n",            // an empty one
           "— a+b AQIDBFM=\n",  // a plus in the name
           "— a\xc2\xa0"
           "b AQIDBFM=\n",    // a space in the name
           "— a AQIDBFM\n",   // no padding
           "— a AQIDBFN=\n",  // needless bits
           "— a AQIDBA==\n",  // four bytes, the id alone
           "— a AQID\n",      // three bytes
           "— a _-IDBFM=\n",  // the other alphabet
           "\n",              // an empty line
       }) {
    EXPECT_THAT(ParseNote(absl::StrCat("text\n\n", line, malformed)),
                StatusIs(kInvalidArgument))
        << malformed;
    EXPECT_THAT(ParseSignatureLines(malformed), StatusIs(kInvalidArgument))
        << malformed;
  }
  EXPECT_THAT(ParseNote(absl::StrCat("text\n\n", line, "— b x\n")),
              StatusIs(kInvalidArgument, HasSubstr("signature line 2")));
}

TEST(NoteTest, HasAtMost100Signatures) {
  Note note{"text\n", {}};
  EXPECT_THAT(FormatNote(note), StatusIs(kInvalidArgument));
  for (size_t i = 0; i < note_signatures_max; ++i) {
    note.signatures.push_back({absl::StrCat("k", i), KeyId(7), "S"});
  }
  const auto bytes = FormatNote(note);
  ASSERT_THAT(bytes, IsOk());
  EXPECT_THAT(ParseNote(*bytes), IsOkAndHolds(note));
  EXPECT_THAT(ParseNote(*bytes + line),
              StatusIs(kInvalidArgument, HasSubstr("100 signatures")));
}

TEST(NoteTest, HasAtMostAMebibyte) {
  const std::string rest = absl::StrCat("\n\n", line);
  const std::string longest(note_bytes_max - rest.size(), 'x');
  EXPECT_THAT(ParseNote(longest + rest), IsOk());
  EXPECT_THAT(ParseNote("x" + longest + rest),
              StatusIs(kInvalidArgument, HasSubstr("1048576")));
}

TEST(NoteTest, ALongSignatureIsTaken) {
  // As long as a post-quantum one, with zeros.
  const Note note{"text\n", {{"a", KeyId(0xFFFFFFFF), std::string(4'627, 0)}}};
  const auto bytes = FormatNote(note);
  ASSERT_THAT(bytes, IsOk());
  EXPECT_THAT(ParseNote(*bytes), IsOkAndHolds(note));
}

TEST(NoteTest, WhatWouldReadOtherwiseIsNotFormatted) {
  ASSERT_THAT(FormatNote({"text\n", {signature}}), IsOk());
  for (const Note& note : {
           Note{"", {signature}},
           Note{"text", {signature}},
           Note{"te\txt\n", {signature}},
           Note{"text\n", {{"", KeyId(1), "S"}}},
           Note{"text\n", {{"a b", KeyId(1), "S"}}},
           Note{"text\n", {{"a\n— b", KeyId(1), "S"}}},
           Note{"text\n", {{"a AQIDBFM=\n— b", KeyId(1), "S"}}},
           Note{"text\n", {{"a", KeyId(1), ""}}},
       }) {
    EXPECT_THAT(FormatNote(note), StatusIs(kInvalidArgument)) << note.text;
  }
}

TEST(NoteTest, SignatureLinesAlone) {
  EXPECT_THAT(ParseSignatureLines(line), IsOkAndHolds(ElementsAre(signature)));
  EXPECT_THAT(ParseSignatureLines(absl::StrCat(line, line)),
              IsOkAndHolds(ElementsAre(signature, signature)));
  EXPECT_EQ(FormatSignatureLine(signature), line);
  for (const std::string& lines :
       {std::string(), std::string("\n"), absl::StrCat("\n", line),
        absl::StrCat(line, "\n"), std::string("— a AQIDBFM="),
        absl::StrCat(line, "\x01\n")}) {
    EXPECT_THAT(ParseSignatureLines(lines), StatusIs(kInvalidArgument))
        << lines;
  }
  EXPECT_THAT(ParseSignatureLines(std::string(note_bytes_max + 1, '\n')),
              StatusIs(kInvalidArgument));
}

// Whatever is taken is printed as it was.
TEST(NoteTest, NoTwoSpellingsOfOneNote) {
  testing::Luck luck(testing::SeedOr(20'241'231));
  const std::string start = SignedText();
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = start;
    for (uint64_t changes = 1 + luck.Below(3); changes > 0; --changes) {
      const size_t at = luck.Below(bytes.size());
      const char replacements[] = {'\n', ' ', '=', 'A', '+', '\xe2', '7'};
      if (luck.Chance(1, 3)) {
        bytes.erase(at, 1);
      } else if (luck.Chance(1, 2)) {
        bytes[at] = luck.OneOf(replacements);
      } else {
        bytes.insert(at, 1, luck.OneOf(replacements));
      }
    }
    const auto note = ParseNote(bytes);
    if (!note.ok()) continue;
    ++taken;
    ASSERT_THAT(FormatNote(*note), IsOkAndHolds(bytes));
  }
  EXPECT_GT(taken, 1'000);
}

}  // namespace
}  // namespace daybook::checkpoint
