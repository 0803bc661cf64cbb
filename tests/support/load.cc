#include "tests/support/load.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/check.h"
#include "core/budget/fiscal_date.h"
#include "tests/support/load_names.h"

namespace daybook::testing {
namespace {

// Of how many the shares of LoadOptions are.
constexpr uint64_t steps_all = 10'000;
// How far back a correction, a refund or a repeated event can reach.
constexpr size_t open_max = 1'024;
constexpr size_t sent_max = 256;

constexpr const char* personnel_codes[] = {"30101", "30102", "30103", "30107",
                                           "30108", "30109", "30110", "30113"};
constexpr const char* operating_codes[] = {
    "30201", "30202", "30205", "30206", "30207", "30209",
    "30211", "30213", "30215", "30216", "30217", "30226",
    "30228", "30229", "30231", "30239", "30299", "31002"};
constexpr const char* project_codes[] = {"30201", "30218", "30226", "30227",
                                         "30305", "30306", "31003"};
constexpr const char* functions[] = {"2081101", "2081104", "2081105", "2081199",
                                     "2080505", "2101101", "2210201"};

// The government's code for a department's.
const char* GovernmentCode(const std::string& economic) {
  switch (economic[2]) {
    case '1':
      return "50101";
    case '2':
      return "50201";
    case '3':
      return "50901";
    default:
      return "50306";
  }
}

// A workday in spring has 100.
uint64_t WeightOf(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  const bool weekend =
      weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
  uint64_t weight = weekend ? 5 : 100;
  // On the 10th salaries are paid, on the 15th what belongs to them.
  if (day.day() == 10) weight += 300;
  if (day.day() == 15) weight += 150;
  if (day.month() == 11) weight *= 2;
  if (day.month() == 12) weight *= day.day() > 20 ? 6 : 3;
  return weight;
}

// Skewed as money is: many small amounts, few large ones; mostly whole yuan.
int64_t AnyFen(Luck& luck) {
  int64_t fen = luck.Between(100, 999);
  for (uint64_t zeros = luck.Below(5); zeros > 0; --zeros) {
    fen = fen * 10 + luck.Between(0, 9);
  }
  return luck.Chance(2, 3) ? fen / 100 * 100 + 100 : fen;
}

// The payment of an event that is one.
const v1::ExpenditureRecorded& Spent(const v1::EventInput& input) {
  return input.event().expenditure_recorded();
}

}  // namespace

Load::Load(const LoadOptions& options)
    : options_(options), luck_(options.seed) {
  DAYBOOK_CHECK(options_.departments > 0);
  DAYBOOK_CHECK(options_.refunds + options_.adjustments +
                    2 * options_.corrections + options_.duplicates +
                    options_.refused <
                steps_all / 2);
  uint64_t weights = 0;
  for (uint32_t i = 0; i < options_.departments; ++i) {
    weights += 1'000'000 / (i + 1);
    department_weights_.push_back(weights);
    Department& department = departments_.emplace_back();
    department.projects = static_cast<uint32_t>(luck_.Between(2, 6));
    department.units = static_cast<uint32_t>(luck_.Between(1, 4));
    set_up_.total += SetUpSteps(i);
  }
  weights = 0;
  for (absl::CivilDay day(options_.fiscal_year, 1, 1);
       day.year() == options_.fiscal_year; ++day) {
    weights += WeightOf(day);
    day_weights_.push_back(weights);
  }
}

bool Load::Next(LoadEvent& event) {
  event.input.Clear();
  if (set_up_.department < options_.departments) {
    event.kind = LoadKind::kSetUp;
    FillSetUp(event.input);
    return true;
  }
  if (number_ == options_.events) return false;
  AdvanceTo(number_++);
  if (!reversed_.empty()) {
    FillReplacement(event);
  } else if (rest_.line < rest_.lines) {
    FillLine(event);
  } else {
    uint64_t step = luck_.Below(steps_all);
    const auto is = [&step](uint64_t share) {
      const bool hit = step < share;
      step -= hit ? 0 : share;
      return hit;
    };
    if (is(options_.refunds) && !open_.empty()) {
      FillRefund(event);
    } else if (is(options_.adjustments)) {
      FillAdjustment(event);
    } else if (is(options_.corrections) && !open_.empty()) {
      FillReversal(event);
    } else if (is(options_.duplicates) && !sent_.empty()) {
      event.input = sent_[luck_.Below(sent_.size())];
      event.kind = LoadKind::kDuplicate;
    } else if (is(options_.refused)) {
      FillRefused(event);
    } else {
      FillVoucher(event);
    }
  }
  Remember(event);
  return true;
}

uint32_t Load::SetUpSteps(uint32_t department) const {
  // Registered, opened, two budgets; a registration and a budget each project.
  return 4 + 2 * departments_[department].projects;
}

void Load::FillSetUp(v1::EventInput& input) {
  const uint32_t number = set_up_.department;
  const uint32_t step = set_up_.step++;
  if (set_up_.step == SetUpSteps(number)) {
    ++set_up_.department;
    set_up_.step = 0;
  }
  const uint32_t projects = departments_[number].projects;
  v1::Event& event = *input.mutable_event();
  event.set_event_id(absl::StrCat(Code(number), "-setup-", step));
  event.set_subject(DepartmentName(number));
  if (step == 0) {
    event.mutable_department_registered()->set_name(InventedDepartment(number));
    return;
  }
  if (step <= projects) {
    v1::ProjectRegistered& project = *event.mutable_project_registered();
    project.set_key(absl::StrCat("p", step));
    project.set_name(absl::StrCat("第", step, "号专项"));
    project.set_category(v1::ProjectRegistered::CATEGORY_TARGETED);
    return;
  }
  absl::StrAppend(event.mutable_subject(), "/reports/", options_.fiscal_year);
  if (step == projects + 1) {
    v1::ReportOpened& opened = *event.mutable_report_opened();
    opened.add_funds(v1::FUND_GENERAL);
    opened.add_funds(v1::FUND_GOVERNMENT_FUND);
    opened.set_book_source(options_.source);
    opened.set_form("zhuzhou-2024");
    return;
  }
  *event.mutable_effective_date() =
      ToDate(absl::CivilDay(options_.fiscal_year, 1, 1));
  v1::BudgetApproved& approved = *event.mutable_budget_approved();
  approved.set_document_number(
      absl::StrCat("株财预〔", options_.fiscal_year, "〕1号"));
  approved.set_amount_fen(luck_.Between(50, 5'000) * 1'000'000);
  v1::Line& line = *approved.mutable_line();
  line.set_fund(v1::FUND_GENERAL);
  line.set_nature(step == projects + 2   ? v1::NATURE_PERSONNEL
                  : step == projects + 3 ? v1::NATURE_OPERATING
                                         : v1::NATURE_PROJECT);
  if (line.nature() == v1::NATURE_PROJECT) {
    line.set_project(absl::StrCat("p", step - projects - 3));
  }
}

void Load::AdvanceTo(uint64_t number) {
  // Weights of a year are below 2^17, so this does not overflow.
  const uint64_t passed = day_weights_.back() * number / options_.events;
  while (day_weights_[day_] <= passed) ++day_;
}

bool Load::IsSalaryDay() const {
  const absl::CivilDay day = absl::CivilDay(options_.fiscal_year, 1, 1) +
                             static_cast<absl::civil_diff_t>(day_);
  return day.day() == 10 || day.day() == 15;
}

void Load::SetEnvelope(uint32_t department, const std::string& id,
                       v1::EventInput& input) {
  const absl::CivilDay day = absl::CivilDay(options_.fiscal_year, 1, 1) +
                             static_cast<absl::civil_diff_t>(day_);
  v1::Event& event = *input.mutable_event();
  event.set_event_id(id);
  event.set_subject(absl::StrCat(DepartmentName(department), "/reports/",
                                 options_.fiscal_year));
  *event.mutable_effective_date() = ToDate(day);
  // Some time of the working day, 8:00 to 18:00 in UTC+8.
  event.mutable_source_recorded_time()->set_seconds(
      (day - absl::CivilDay(1970, 1, 1)) * 86'400 + luck_.Between(0, 36'000));
  event.mutable_source_recorded_time()->set_nanos(
      static_cast<int32_t>(luck_.Between(1, 999)) * 1'000'000);
}

void Load::FillVoucher(LoadEvent& event) {
  rest_ = Rest();
  rest_.department = AnyDepartment();
  rest_.salary = luck_.Chance(IsSalaryDay() ? 70 : 2, 100);
  rest_.lines = static_cast<uint32_t>(rest_.salary         ? luck_.Between(4, 8)
                                      : luck_.Chance(3, 4) ? 1
                                                           : 2);
  Department& department = departments_[rest_.department];
  SetEnvelope(rest_.department, "", rest_.first);
  const int month = rest_.first.event().effective_date().month();
  if (department.voucher_month != month) {
    department.voucher_month = month;
    department.voucher_number = 0;
  }
  ++department.voucher_number;
  // A tenth is entered some days late, half has a paper with a date.
  if (const auto days = static_cast<size_t>(luck_.Between(1, 5));
      luck_.Chance(1, 10) && day_ >= days) {
    *rest_.first.mutable_event()->mutable_effective_date() =
        ToDate(absl::CivilDay(options_.fiscal_year, 1, 1) +
               static_cast<absl::civil_diff_t>(day_ - days));
  }
  v1::ExpenditureRecorded& spent =
      *rest_.first.mutable_event()->mutable_expenditure_recorded();
  spent.set_voucher_number(absl::StrFormat("记-%d-%02d-%06d",
                                           options_.fiscal_year, month,
                                           department.voucher_number));
  spent.set_payment_method(
      rest_.salary ? v1::ExpenditureRecorded::PAYMENT_METHOD_DIRECT
                   : v1::ExpenditureRecorded::PAYMENT_METHOD_AUTHORISED);
  if (!rest_.salary && luck_.Chance(1, 2)) {
    spent.set_procurement(luck_.Chance(1, 6));
    spent.set_contract_number(absl::StrCat("HT-", options_.fiscal_year, "-",
                                           luck_.Between(100'000, 999'999)));
  }
  if (luck_.Chance(1, 2)) {
    *rest_.first.mutable_event()->mutable_document_date() =
        rest_.first.event().effective_date();
  }
  if (options_.personal_data) FillPersonalData(rest_.first, rest_.salary);
  FillLine(event);
}

void Load::FillLine(LoadEvent& event) {
  event.kind = rest_.salary ? LoadKind::kSalary : LoadKind::kVoucher;
  event.input = rest_.first;
  v1::Event& voucher = *event.input.mutable_event();
  v1::ExpenditureRecorded& spent = *voucher.mutable_expenditure_recorded();
  const Department& department = departments_[rest_.department];
  voucher.set_event_id(absl::StrFormat(
      "PZ-%s-%d-%02d-%06d-%02d", Code(rest_.department), options_.fiscal_year,
      department.voucher_month, department.voucher_number, rest_.line + 1));
  *spent.mutable_line() = LineOf(rest_.department, rest_.salary, rest_.line);
  spent.set_amount_fen(AnyFen(luck_));
  ++rest_.line;
}

v1::Line Load::LineOf(uint32_t number, bool salary, uint32_t place) {
  const Department& department = departments_[number];
  v1::Line line;
  line.set_fund(v1::FUND_GENERAL);
  uint64_t quota = 0;
  if (salary) {
    line.set_nature(v1::NATURE_PERSONNEL);
    line.set_economic_code(personnel_codes[place % std::size(personnel_codes)]);
    line.set_function_code("2081101");
  } else if (luck_.Chance(2, 3)) {
    line.set_nature(v1::NATURE_OPERATING);
    line.set_economic_code(luck_.OneOf(operating_codes));
    line.set_function_code("2081101");
    quota = 1;
  } else {
    const uint64_t project = 1 + luck_.Below(department.projects);
    line.set_nature(v1::NATURE_PROJECT);
    line.set_project(absl::StrCat("p", project));
    line.set_economic_code(luck_.OneOf(project_codes));
    // A project stays with its function, and the last one is lottery money.
    line.set_function_code(
        functions[(number + project) % std::size(functions)]);
    if (project == department.projects) {
      line.set_fund(v1::FUND_GOVERNMENT_FUND);
      line.set_function_code("2296006");
    }
    quota = 1 + project;
  }
  line.set_government_economic_code(GovernmentCode(line.economic_code()));
  line.set_source_row(v1::SOURCE_ROW_CURRENT);
  line.set_unit(absl::StrFormat("%s%03d", Code(number),
                                1 + luck_.Below(department.units)));
  // As long as the keys of quotas are in the systems that send them.
  line.set_quota_id(absl::StrFormat("%s%d%022d", Code(number),
                                    options_.fiscal_year, 1 + quota));
  return line;
}

void Load::FillPersonalData(v1::EventInput& input, bool salary) {
  v1::PersonalData& personal = *input.mutable_personal_data();
  const int month = input.event().effective_date().month();
  personal.set_payee(salary || luck_.Chance(1, 4) ? PersonName(luck_)
                                                  : CompanyName(luck_));
  personal.set_summary(Summary(luck_, month, salary));
  personal.set_preparer(PersonName(luck_));
}

void Load::FillRefund(LoadEvent& event) {
  event.kind = LoadKind::kRefund;
  const v1::EventInput payment = TakeOpen();
  SetEnvelope(0, absl::StrCat(payment.event().event_id(), "-T"), event.input);
  event.input.mutable_event()->set_subject(payment.event().subject());
  v1::RefundReceived& refund =
      *event.input.mutable_event()->mutable_refund_received();
  refund.set_kind(v1::RefundReceived::KIND_CURRENT_YEAR);
  refund.set_payment_event_id(payment.event().event_id());
  *refund.mutable_line() = Spent(payment).line();
  refund.set_amount_fen(luck_.Between(1, Spent(payment).amount_fen()));
  refund.set_payment_voucher_number(Spent(payment).voucher_number());
  refund.set_procurement(Spent(payment).procurement());
  refund.set_reason("退回多付款项");
}

void Load::FillAdjustment(LoadEvent& event) {
  event.kind = LoadKind::kAdjustment;
  const uint32_t number = AnyDepartment();
  Department& department = departments_[number];
  SetEnvelope(
      number,
      absl::StrCat(Code(number), "-adjusted-", ++department.adjustments),
      event.input);
  v1::BudgetAdjusted& adjusted =
      *event.input.mutable_event()->mutable_budget_adjusted();
  const bool more = luck_.Chance(2, 3);
  adjusted.set_kind(more ? v1::BudgetAdjusted::KIND_SUPPLEMENT
                         : v1::BudgetAdjusted::KIND_RECOVERY);
  adjusted.set_amount_fen(luck_.Between(1, 100) * 1'000'000 * (more ? 1 : -1));
  adjusted.mutable_line()->set_fund(v1::FUND_GENERAL);
  adjusted.mutable_line()->set_nature(v1::NATURE_PROJECT);
  adjusted.mutable_line()->set_project(
      absl::StrCat("p", 1 + luck_.Below(department.projects)));
  adjusted.set_document_number(absl::StrCat("株财预〔", options_.fiscal_year,
                                            "〕", luck_.Between(2, 400), "号"));
  adjusted.set_reason("年度中追加或收回");
}

void Load::FillReversal(LoadEvent& event) {
  event.kind = LoadKind::kReversal;
  reversed_.push_back(TakeOpen());
  const v1::Event& target = reversed_.back().event();
  SetEnvelope(0, absl::StrCat(target.event_id(), "-R"), event.input);
  event.input.mutable_event()->set_subject(target.subject());
  event.input.mutable_event()->mutable_reversal()->set_target_event_id(
      target.event_id());
  event.input.mutable_event()->mutable_reversal()->set_reason("科目使用错误");
}

void Load::FillReplacement(LoadEvent& event) {
  event.kind = LoadKind::kReplacement;
  const v1::EventInput old = std::move(reversed_.front());
  reversed_.pop_front();
  SetEnvelope(0, absl::StrCat(old.event().event_id(), "-N"), event.input);
  v1::Event& replacement = *event.input.mutable_event();
  replacement.set_subject(old.event().subject());
  replacement.mutable_replaces()->set_event_id(old.event().event_id());
  *replacement.mutable_expenditure_recorded() = Spent(old);
  replacement.mutable_expenditure_recorded()->mutable_line()->set_economic_code(
      "30299");
  if (old.has_personal_data()) {
    *event.input.mutable_personal_data() = old.personal_data();
  }
}

void Load::FillRefused(LoadEvent& event) {
  FillVoucher(event);
  rest_ = Rest();
  v1::Event& voucher = *event.input.mutable_event();
  absl::StrAppend(voucher.mutable_event_id(), "-X");
  if (luck_.Chance(1, 2)) {
    event.kind = LoadKind::kRefusedPermanent;
    voucher.mutable_expenditure_recorded()->set_amount_fen(0);
    return;
  }
  event.kind = LoadKind::kRefusedRetryable;
  voucher.mutable_expenditure_recorded()->mutable_line()->set_project(
      "not_registered");
}

v1::EventInput Load::TakeOpen() {
  v1::EventInput& taken = open_[luck_.Below(open_.size())];
  v1::EventInput input = std::move(taken);
  if (&taken != &open_.back()) taken = std::move(open_.back());
  open_.pop_back();
  return input;
}

void Load::Remember(const LoadEvent& event) {
  const auto keep = [this, &event](std::vector<v1::EventInput>& kept,
                                   size_t max) {
    if (kept.size() < max) {
      kept.push_back(event.input);
    } else {
      kept[luck_.Below(max)] = event.input;
    }
  };
  switch (event.kind) {
    case LoadKind::kVoucher:
    case LoadKind::kSalary:
      // One in eight: the others are never corrected, and copying costs.
      if (luck_.Chance(1, 8)) keep(open_, open_max);
      break;
    case LoadKind::kDuplicate:
    case LoadKind::kRefusedRetryable:
    case LoadKind::kRefusedPermanent:
      return;
    default:
      break;
  }
  if (luck_.Chance(1, 8)) keep(sent_, sent_max);
}

uint32_t Load::AnyDepartment() {
  const uint64_t place = luck_.Below(department_weights_.back());
  return static_cast<uint32_t>(std::upper_bound(department_weights_.begin(),
                                                department_weights_.end(),
                                                place) -
                               department_weights_.begin());
}

std::string Load::Code(uint32_t department) const {
  return absl::StrCat(options_.first_department + department);
}

std::string Load::DepartmentName(uint32_t department) const {
  return absl::StrCat(options_.ledger, "/departments/", Code(department));
}

}  // namespace daybook::testing
