#include "bench/vouchers.h"

#include "absl/strings/str_cat.h"
#include "core/budget/fiscal_date.h"

namespace daybook::bench {
namespace {

constexpr uint64_t functions = 12;
constexpr uint64_t economic_codes = 20;
constexpr uint64_t lines_of_unit = functions * economic_codes;
constexpr uint64_t days = 366;

std::string DepartmentName(uint64_t report) {
  return absl::StrCat(ledger, "/departments/", report);
}

// Not in the order of recording: vouchers arrive late for their dates.
absl::CivilDay DayOf(uint64_t event) {
  return absl::CivilDay(2024, 1, 1) + static_cast<int>(event * 7'919 % days);
}

v1::Event Spent(const std::string& event_id, const Voucher& voucher) {
  v1::Event event;
  event.set_event_id(event_id);
  event.set_subject(ReportName(voucher.report));
  *event.mutable_effective_date() = ToDate(voucher.day);
  v1::ExpenditureRecorded& spent = *event.mutable_expenditure_recorded();
  spent.mutable_line()->set_fund(v1::FUND_GENERAL);
  spent.mutable_line()->set_nature(v1::NATURE_OPERATING);
  spent.mutable_line()->set_function_code(absl::StrCat(voucher.function));
  spent.mutable_line()->set_economic_code(absl::StrCat(voucher.economic));
  if (voucher.unit != 0) {
    spent.mutable_line()->set_unit(absl::StrCat(voucher.unit));
  }
  spent.set_amount_fen(voucher.fen);
  spent.set_voucher_number(absl::StrCat("2024-", event_id));
  return event;
}

// Voucher 0 after so many corrections.
Voucher Corrected(uint64_t corrections) {
  Voucher voucher = VoucherOf(0, 1);
  voucher.day = DayOf(corrections);
  voucher.fen += static_cast<int64_t>(corrections % 991);
  return voucher;
}

std::string CorrectedId(uint64_t corrections) {
  return corrections == 0 ? "V0" : absl::StrCat("C", corrections);
}

}  // namespace

Voucher VoucherOf(uint64_t number, uint64_t reports, uint64_t units) {
  // Its place within its report decides all but its report.
  const uint64_t event = number / reports;
  return {number % reports,
          DayOf(event),
          2'080'501 + event % functions,
          30'201 + event / functions % economic_codes,
          units == 1 ? 0 : 1 + event / lines_of_unit % units,
          static_cast<int64_t>(event % 99'991) + 1};
}

std::string ReportName(uint64_t report) {
  return absl::StrCat(DepartmentName(report), "/reports/2024");
}

v1::Event DepartmentEvent(uint64_t report) {
  v1::Event event;
  event.set_event_id(absl::StrCat("D", report));
  event.set_subject(DepartmentName(report));
  event.mutable_department_registered()->set_name("bench");
  return event;
}

v1::Event ReportEvent(uint64_t report) {
  v1::Event event;
  event.set_event_id(absl::StrCat("R", report));
  event.set_subject(ReportName(report));
  v1::ReportOpened& opened = *event.mutable_report_opened();
  opened.add_funds(v1::FUND_GENERAL);
  opened.set_book_source("bench");
  opened.set_form("zhuzhou-2024");
  return event;
}

v1::Event VoucherEvent(uint64_t number, uint64_t reports, uint64_t units) {
  return Spent(absl::StrCat("V", number), VoucherOf(number, reports, units));
}

v1::Event CancellingEvent(uint64_t correction) {
  v1::Event event;
  event.set_event_id(absl::StrCat("X", correction));
  event.set_subject(ReportName(0));
  *event.mutable_effective_date() = ToDate(Corrected(correction).day);
  event.mutable_reversal()->set_target_event_id(CorrectedId(correction));
  event.mutable_reversal()->set_reason("wrong amount");
  return event;
}

v1::Event ReplacingEvent(uint64_t correction) {
  return Spent(CorrectedId(correction + 1), Corrected(correction + 1));
}

}  // namespace daybook::bench
