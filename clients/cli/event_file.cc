#include "clients/cli/event_file.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "google/protobuf/util/json_util.h"

namespace daybook::cli {
namespace {

constexpr int problems_shown_max = 16;

// "(path): invalid value V for type T", as protobuf's JSON parser says it.
struct ParserMessage {
  absl::string_view field;
  absl::string_view value;
  absl::string_view type;
};

std::optional<ParserMessage> Dissect(absl::string_view message) {
  constexpr absl::string_view middle = "): invalid value ";
  constexpr absl::string_view before_type = " for type ";
  const size_t value = message.find(middle);
  const size_t type = message.rfind(before_type);
  if (!absl::StartsWith(message, "(") || value == absl::string_view::npos ||
      type == absl::string_view::npos || type < value) {
    return std::nullopt;
  }
  const size_t value_begin = value + middle.size();
  return ParserMessage{message.substr(1, value - 1),
                       message.substr(value_begin, type - value_begin),
                       message.substr(type + before_type.size())};
}

// What to do about a value that does not fit its field.
std::string RemedyFor(const ParserMessage& message) {
  if (absl::EndsWith(message.field, "_fen")) {
    return "it is no whole number of fen that fits into 63 bits; fen are 1/100 "
           "yuan: write 201.50 yuan as \"20150\", 201.50 万元 as \"201500000\"";
  }
  if (absl::EndsWith(message.field, ".unscaled") ||
      absl::EndsWith(message.field, ".scale") ||
      absl::EndsWith(message.type, "daybook.v1.Decimal")) {
    return "it is no decimal; write 341.5 as {\"unscaled\": \"3415\", "
           "\"scale\": 1}";
  }
  if (absl::EndsWith(message.type, "daybook.v1.Date")) {
    return "it is no date; write {\"year\": 2024, \"month\": 6, \"day\": 30}";
  }
  if (absl::StrContains(message.type, "INT")) {
    return "it is no whole number that fits the field";
  }
  return absl::StrCat("it is no ", message.type,
                      "; see the field's comment in proto/daybook/v1");
}

absl::Status Explain(absl::string_view message) {
  const std::optional<ParserMessage> parts = Dissect(message);
  if (parts.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(parts->field, ": ",
                                                   parts->value.substr(0, 128),
                                                   ": ", RemedyFor(*parts)));
  }
  if (absl::StrContains(message, "Cannot find field")) {
    return absl::InvalidArgumentError(
        absl::StrCat(message.substr(0, 256),
                     " Leave the field out, or correct its name: "
                     "proto/daybook/v1 lists the fields"));
  }
  // The parser adds the line and a pointer below it.
  return absl::InvalidArgumentError(absl::StrCat(
      "this is no EventInput in JSON: ",
      message.substr(0, std::min<size_t>(message.find('\n'), 256))));
}

// A file without a name, gone when it is closed.
absl::StatusOr<std::fstream> TemporaryFile() {
  std::error_code error;
  std::string path =
      (std::filesystem::temp_directory_path(error) / "daybook-XXXXXX").string();
  const int descriptor = error ? -1 : mkstemp(path.data());
  if (descriptor < 0) {
    return absl::FailedPreconditionError(
        "cannot create a temporary file; set TMPDIR");
  }
  close(descriptor);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::filesystem::remove(path, error);
  if (!file.good()) {
    return absl::FailedPreconditionError(
        "cannot open a temporary file; set TMPDIR");
  }
  return file;
}

absl::StatusOr<std::fstream> Spool(const std::string& name, std::istream& in) {
  ASSIGN_OR_RETURN(std::fstream file, TemporaryFile());
  std::string buffer(size_t{1} << 16, '\0');
  uint64_t bytes = 0;
  while (in.good()) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    bytes += static_cast<uint64_t>(in.gcount());
    if (bytes > EventFile::spooled_bytes_max) {
      return absl::OutOfRangeError(absl::StrCat(
          name, " is over 1 GiB; append it in parts, or from a file"));
    }
    file.write(buffer.data(), in.gcount());
  }
  if (in.bad()) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ": cannot be read to its end"));
  }
  if (!file.flush()) {
    return absl::FailedPreconditionError(
        "cannot write a temporary file; set TMPDIR to where there is room");
  }
  return file;
}

}  // namespace

