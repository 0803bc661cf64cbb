// PlacedPosting: a posting with the subject and the buckets that it belongs to.
//
// Thread safety: a value type.

#ifndef DAYBOOK_SERVICES_ENGINE_PLACED_POSTING_H_
#define DAYBOOK_SERVICES_ENGINE_PLACED_POSTING_H_

#include "absl/strings/string_view.h"
#include "core/admission/admission.h"
#include "core/report/posting.h"

namespace daybook::services {

struct PlacedPosting {
  // Name of the report or department; its entry's.
  absl::string_view subject;
  Posting posting;
  // One for each of the posting's rows of money.
  PlacedBuckets buckets;
};

}  // namespace daybook::services

#endif  // DAYBOOK_SERVICES_ENGINE_PLACED_POSTING_H_
