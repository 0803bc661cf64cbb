// Invented names and texts of Chinese vouchers: nobody is meant.
//
// Thread safety: pure functions of a Luck.

#ifndef DAYBOOK_TESTS_SUPPORT_LOAD_NAMES_H_
#define DAYBOOK_TESTS_SUPPORT_LOAD_NAMES_H_

#include <cstdint>
#include <string>

#include "tests/support/luck.h"

namespace daybook::testing {

// "刘建国".
std::string PersonName(Luck& luck);

// "株洲市恒达办公设备有限公司".
std::string CompanyName(Luck& luck);

// "市教育局": different for each number below 1,600.
std::string InventedDepartment(uint32_t number);

// "支付3月办公用品款（合同2024-0123）"; of salaries "发放3月基本工资".
std::string Summary(Luck& luck, int month, bool salary);

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_SUPPORT_LOAD_NAMES_H_
