#include "clients/cli/command_parts.h"

#include <utility>

#include "core/budget/fiscal_date.h"

namespace daybook::cli {

Flag AsOfFlag() {
  return {"as-of", Flag::Kind::kDate, "DATE",
          "facts dated on or before it count; else the earlier of "
          "today and 31 December"};
}

Flag KnownAtFlag() {
  return {"known-at", Flag::Kind::kKnownAt, "TIME|SIZE",
          "as known at a size of the ledger, at the end of a day "
          "or at a time; else now"};
}

Flag MinSizeFlag() {
  return {"min-size", Flag::Kind::kNumber, "SIZE",
          "wait until the ledger has so many entries, such as those that were "
          "just appended"};
}

Flag ToAsOfFlag() {
  return {"to-as-of", Flag::Kind::kDate, "DATE",
          "day of the second side; else that of the first"};
}

Flag ToKnownAtFlag() {
  return {"to-known-at", Flag::Kind::kKnownAt, "TIME|SIZE",
          "when the second side was known; else now"};
}

Flag UnitFlag() {
  return {"unit",
          Flag::Kind::kChoice,
          "",
          "print money in 万元 (unless said otherwise) or 元",
          {"wan", "yuan"}};
}

Flag FormatFlag(std::vector<std::string> choices) {
  return {"format", Flag::Kind::kChoice, "", "how to print",
          std::move(choices)};
}

MoneyUnit UnitOf(const CommandLine& line) {
  return line.Text("unit", "wan") == "yuan" ? MoneyUnit::kYuan
                                            : MoneyUnit::kWanYuan;
}

v1::Coordinates CoordinatesOf(const CommandLine& line) {
  v1::Coordinates coordinates;
  coordinates.set_name(line.argument(0));
  if (const auto as_of = line.Date("as-of")) {
    *coordinates.mutable_as_of() = ToDate(*as_of);
  }
  if (const auto known_at = line.KnownAt("known-at")) {
    *coordinates.mutable_known_at() = *known_at;
  }
  coordinates.set_min_size(line.Number("min-size").value_or(0));
  return coordinates;
}

v1::Coordinates SecondCoordinatesOf(const CommandLine& line,
                                    const std::string& name,
                                    const v1::Date* as_of) {
  v1::Coordinates second;
  second.set_name(name);
  if (const auto to_as_of = line.Date("to-as-of")) {
    *second.mutable_as_of() = ToDate(*to_as_of);
  } else if (as_of != nullptr) {
    *second.mutable_as_of() = *as_of;
  }
  if (const auto known_at = line.KnownAt("to-known-at")) {
    *second.mutable_known_at() = *known_at;
  }
  return second;
}

absl::Status CheckWritten(const Streams& streams) {
  if (streams.out.good()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "standard output can not be written; what it took is incomplete");
}

}  // namespace daybook::cli
