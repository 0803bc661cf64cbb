// What a fuzzer does with bytes: each parser of texts that strangers send, and
// what must hold of whatever it takes.
//
// libFuzzer runs these on bytes that it makes up (scripts/fuzz), and an
// ordinary test on the files in tests/fuzz/corpus. A property that does not
// hold ends the process.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_FUZZ_PARSERS_H_
#define DAYBOOK_TESTS_FUZZ_PARSERS_H_

#include "absl/strings/string_view.h"

namespace daybook::fuzz {

// Each says whether the bytes were taken; then formatting gives them back,
// where there is a format.

// A signed note, and its signatures against keys.
bool TryNote(absl::string_view bytes);

// The text of a checkpoint.
bool TryCheckpoint(absl::string_view bytes);

// A policy file, which is not formatted again, and a checkpoint judged by it.
bool TryPolicy(absl::string_view bytes);

// The body of a request to a witness, and whether it would cosign.
bool TryAddCheckpoint(absl::string_view bytes);

// A proof file, and its proof against an entry.
bool TryProofFile(absl::string_view bytes);

// The personal data of an export, beside one bundle.
bool TryPersonalFile(absl::string_view bytes);

// What a verification leaves behind.
bool TryVerifiedState(absl::string_view bytes);

// A bundle of entries, each of which is looked at alone. One byte in front says
// how many there are, less one.
bool TryEntryBundle(absl::string_view bytes);

// A printed report: a page, a JSON file, a workbook.
bool TryReportHtml(absl::string_view bytes);
bool TryReportJson(absl::string_view bytes);
bool TryReportXlsx(absl::string_view bytes);

}  // namespace daybook::fuzz

#endif  // DAYBOOK_TESTS_FUZZ_PARSERS_H_
