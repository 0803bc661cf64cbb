// Messages in protobuf's JSON mapping.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_CLIENTS_CLI_JSON_H_
#define DAYBOOK_CLIENTS_CLI_JSON_H_

#include <string>

#include "google/protobuf/message.h"

namespace daybook::cli {

// On one line; fields at their defaults are left out.
std::string ToJsonLine(const google::protobuf::Message& message);

// Indented, with all fields under their names in the protos, for reading.
std::string ToJsonText(const google::protobuf::Message& message);

}  // namespace daybook::cli

#endif  // DAYBOOK_CLIENTS_CLI_JSON_H_
