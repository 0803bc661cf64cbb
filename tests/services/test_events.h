// Events for tests: a department with one opened report, and money spent.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_SERVICES_TEST_EVENTS_H_
#define DAYBOOK_TESTS_SERVICES_TEST_EVENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daybook/v1/event.pb.h"

namespace daybook::services {

inline constexpr char kLedgerId[] = "430203";
inline constexpr char kLedger[] = "ledgers/430203";
inline constexpr char kDepartment[] = "ledgers/430203/departments/115001";
inline constexpr char kReport[] =
    "ledgers/430203/departments/115001/reports/2024";
inline constexpr char kReport2023[] =
    "ledgers/430203/departments/115001/reports/2023";
inline constexpr char kSource[] = "book";

using Inputs = std::vector<v1::EventInput>;

v1::EventInput DepartmentRegistered(const std::string& event_id);

v1::EventInput ReportOpened(const std::string& event_id,
                            const std::string& report = kReport);

// `day` as in "2024-03-15"; the report is that of its year.
v1::EventInput Approved(const std::string& event_id, const std::string& day,
                        int64_t fen);
v1::EventInput Spent(const std::string& event_id, const std::string& day,
                     int64_t fen);

// Cancels an event of the same source, on 31 December 2024.
v1::EventInput Reversed(const std::string& event_id, const std::string& target);

// Erases the personal data of an event of the same source, about kReport.
v1::EventInput Erased(const std::string& event_id, const std::string& target);

v1::EventInput WithPayee(v1::EventInput input, const std::string& payee);

// What every report needs first: "department" and "report".
Inputs Opening();

}  // namespace daybook::services

#endif  // DAYBOOK_TESTS_SERVICES_TEST_EVENTS_H_
