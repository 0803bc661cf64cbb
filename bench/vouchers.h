// The events that reports are measured with: a year's vouchers on 240 lines,
// spread over some reports in turn, and corrections of one line.
//
// A number says all about an event, so that another database can be given the
// same facts.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_BENCH_VOUCHERS_H_
#define DAYBOOK_BENCH_VOUCHERS_H_

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "daybook/v1/event.pb.h"

namespace daybook::bench {

inline constexpr const char* ledger = "ledgers/1";

struct Voucher {
  // Report that it belongs to, from 0.
  uint64_t report = 0;
  absl::CivilDay day;
  uint64_t function = 0;
  uint64_t economic = 0;
  // 0: none is given.
  uint64_t unit = 0;
  int64_t fen = 0;
};

// `units` spreads the vouchers over as many times 240 lines.
Voucher VoucherOf(uint64_t number, uint64_t reports, uint64_t units = 1);

// "ledgers/1/departments/7/reports/2024".
std::string ReportName(uint64_t report);

v1::Event DepartmentEvent(uint64_t report);
v1::Event ReportEvent(uint64_t report);
v1::Event VoucherEvent(uint64_t number, uint64_t reports, uint64_t units);

// A correction is two events: what cancels voucher 0 as the correction before
// left it, and the voucher that replaces it, on another day.
v1::Event CancellingEvent(uint64_t correction);
v1::Event ReplacingEvent(uint64_t correction);

}  // namespace daybook::bench

#endif  // DAYBOOK_BENCH_VOUCHERS_H_