absl::StatusOr<v1::EventInput> ParseEventLine(const std::string& line) {
  if (line.size() > EventFile::line_bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("the line is longer than ", EventFile::line_bytes_max,
                     " bytes; no event is, so a line end is missing, or longer "
                     "text must be split"));
  }
  v1::EventInput input;
  const auto status = google::protobuf::util::JsonStringToMessage(line, &input);
  if (status.ok()) return input;
  return Explain(std::string(status.message()));
}

absl::StatusOr<EventFile> EventFile::Open(const std::string& path,
                                          std::istream& in) {
  if (path == "-") {
    ASSIGN_OR_RETURN(std::fstream file, Spool("standard input", in));
    return EventFile("standard input", std::move(file));
  }
  std::error_code error;
  const std::filesystem::file_status status =
      std::filesystem::status(path, error);
  if (!std::filesystem::exists(status) ||
      std::filesystem::is_directory(status)) {
    return absl::NotFoundError(
        absl::StrCat(path,
                     ": there is no such file; name one of JSON lines, "
                     "or - for standard input"));
  }
  std::fstream file(path, std::ios::in | std::ios::binary);
  if (!file.good()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": cannot be read"));
  }
  if (!std::filesystem::is_regular_file(status)) {
    ASSIGN_OR_RETURN(file, Spool(path, file));
  }
  return EventFile(path, std::move(file));
}

EventFile::EventFile(std::string name, std::fstream file)
    : name_(std::move(name)),
      file_(std::move(file)),
      // A byte more than fits shows that a line is too long, and one ends it.
      buffer_(line_bytes_max + 2, '\0') {}

bool EventFile::ReadLine(std::string& line) {
  file_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  const auto bytes = static_cast<size_t>(file_.gcount());
  if (file_.bad() || bytes == 0) return false;
  const bool has_end = !file_.fail() && !file_.eof();
  line.assign(buffer_.data(), has_end ? bytes - 1 : bytes);
  if (file_.fail() && !file_.eof()) {
    file_.clear();
    file_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return true;
}

absl::Status EventFile::ForEachLine(
    absl::FunctionRef<absl::Status(int64_t, const std::string&)> visit) {
  int64_t number = 0;
  std::string line;
  file_.clear();
  file_.seekg(0);
  while (ReadLine(line)) {
    ++number;
    // A line that was cut may hold something behind its blanks.
    if (line.size() <= line_bytes_max &&
        absl::StripAsciiWhitespace(line).empty()) {
      continue;
    }
    RETURN_IF_ERROR(visit(number, line));
  }
  if (!file_.bad()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(At(number), ": the file cannot be read any further"));
}

std::string EventFile::At(int64_t line) const {
  return absl::StrCat(name_, ":", line);
}

absl::Status EventFile::CheckLedger(const v1::EventInput& input) {
  const absl::StatusOr<ResourceName> subject =
      ResourceName::Parse(input.event().subject());
  if (!subject.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("event.subject: ", subject.status().message()));
  }
  if (ledger_.empty()) ledger_ = subject->LedgerString();
  if (ledger_ == subject->LedgerString()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "event.subject: ", input.event().subject(), " is of another ledger than ",
      ledger_, ", which the file began with; use one file for each ledger"));
}

absl::StatusOr<int64_t> EventFile::Check(std::ostream& err) {
  int64_t events = 0;
  int64_t problems = 0;
  RETURN_IF_ERROR(ForEachLine([&](int64_t number, const std::string& line) {
    const absl::StatusOr<v1::EventInput> input = ParseEventLine(line);
    const absl::Status status =
        input.ok() ? CheckLedger(*input) : input.status();
    ++events;
    if (!status.ok() && ++problems <= problems_shown_max) {
      err << At(number) << ": " << status.message() << "\n";
    }
    return absl::OkStatus();
  }));
  if (problems > problems_shown_max) {
    err << "and " << problems - problems_shown_max << " more\n";
  }
  if (problems > 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        problems, " of ", events, " lines are wrong; nothing was sent"));
  }
  if (events == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ": there are no events in it"));
  }
  return events;
}

absl::Status EventFile::ForEach(
    absl::FunctionRef<absl::Status(EventLine)> visit) {
  return ForEachLine(
      [&](int64_t number, const std::string& line) -> absl::Status {
        ASSIGN_OR_RETURN(v1::EventInput input, ParseEventLine(line));
        return visit({number, std::move(input)});
      });
}

}  // namespace daybook::cli
