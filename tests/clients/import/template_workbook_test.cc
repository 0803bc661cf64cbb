#include "clients/import/template_workbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/import/form_scanner.h"
#include "clients/import/mapping.h"
#include "clients/import/sheet_scanner.h"
#include "clients/import/table_reader.h"
#include "clients/import/template_mapping.h"
#include "clients/import/voucher_table.h"

namespace daybook::importer {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string FreePath(const std::string& name) {
  std::string path = absl::StrCat(::testing::TempDir(), "/", name);
  std::filesystem::remove(path);
  return path;
}

std::vector<Row> RowsOf(const std::string& path) {
  auto table = TableReader::Open(path);
  EXPECT_TRUE(table.ok()) << table.status();
  std::vector<Row> rows;
  EXPECT_TRUE((*table)
                  ->ForEachRow([&](const Row& row) {
                    rows.push_back(row);
                    return absl::OkStatus();
                  })
                  .ok());
  return rows;
}

TEST(TemplateWorkbookTest, EveryKindReadsItsOwnTemplateAsExamplesAlone) {
  for (const WorkbookForm& form : WorkbookForms()) {
    if (form.kind == "voucher") continue;
    const std::string path = FreePath(form.kind + ".xlsx");
    ASSERT_TRUE(WriteTemplate(form, path).ok());
    FormScanner scanner(form, "430203");
    size_t examples = 0;
    for (const Row& row : RowsOf(path)) {
      const auto row_class = scanner.Classify(row);
      ASSERT_TRUE(row_class.ok()) << row_class.status();
      if (*row_class != FormRowClass::kData) continue;
      EXPECT_TRUE(scanner.Read(row).example) << form.kind;
      ++examples;
    }
    EXPECT_TRUE(scanner.Finish().ok());
    EXPECT_THAT(scanner.notes(), IsEmpty());
    EXPECT_EQ(examples, form.sheets.size()) << form.kind;
  }
}

// The row that shows how must itself be right.
TEST(TemplateWorkbookTest, TheExampleIsARowThatWouldBeTaken) {
  for (const WorkbookForm& form : WorkbookForms()) {
    if (form.kind == "voucher") continue;
    const std::string path = FreePath(form.kind + "-example.xlsx");
    ASSERT_TRUE(WriteTemplate(form, path).ok());
    FormScanner scanner(form, "430203");
    for (Row& row : RowsOf(path)) {
      if (*scanner.Classify(row) != FormRowClass::kData) continue;
      row.cells[0].text =
          row.cells[0].text.substr(std::string(kExampleMark).size());
      const FormRecord record = scanner.Read(row);
      EXPECT_THAT(record.problems, IsEmpty()) << form.kind << " " << row.sheet;
      EXPECT_FALSE(record.facts.empty());
    }
  }
}

TEST(TemplateWorkbookTest, TheMappingFitsTheVouchersTemplate) {
  const auto mapping = TemplateVoucherMapping();
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  const std::string path = FreePath("voucher.xlsx");
  ASSERT_TRUE(WriteTemplate(*FindWorkbookForm("voucher"), path).ok());
  SheetScanner scanner(*mapping, "430203");
  int examples = 0;
  for (Row& row : RowsOf(path)) {
    const auto row_class = scanner.Classify(row);
    ASSERT_TRUE(row_class.ok()) << row_class.status();
    if (row.sheet != "支出凭证" || *row_class != RowClass::kData) continue;
    EXPECT_TRUE(scanner.table()->Read(row).filtered);
    row.cells[0].text = "115001";
    const Voucher voucher = scanner.table()->Read(row);
    EXPECT_FALSE(voucher.filtered);
    EXPECT_THAT(voucher.problems, IsEmpty());
    EXPECT_EQ(voucher.amount_fen, 1'280'000);
    EXPECT_EQ(voucher.input.personal_data().payee(), "示例康复机构");
    ++examples;
  }
  EXPECT_EQ(examples, 1);
}

// Each word that a drop-down offers must mean something to the mapping.
TEST(TemplateWorkbookTest, TheMappingKnowsEveryWordOfTheDropDowns) {
  const auto mapping = TemplateVoucherMapping();
  ASSERT_TRUE(mapping.ok());
  const SheetForm& form = FindWorkbookForm("voucher")->sheets.front();
  for (const auto& [field, rule] :
       {std::pair{Field::kFund, mapping->fund()},
        std::pair{Field::kNature, mapping->nature()},
        std::pair{Field::kSourceRow, mapping->source_row()},
        std::pair{Field::kPaymentMethod, mapping->payment_method()},
        std::pair{Field::kProcurement, mapping->procurement()}}) {
    std::set<std::string> words;
    for (const auto& translation : rule.translate()) {
      words.insert(translation.from().begin(), translation.from().end());
    }
    for (const Choice& choice : form.Find(field)->choices) {
      EXPECT_TRUE(words.contains(choice.word)) << choice.word;
    }
  }
}

TEST(TemplateWorkbookTest, AFileThatExistsIsLeftAlone) {
  const std::string path = FreePath("exists.xlsx");
  std::ofstream(path) << "filled";
  const absl::Status status = WriteTemplate(*FindWorkbookForm("quota"), path);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(status.message()), HasSubstr("may be filled in"));
  EXPECT_EQ(std::filesystem::file_size(path), 6u);
  EXPECT_EQ(WriteTemplate(*FindWorkbookForm("quota"), "/nowhere/x.xlsx").code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(SheetFormTest, HeadingsAndIdsAreUnique) {
  std::set<std::string> ids;
  for (const WorkbookForm& workbook : WorkbookForms()) {
    for (const SheetForm& form : workbook.sheets) {
      EXPECT_TRUE(ids.insert(form.id).second) << form.id;
      std::set<std::string> headings;
      for (const Column& column : form.columns) {
        EXPECT_TRUE(headings.insert(HeadingKey(column.heading)).second);
        EXPECT_FALSE(column.note.empty()) << column.heading;
      }
    }
  }
}

TEST(SheetFormTest, LabelsOfTheFormNameTheirFigures) {
  EXPECT_EQ(PathOfLabel("三公经费 决算数"), "three_public.executed");
  EXPECT_EQ(PathOfLabel("三公经费决算数"), "three_public.executed");
  EXPECT_EQ(PathOfLabel("三公"), "");
}

}  // namespace
}  // namespace daybook::importer
