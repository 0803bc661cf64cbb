#include "clients/import/form_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace daybook::importer {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Row RowOf(const std::string& sheet, int64_t number,
          const std::vector<std::string>& texts) {
  Row row;
  row.sheet = sheet;
  row.number = number;
  for (const std::string& text : texts) {
    row.cells.push_back(
        {text.empty() ? Cell::Kind::kBlank : Cell::Kind::kText, text});
  }
  return row;
}

class FormScannerTest : public ::testing::Test {
 protected:
  explicit FormScannerTest(const std::string& kind = "quota")
      : scanner_(*FindWorkbookForm(kind), "430203") {}

  // As the importer does: each row of data is read.
  absl::StatusOr<FormRowClass> Take(const std::vector<std::string>& texts,
                                    const std::string& sheet = "") {
    const Row row = RowOf(sheet, ++number_, texts);
    const absl::StatusOr<FormRowClass> row_class = scanner_.Classify(row);
    if (row_class.ok() && *row_class == FormRowClass::kData) {
      record_ = scanner_.Read(row);
    }
    return row_class;
  }

  FormRowClass Class(const std::vector<std::string>& texts,
                     const std::string& sheet = "") {
    const absl::StatusOr<FormRowClass> row_class = Take(texts, sheet);
    EXPECT_TRUE(row_class.ok()) << row_class.status();
    return row_class.value_or(FormRowClass::kTitle);
  }

  FormScanner scanner_;
  FormRecord record_;
  int64_t number_ = 0;
};

const std::vector<std::string> headings = {"金额（元）", "年度", "资金性质",
                                           "部门代码"};

TEST_F(FormScannerTest, HeadingsStandBelowTitlesInAnyOrder) {
  EXPECT_EQ(Class({"2024年年初预算表"}), FormRowClass::kTitle);
  EXPECT_EQ(Class({}), FormRowClass::kBlank);
  EXPECT_EQ(Class(headings), FormRowClass::kHeader);
  EXPECT_EQ(Class({"5.00", "2024", "一般公共预算", "115001"}),
            FormRowClass::kData);
  EXPECT_EQ(record_.amount_fen, 500);
  // Pages repeat them.
  EXPECT_EQ(Class(headings), FormRowClass::kHeader);
  EXPECT_EQ(Class({"填表人：某某"}), FormRowClass::kTitle);
  EXPECT_TRUE(scanner_.Finish().ok());
  EXPECT_THAT(scanner_.notes(), IsEmpty());
}

TEST_F(FormScannerTest, AllThatIsWrongWithHeadingsIsToldAtOnce) {
  const absl::Status status = Take({"部门代码", "资金性质", "金额（元）",
                                    "金额(万元)", "文件号", "颜色", "资金性质"})
                                  .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(
      std::string(status.message()),
      AllOf(HasSubstr("年度 is missing"),
            HasSubstr("金额（元） and 金额（万元） both"),
            HasSubstr("资金性质 stands twice"),
            HasSubstr("'文件号' is no heading of the sheet 年初预算; did "
                      "you mean 文号?"),
            HasSubstr("'颜色' is no heading")));
}

TEST_F(FormScannerTest, TheReasonsOfRejectsAreNoHeading) {
  std::vector<std::string> rejected = headings;
  rejected.push_back("拒绝原因");
  EXPECT_EQ(Class(rejected), FormRowClass::kHeader);
}

TEST_F(FormScannerTest, ATableWithoutHeadingsIsRefused) {
  EXPECT_EQ(Class({"甲", "乙"}), FormRowClass::kTitle);
  const absl::Status status = scanner_.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("部门代码"), HasSubstr("daybook template")));
}

TEST_F(FormScannerTest, SumsAreHeldAgainstTheRows) {
  Class(headings);
  Class({"5.00", "2024", "一般公共预算", "115001"});
  EXPECT_EQ(Class({"5.00", "", "", "小计"}), FormRowClass::kSubtotal);
  Class({"6.00", "2024", "一般公共预算", "115002"});
  EXPECT_EQ(Class({"6.00", "", "", "小计"}), FormRowClass::kSubtotal);
  EXPECT_EQ(Class({"11.00", "", "", "合计"}), FormRowClass::kSubtotal);
  EXPECT_THAT(scanner_.mismatches(), IsEmpty());
  EXPECT_EQ(Class({"11.01", "", "", "总计"}), FormRowClass::kSubtotal);
  EXPECT_THAT(scanner_.mismatches(),
              ElementsAre(AllOf(HasSubstr("11.01"), HasSubstr("11.00"))));
}

TEST_F(FormScannerTest, ABlankDepartmentIsAMistakeNotASum) {
  Class(headings);
  EXPECT_EQ(Class({"5.00", "2024", "一般公共预算", ""}), FormRowClass::kData);
  EXPECT_THAT(record_.problems, ElementsAre("部门代码: is blank; fill it in"));
}

class BaseDataScannerTest : public FormScannerTest {
 protected:
  BaseDataScannerTest() : FormScannerTest("base-data") {}
};

TEST_F(BaseDataScannerTest, SheetsAreKnownByTheirHeadings) {
  EXPECT_EQ(Class({"部门代码", "部门名称"}, "一"), FormRowClass::kHeader);
  EXPECT_EQ(Class({"115001", "甲局"}, "一"), FormRowClass::kData);
  EXPECT_TRUE(record_.facts.at(0).input->event().has_department_registered());
  EXPECT_EQ(Class({"部门代码", "项目代号", "项目名称"}, "二"),
            FormRowClass::kHeader);
  EXPECT_EQ(Class({"115001", "other", "其他"}, "二"), FormRowClass::kData);
  EXPECT_TRUE(record_.facts.at(0).input->event().has_project_registered());
  EXPECT_EQ(Class({"随便"}, "三"), FormRowClass::kTitle);
  EXPECT_EQ(Class({"部门代码", "部门名称"}, kExplanationSheet),
            FormRowClass::kTitle);
  EXPECT_TRUE(scanner_.Finish().ok());
  EXPECT_THAT(scanner_.notes(), ElementsAre(HasSubstr("sheet 三: left out")));
}

}  // namespace
}  // namespace daybook::importer
