#include "clients/cli/verify_text.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/display_width.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace daybook::cli {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// What was looked at, and agreed where there are no findings.
std::string CheckedText(const VerifyReport& report) {
  std::string text = absl::StrCat(
      "checkpoint of ", report.size, " entries, origin ", report.origin,
      "\nroot ", report.root, "\nsigned by ",
      report.signer.empty() ? "nobody who is trusted" : report.signer, "\n");
  absl::StrAppend(&text, "read ", report.size - report.first_read,
                  " entries of ", report.bytes,
                  " bytes: hashed, compared with "
                  "all tiles and ",
                  report.checkpoints, " checkpoints\n");
  if (report.personal_checked > 0) {
    absl::StrAppend(&text, "personal data of ", report.personal_checked,
                    " entries agrees with its commitments\n");
  }
  if (report.has_server) {
    absl::StrAppend(
        &text, "derived ", report.reports, " reports: ", report.figures,
        " figures compared with the server's, on "
        "31 December and a day drawn with --seed=",
        report.seed, "\ncounted ", report.sources, " sources\nthe server read ",
        report.scrubbed_bytes, " bytes of its storage\n");
  }
  return text;
}

Value Text(const std::string& text) {
  Value value;
  value.set_string_value(text);
  return value;
}

// As text where a double could not hold it.
Value Number(uint64_t number) { return Text(absl::StrCat(number)); }

}  // namespace

std::string VerdictOf(const VerifyReport& report) {
  if (report.findings_count > 0) return "findings";
  return report.unknown.ok() ? "clean" : "could not tell";
}

std::string VerifyText(const VerifyReport& report) {
  std::string text = absl::StrCat(report.what, "\n");
  if (report.has_checkpoint) absl::StrAppend(&text, CheckedText(report));
  for (const std::string& limit : report.limits) {
    absl::StrAppend(&text, "not checked: ", limit, "\n");
  }
  for (const audit::Finding& finding : report.findings) {
    absl::StrAppend(&text, "finding: ", Printable(audit::FindingText(finding)),
                    "\n");
  }
  if (report.findings_count > report.findings.size()) {
    absl::StrAppend(&text, "and ",
                    report.findings_count - report.findings.size(),
                    " findings more\n");
  }
  if (!report.unknown.ok()) {
    absl::StrAppend(&text, "could not go on: ", report.unknown.message(), "\n");
  }
  absl::StrAppend(&text, VerdictOf(report), "\n");
  return text;
}

std::string VerifyJson(const VerifyReport& report) {
  Struct object;
  auto& fields = *object.mutable_fields();
  fields["verdict"] = Text(VerdictOf(report));
  fields["what"] = Text(report.what);
  if (report.has_checkpoint) {
    fields["origin"] = Text(report.origin);
    fields["size"] = Number(report.size);
    fields["root"] = Text(report.root);
    fields["signer"] = Text(report.signer);
    fields["first_read"] = Number(report.first_read);
    fields["bytes"] = Number(report.bytes);
    fields["checkpoints"] = Number(report.checkpoints);
    fields["personal_checked"] = Number(report.personal_checked);
  }
  if (report.has_server) {
    fields["reports"] = Number(report.reports);
    fields["figures"] = Number(report.figures);
    fields["sources"] = Number(report.sources);
    fields["scrubbed_bytes"] = Number(report.scrubbed_bytes);
    fields["seed"] = Number(report.seed);
  }
  auto& limits = *fields["not_checked"].mutable_list_value();
  for (const std::string& limit : report.limits) {
    *limits.add_values() = Text(limit);
  }
  fields["findings_count"] = Number(report.findings_count);
  auto& findings = *fields["findings"].mutable_list_value();
  for (const audit::Finding& finding : report.findings) {
    auto& row =
        *findings.add_values()->mutable_struct_value()->mutable_fields();
    if (finding.position.has_value())
      row["position"] = Number(*finding.position);
    if (!finding.place.empty()) row["place"] = Text(finding.place);
    row["field"] = Text(finding.field);
    row["found"] = Text(finding.found);
    row["expected"] = Text(finding.expected);
  }
  if (!report.unknown.ok()) {
    fields["could_not_tell"] = Text(std::string(report.unknown.message()));
  }
  std::string json;
  static_cast<void>(google::protobuf::util::MessageToJsonString(object, &json));
  return absl::StrCat(json, "\n");
}

}  // namespace daybook::cli
