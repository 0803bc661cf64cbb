// The mapping of the blank workbook of vouchers that `daybook template` writes.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_IMPORT_TEMPLATE_MAPPING_H_
#define DAYBOOK_CLIENTS_IMPORT_TEMPLATE_MAPPING_H_

#include "absl/status/statusor.h"
#include "daybook/internal/import_mapping.pb.h"

namespace daybook::importer {

// Made from the form of vouchers, so that what is offered is what is taken.
//
// Errors: none but faults of daybook.
absl::StatusOr<internal::VoucherMapping> TemplateVoucherMapping();

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_TEMPLATE_MAPPING_H_
