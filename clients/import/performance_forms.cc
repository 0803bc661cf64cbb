// The forms of performance and of stated values.

#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/import/sheet_form_parts.h"
#include "core/base/check.h"
#include "core/budget/form.h"
#include "daybook/v1/performance_events.pb.h"
#include "daybook/v1/registration_events.pb.h"

namespace daybook::importer {
namespace {

using Format = Column::Format;

constexpr std::array<const char*, 5> levels = {"", "output", "benefit",
                                               "satisfaction", "cost"};
constexpr const char* measured_note =
    "数字、日期（2024-06-30）或数据项（路径如 all.executed，或打印名称）";

Column IndicatorColumn(const std::string& note) {
  return {
      Field::kIndicator,
      "指标编码",
      true,
      Format::kCode,
      "output.quantity.employment",
      absl::StrCat("指标在报告内的唯一编码，小写字母、数字、下划线，以点分段",
                   note)};
}

Column MeasureUnitColumn() {
  return {Field::kMeasureUnit, "计量单位", false,
          Format::kText,       "人",       "如 人、户、%；非数字留空"};
}

// The paths of the shipped forms that end in `measure`, or all of them that a
// sheet may name.
std::vector<Choice> FigureChoices(const std::string& measure) {
  std::vector<Choice> choices;
  for (const std::string& id :
       std::vector<std::string>(absl::StrSplit(Form::KnownIds(), ", "))) {
    for (const FormRow& row : Form::Find(id)->Rows({})) {
      if (absl::StartsWith(row.path, "score.") ||
          !absl::EndsWith(row.path, measure) ||
          PathOfLabel(row.label) != row.path) {
        continue;
      }
      choices.push_back({row.label, 0});
    }
  }
  return choices;
}

SheetForm RevisionSheet() {
  return {"目标调整",
          "revisions",
          "年中批准调整的目标，每行一次；年初目标仍然保留",
          {DepartmentColumn(),
           FiscalYearColumn(),
           IndicatorColumn("，须在“绩效指标”中"),
           EffectiveDateColumn("调整日期", "", "2024-08-30"),
           {Field::kTarget, "调整后指标值", false, Format::kText, "220",
            "类型和计量单位与原目标相同；空白即撤回这次调整"},
           MeasureUnitColumn(),
           DocumentNumberColumn(),
           {Field::kReason, "调整原因", false, Format::kText, "新增公益性岗位",
            "最多1024字节"}}};
}

SheetForm DepartmentSheet() {
  return {"部门",
          "department",
          "登记部门；改名即再登记一次",
          {DepartmentColumn(),
           {Field::kName, "部门名称", true, Format::kText, "示例部门",
            "报告上印的名称，最多256字节"}}};
}

SheetForm ProjectSheet() {
  Column key = ProjectColumn();
  key.required = true;
  key.note = "项目的短代号，小写字母、数字和下划线，最多64位；登记后不要改";
  using Project = v1::ProjectRegistered;
  return {"项目",
          "project",
          "登记项目；以后的表格用项目代号指明项目",
          {DepartmentColumn(),
           std::move(key),
           {Field::kName, "项目名称", true, Format::kText, "残疾人康复",
            "报告上印的名称，最多256字节"},
           {Field::kProjectCode, "项目编码", false, Format::kCode, "",
            "预算管理一体化系统中的项目编码"},
           {Field::kAliases, "别名", false, Format::kText,
            "残疾人康复资金；残疾人康复资金项目支出",
            "文件中的其他写法，以分号分开，最多32个"},
           {Field::kCategory,
            "项目类别",
            false,
            Format::kText,
            "特定目标类",
            "项目编码中的 R、Y、T",
            {{"人员类", Project::CATEGORY_PERSONNEL},
             {"运转类", Project::CATEGORY_OPERATION},
             {"特定目标类", Project::CATEGORY_TARGETED}}},
           {Field::kProgramme, "上级项目", false, Format::kText, "",
            "所属的专项或一级项目，最多64字节"}}};
}

SheetForm ReportSheet() {
  std::vector<Choice> forms;
  for (const std::string& id :
       std::vector<std::string>(absl::StrSplit(Form::KnownIds(), ", "))) {
    forms.push_back({id, 0});
  }
  return {"报告",
          "report",
          "开设一个部门一个年度的报告",
          {DepartmentColumn(),
           FiscalYearColumn(),
           {Field::kFunds, "资金范围", true, Format::kText,
            "一般公共预算；政府性基金预算",
            "报告包括的各种资金，以分号分开；名称同“资金性质”"},
           {Field::kBookSource, "记账来源", true, Format::kCode, "accounting",
            "哪个来源的支出算作执行数，即导入凭证时的 --source；以后不能改"},
           {Field::kForm, "表样", true, Format::kCode, forms.front().word,
            "报告使用的表样", forms}}};
}

SheetForm HeadcountSheet() {
  const auto count = [](Field field, const char* heading, const char* example) {
    return Column{
        field,
        heading,
        false,
        Format::kNumber,
        example,
        "人数，整数。空白即不填报；0就是0；无、——分别按“没有”、“不适用”"
        "记录"};
  };
  return {
      "人员情况",
      "headcount",
      "编制和在职人数",
      {DepartmentColumn(), FiscalYearColumn(),
       EffectiveDateColumn("截止日期", "12月31日", ""),
       count(Field::kQuotaCount, "编制数", "4"),
       count(Field::kActualCount, "实际在职人数", "4"),
       count(Field::kPermanentCount, "在职在编", "3"),
       count(Field::kContractCount, "无固期人员", "1"), DocumentDateColumn()}};
}

SheetForm StatementSheet() {
  using Stated = v1::FigureStated;
  return {"零与无",
          "statement",
          "没有金额的数据项：是零、是没有、还是不适用",
          {DepartmentColumn(),
           FiscalYearColumn(),
           {Field::kFigure, "数据项", true, Format::kText, "三公经费 决算数",
            "报告中的数据项：打印名称，或路径如 "
            "general.project[rehabilitation].executed",
            FigureChoices(""), true},
           {Field::kStatement,
            "填报值",
            false,
            Format::kText,
            "无",
            "空白：不填报（以前填过的撤回）；0：零；无：没有；——：不适用。四者"
            "各不相同",
            {{"0", Stated::STATEMENT_ZERO},
             {"无", Stated::STATEMENT_NONE},
             {"——", Stated::STATEMENT_NOT_APPLICABLE}}},
           EffectiveDateColumn("截止日期", "12月31日", ""),
           DocumentDateColumn()}};
}

}  // namespace

std::string LevelOf(int number) {
  DAYBOOK_CHECK(number > 0 && static_cast<size_t>(number) < levels.size());
  return levels[static_cast<size_t>(number)];
}

WorkbookForm IndicatorsForm() {
  using Set = v1::IndicatorSet;
  return {
      "indicators",
      "绩效指标",
      {{"绩效指标",
        "indicators",
        "每行一个绩效指标和它的年初目标",
        {DepartmentColumn(),
         FiscalYearColumn(),
         IndicatorColumn("，以后不要改"),
         {Field::kLevel,
          "一级指标",
          true,
          Format::kText,
          "产出指标",
          "评分规则中的层级；其他层级填它的编码",
          {{"产出指标", 1},
           {"效益指标", 2},
           {"满意度指标", 3},
           {"成本指标", 4}},
          true},
         {Field::kLevel2, "二级指标", false, Format::kText, "数量指标",
          "如表上所印，最多256字节"},
         {Field::kName, "三级指标", true, Format::kText, "残疾人就业",
          "如表上所印，最多256字节；没有的填“无”"},
         {Field::kOperator,
          "指标性质",
          true,
          Format::kText,
          "≥",
          "≥、>、=、≤、<，定性（目标是文字），无（表上有这一行，部门没有这项）",
          {{"≥", Set::OPERATOR_AT_LEAST},
           {">", Set::OPERATOR_MORE_THAN},
           {"=", Set::OPERATOR_EQUAL},
           {"≤", Set::OPERATOR_AT_MOST},
           {"<", Set::OPERATOR_LESS_THAN},
           {"定性", Set::OPERATOR_QUALITATIVE},
           {"无", Set::OPERATOR_NOT_APPLICABLE}}},
         {Field::kPrintedOperator, "印出符号", false, Format::kText, "≥",
          "原表在目标前印的符号；没有印就留空"},
         {Field::kTarget, "指标值", false, Format::kText, "200",
          absl::StrCat("年初目标：", measured_note,
                       "；定性指标填文字；性质为“无”时留空")},
         MeasureUnitColumn(),
         {Field::kWeight, "分值", false, Format::kNumber, "5",
          "0至1000，最多两位小数；空白即不计分"},
         {Field::kAssessable,
          "考核时点",
          false,
          Format::kText,
          "",
          "空白按评分规则",
          {{"随时", Set::ASSESSABLE_ANY_TIME},
           {"年末", Set::ASSESSABLE_YEAR_END}}},
         ProjectColumn(),
         EffectiveDateColumn("设定日期", "1月1日", ""),
         DocumentDateColumn()}},
       RevisionSheet()}};
}

WorkbookForm ResultsForm() {
  using Result = v1::IndicatorResultRecorded;
  return {"results",
          "指标完成情况",
          {{"指标完成情况",
            "results",
            "每行一个指标到某日的完成值、自评得分，或两者",
            {DepartmentColumn(),
             FiscalYearColumn(),
             IndicatorColumn("；自评得分另可填“预算执行”和“总分”"),
             EffectiveDateColumn("截止日期", "12月31日", ""),
             {Field::kMode,
              "填报方式",
              false,
              Format::kText,
              "累计",
              "累计：到截止日期共完成；新增：本次新完成，加在以前的上面。空白即"
              "累计",
              {{"累计", Result::MODE_CUMULATIVE},
               {"新增", Result::MODE_INCREMENT}}},
             {Field::kResult, "实际完成值", false, Format::kText, "280",
              absl::StrCat(measured_note,
                           "；定性指标填文字和完成程度。空白即尚无结果")},
             MeasureUnitColumn(),
             {Field::kAttainment, "完成程度（%）", false, Format::kNumber, "",
              "定性指标必填，0至100，最多两位小数；其他指标留空"},
             {Field::kDeclaredScore, "自评得分", false, Format::kNumber, "5",
              "0至1000，最多两位小数；空白即未评，0就是0分"},
             {Field::kDeviationReason, "偏差原因及改进措施", false,
              Format::kText, "", "得分低于分值的原因，最多4096字节"},
             DocumentDateColumn(),
             SequenceColumn()}}}};
}

WorkbookForm ActivitiesForm() {
  using Activity = v1::ActivityRecorded;
  return {"activities",
          "履职活动",
          {{"履职活动",
            "activities",
            "每行一个报告正文中讲到的数量",
            {DepartmentColumn(),
             FiscalYearColumn(),
             {Field::kActivity, "活动编码", true, Format::kCode,
              "startups_supported",
              "在报告内的唯一编码，小写字母、数字和下划线，最多64位"},
             {Field::kLabel, "内容", true, Format::kText, "扶持残疾人创业",
              "数的是什么，最多256字节"},
             {Field::kQuantity, "数量", true, Format::kNumber, "9",
              "数字；“余”、“约”填在“精确度”里。空白即不填报"},
             {Field::kMeasureUnit, "计量单位", false, Format::kText, "名",
              "如 人、户、场"},
             {Field::kQualifier,
              "精确度",
              false,
              Format::kText,
              "确数",
              "余：这么多或略多；约：大约。空白即确数",
              {{"确数", Activity::QUALIFIER_EXACT},
               {"余", Activity::QUALIFIER_AT_LEAST},
               {"约", Activity::QUALIFIER_ABOUT}}},
             ProjectColumn(),
             EffectiveDateColumn("日期", "12月31日", "2024-11-22"),
             DocumentDateColumn()}}}};
}

WorkbookForm BaseDataForm() {
  return {"base-data",
          "基础数据",
          {DepartmentSheet(), ProjectSheet(), ReportSheet(), HeadcountSheet(),
           StatementSheet()}};
}

WorkbookForm PriorYearForm() {
  return {
      "prior-year",
      "上年决算数",
      {{"上年决算数",
        "prior-year",
        "每行一个数据项上一年的决算数",
        {DepartmentColumn(),
         FiscalYearColumn(),
         {Field::kFigure, "数据项", true, Format::kText, "三公经费 上年决算数",
          "打印名称，或以 .prior_executed 结尾的路径，如 "
          "general.project[rehabilitation].prior_executed",
          FigureChoices(".prior_executed"), true},
         AmountColumn("上年决算数（元）", "14800.00",
                      "空白即不填报；0就是0；无、——分别按“没有”、“不适用”记录"),
         DocumentDateColumn()}}}};
}

}  // namespace daybook::importer
