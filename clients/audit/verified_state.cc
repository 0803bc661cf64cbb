#include "clients/audit/verified_state.h"

#include <array>
#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/budget/resource_name.h"
#include "core/checkpoint/base64.h"

namespace daybook::audit {
namespace {

constexpr absl::string_view first_line = "daybook-verified 1";

// Lines of "name value", in their order.
class Lines {
 public:
  explicit Lines(absl::string_view text) : lines_(absl::StrSplit(text, '\n')) {}

  // The value of the next line where it has this name.
  bool Take(absl::string_view name, absl::string_view& value) {
    if (next_ >= lines_.size()) return false;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(lines_[next_], absl::MaxSplits(' ', 1));
    if (parts.first != name) return false;
    value = parts.second;
    ++next_;
    return true;
  }

  template <typename Number>
  bool TakeNumber(absl::string_view name, Number& number) {
    absl::string_view value;
    return Take(name, value) && absl::SimpleAtoi(value, &number);
  }

  // A last newline is behind all lines.
  bool AtEnd() const {
    return next_ + 1 == lines_.size() && lines_[next_].empty();
  }

 private:
  std::vector<absl::string_view> lines_;
  size_t next_ = 0;
};

absl::Status NoState(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      "it is no state of a verification: ", what, "; verify once without it"));
}

absl::StatusOr<NamedKey> ParseKey(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(' ', 1));
  NamedKey named;
  const auto bytes = checkpoint::DecodeBase64(parts.second);
  if (!absl::SimpleAtoi(parts.first, &named.position) || !bytes.ok() ||
      bytes->size() != named.key.size()) {
    return NoState("a key is not what it should be");
  }
  std::memcpy(named.key.data(), bytes->data(), bytes->size());
  return named;
}

}  // namespace

absl::StatusOr<VerifiedState> ParseVerifiedState(absl::string_view text) {
  Lines lines(text);
  VerifiedState state;
  absl::string_view value;
  if (!lines.Take("daybook-verified", value) || value != "1") {
    return NoState("its first line is another");
  }
  if (!lines.Take("ledger", value)) return NoState("it names no ledger");
  state.ledger = std::string(value);
  if (!lines.Take("origin", value)) return NoState("it names no origin");
  state.origin = std::string(value);
  uint64_t size = 0;
  absl::string_view root_text;
  if (!lines.TakeNumber("size", size) || size == 0 ||
      !lines.Take("root", root_text) ||
      !lines.TakeNumber("recorded_time_us", state.recorded_time_us)) {
    return NoState("size, root or time is missing");
  }
  std::vector<merkle::Hash> peaks;
  while (lines.Take("peak", value)) {
    ASSIGN_OR_RETURN(const merkle::Hash peak,
                     checkpoint::DecodeBase64Hash(value));
    peaks.push_back(peak);
  }
  ASSIGN_OR_RETURN(
      state.tree, merkle::Frontier::FromPeaks(LogSize(size), std::move(peaks)));
  ASSIGN_OR_RETURN(const merkle::Hash root,
                   checkpoint::DecodeBase64Hash(root_text));
  if (state.tree.Root() != root) return NoState("its peaks have another root");
  while (lines.Take("key", value)) {
    ASSIGN_OR_RETURN(const NamedKey named, ParseKey(value));
    state.keys.push_back(named);
  }
  if (!lines.AtEnd()) return NoState("there is more in it");
  return state;
}

std::string FormatVerifiedState(const VerifiedState& state) {
  std::string text = absl::StrCat(
      first_line, "\nledger ", state.ledger, "\norigin ", state.origin,
      "\nsize ", state.tree.size().value(), "\nroot ",
      checkpoint::EncodeBase64(state.tree.Root().bytes()),
      "\nrecorded_time_us ", state.recorded_time_us, "\n");
  for (const merkle::Hash& peak : state.tree.peaks()) {
    absl::StrAppend(&text, "peak ", checkpoint::EncodeBase64(peak.bytes()),
                    "\n");
  }
  for (const NamedKey& named : state.keys) {
    const absl::string_view bytes(
        reinterpret_cast<const char*>(named.key.data()), named.key.size());
    absl::StrAppend(&text, "key ", named.position, " ",
                    checkpoint::EncodeBase64(bytes), "\n");
  }
  return text;
}

}  // namespace daybook::audit
