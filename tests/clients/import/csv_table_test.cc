#include <string>

#include "clients/import/table_reader.h"
#include "clients/import/text_encoding.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/import/table_file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_directory.h"

namespace daybook::importer {
namespace {

using ::daybook::testing::IsOkAndHolds;
using ::daybook::testing::ReadLines;
using ::daybook::testing::StatusIs;
using ::daybook::testing::WriteFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class CsvTableTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& bytes) {
    const std::string path = (directory_.path() / "table.csv").string();
    WriteFile(path, bytes);
    return path;
  }
  static std::string Encoding(const std::string& path) {
    const auto table = TableReader::Open(path);
    return table.ok() ? (*table)->encoding() : table.status().ToString();
  }

  testing::TemporaryDirectory directory_;
};

std::string InGb18030(const std::string& text) {
  absl::StatusOr<Transcoder> transcoder = Transcoder::Create(kGb18030, kUtf8);
  std::string out;
  EXPECT_TRUE(transcoder.ok() && transcoder->Append(text, out).ok());
  return out;
}

TEST_F(CsvTableTest, QuotesHoldCommasQuotesAndLineEnds) {
  EXPECT_THAT(ReadLines(Write("a,\"b,\"\"c\"\"\",\"d\ne\"\r\nf\r\n")),
              IsOkAndHolds(ElementsAre(":1:a|b,\"c\"|d\ne", ":2:f")));
}

TEST_F(CsvTableTest, BlankRowsCountUnderEachLineEnd) {
  EXPECT_THAT(ReadLines(Write("a\r\n\r\nb\r\n")),
              IsOkAndHolds(ElementsAre(":1:a", ":2:", ":3:b")));
  EXPECT_THAT(ReadLines(Write("a\n\nb")),
              IsOkAndHolds(ElementsAre(":1:a", ":2:", ":3:b")));
  EXPECT_THAT(ReadLines(Write("a,,\n,,\n")),
              IsOkAndHolds(ElementsAre(":1:a", ":2:")));
}

TEST_F(CsvTableTest, TheSameTextInEveryEncodingIsTheSameTable) {
  const std::string text = "凭证号,摘要\r\n记-1,\"购办公用品，红字\"\r\n";
  const auto expected =
      ElementsAre(":1:凭证号|摘要", ":2:记-1|购办公用品，红字");
  EXPECT_THAT(ReadLines(Write(text)), IsOkAndHolds(expected));
  EXPECT_EQ(Encoding(Write(text)), kUtf8);
  EXPECT_THAT(ReadLines(Write(kByteOrderMark + text)), IsOkAndHolds(expected));
  EXPECT_EQ(Encoding(Write(kByteOrderMark + text)), kUtf8WithMark);
  EXPECT_THAT(ReadLines(Write(InGb18030(text))), IsOkAndHolds(expected));
  EXPECT_EQ(Encoding(Write(InGb18030(text))), kGb18030);
}

TEST_F(CsvTableTest, CharactersCutByAPieceAreWhole) {
  // 65,536 is a multiple of no odd number: pieces end within characters.
  std::string cell;
  while (cell.size() < 60'000) cell += "残";
  std::string text = "x";
  for (int i = 0; i < 20; ++i) text += cell + "\n";
  for (const std::string& bytes : {text, InGb18030(text)}) {
    const auto lines = ReadLines(Write(bytes));
    ASSERT_THAT(lines, IsOkAndHolds(SizeIs(20)));
    EXPECT_EQ((*lines)[19], ":20:" + cell);
  }
}

TEST_F(CsvTableTest, AFileIsReadSeveralTimes) {
  const auto table = TableReader::Open(Write("a\nb\n"));
  ASSERT_TRUE(table.ok());
  for (int pass = 0; pass < 2; ++pass) {
    int rows = 0;
    EXPECT_TRUE((*table)
                    ->ForEachRow([&](const Row&) {
                      ++rows;
                      return absl::OkStatus();
                    })
                    .ok());
    EXPECT_EQ(rows, 2);
  }
}

TEST_F(CsvTableTest, TheVisitorCanStop) {
  const auto table = TableReader::Open(Write("a\nb\nc\n"));
  ASSERT_TRUE(table.ok());
  int rows = 0;
  EXPECT_THAT((*table)->ForEachRow([&](const Row&) {
    return ++rows == 2 ? absl::CancelledError("enough") : absl::OkStatus();
  }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(rows, 2);
}

TEST_F(CsvTableTest, WhatIsNoTableIsRefusedWithARemedy) {
  EXPECT_THAT(ReadLines((directory_.path() / "none.csv").string()),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ReadLines(directory_.path().string()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(
      ReadLines(Write("\xFF\xFE"
                      "a")),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("UTF-16")));
  EXPECT_THAT(ReadLines(Write(std::string("a\0b", 3))),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("zero")));
  EXPECT_THAT(ReadLines(Write("\xD0\xCF\x11\xE0")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(".xlsx")));
  EXPECT_THAT(ReadLines(Write("a\xFF\n")),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadLines(Write("a\nb \"c\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("row 2")));
  EXPECT_THAT(ReadLines(Write("a\n\"b")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("row 2")));
}

TEST_F(CsvTableTest, LimitsRefuseAndDoNotCut) {
  TableOptions options;
  options.limits.cell_bytes_max = 4;
  options.limits.row_bytes_max = 10;
  options.limits.columns_max = 3;
  options.limits.rows_max = 2;
  EXPECT_THAT(ReadLines(Write("abcd,abcd\n1,2,3\n"), options),
              IsOkAndHolds(SizeIs(2)));
  EXPECT_THAT(ReadLines(Write("abcde\n"), options),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("cell")));
  EXPECT_THAT(ReadLines(Write("abcd,abcd,abc\n"), options),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("bytes")));
  EXPECT_THAT(ReadLines(Write("1,2,3,4\n"), options),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("columns")));
  EXPECT_THAT(ReadLines(Write("1\n2\n3\n"), options),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("rows")));
}

TEST_F(CsvTableTest, AnOpenQuoteIsNoticedBeforeTheFileIsInMemory) {
  EXPECT_THAT(ReadLines(Write("a,\"" + std::string(1 << 20, 'x'))),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("quote")));
}

TEST_F(CsvTableTest, OptionsNameEncodingAndDelimiter) {
  TableOptions options;
  options.delimiter = '\t';
  EXPECT_THAT(ReadLines(Write("a,b\tc\n"), options),
              IsOkAndHolds(ElementsAre(":1:a,b|c")));
  options.encoding = "latin1";
  EXPECT_THAT(ReadLines(Write("a"), options),
              StatusIs(absl::StatusCode::kInvalidArgument));
  options.encoding = "UTF-8";
  EXPECT_THAT(ReadLines(Write("\xC4\xE3"), options),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace daybook::importer
