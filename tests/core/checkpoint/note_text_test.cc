#include "core/checkpoint/note_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"

namespace daybook::checkpoint {
namespace {

using ::testing::Optional;

TEST(NoteTextTest, Utf8IsText) {
  for (const char* const text :
       {"", "a\n\nb", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
        "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf", "预算", "— "}) {
    EXPECT_TRUE(IsNoteText(text)) << text;
  }
}

TEST(NoteTextTest, WhatOnlyLooksLikeUtf8IsNot) {
  for (const char* const text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2g", "\xc2\xc2",
        "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xe4\xb8", "\xe4g\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xf0\x9f\x98", "\xf8\x88\x80\x80\x80", "\xff", "a\xfe"}) {
    EXPECT_FALSE(IsNoteText(text)) << absl::StrCat(text);
  }
}

TEST(NoteTextTest, ControlCharactersAreNotTextExceptNewline) {
  for (char c = 0; c < 0x20; ++c) {
    EXPECT_EQ(IsNoteText(std::string(1, c)), c == '\n') << int{c};
  }
  EXPECT_TRUE(IsNoteText(" "));
}

TEST(NoteTextTest, AKeyNameHasNeitherSpaceNorPlus) {
  for (const char* const name :
       {"a", "budget.example/ledger", "株洲市", "a-b_c~!", "\xe2\x80\x8b",
        "\xf0\x9f\x98\x80"}) {
    EXPECT_TRUE(IsKeyName(name)) << name;
  }
  for (const char* const name :
       {"", " ", "a b", "a+b", "+", "a\n", "a\tb", "a\xc2\x85", "\xc2\xa0",
        "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8a", "\xe2\x80\xa8",
        "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "a\xe3\x80\x80", "\xc2",
        "\xed\xa0\x80"}) {
    EXPECT_FALSE(IsKeyName(name)) << name;
  }
  EXPECT_FALSE(IsKeyName(absl::string_view("\0", 1)));
}

TEST(NoteTextTest, AKeyNameHasAtMost255Bytes) {
  EXPECT_TRUE(IsKeyName(std::string(255, 'a')));
  EXPECT_FALSE(IsKeyName(std::string(256, 'a')));
}

TEST(NoteTextTest, ANumberHasOneSpelling) {
  EXPECT_THAT(ParseDecimal("0"), Optional(0u));
  EXPECT_THAT(ParseDecimal("7"), Optional(7u));
  EXPECT_THAT(ParseDecimal("18446744073709551615"),
              Optional(std::numeric_limits<uint64_t>::max()));
  for (const char* const text :
       {"", "00", "07", "+7", "-7", "-0", " 7", "7 ", "7\n", "0x7", "7.0",
        "1e3", "18446744073709551616", "99999999999999999999999", "七"}) {
    EXPECT_EQ(ParseDecimal(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace daybook::checkpoint
