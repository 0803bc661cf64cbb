// Messages written as text, for tests that need many of them.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_CLIENTS_TEXT_PROTO_H_
#define DAYBOOK_TESTS_CLIENTS_TEXT_PROTO_H_

#include <string>

#include "core/base/check.h"
#include "google/protobuf/text_format.h"

namespace daybook::testing {

// `text` is protobuf's text format; a mistake in it stops the test.
template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  DAYBOOK_CHECK(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CLIENTS_TEXT_PROTO_H_
