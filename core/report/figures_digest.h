// FiguresDigest: a report in one spelling, and its SHA-256, so that a printed
// report can be held against the log.
//
// All that a reader of a report can see is in it: the coordinates, every figure
// with label and unit, the score sheet, the text, projects and publications. So
// whoever changes a word of the print changes the digest. It does not depend on
// how protobuf serialises, nor on the unit that money is printed in.
//
// The evidence itself is no part of it: origin and root are held against the
// log, and the digest can not hold itself.
//
// Thread safety: pure functions.
//
// Bytes: docs/formats/report_digest.md.

#ifndef DAYBOOK_CORE_REPORT_FIGURES_DIGEST_H_
#define DAYBOOK_CORE_REPORT_FIGURES_DIGEST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daybook/v1/report_service.pb.h"

namespace daybook {

// One line of the canonical form: what it is about, such as `figure`, and its
// fields, not yet escaped.
using CanonicalLine = std::vector<std::string>;

// The lines of a report, in their order. A report that strangers wrote has
// lines too, whatever is in it.
std::vector<CanonicalLine> CanonicalLines(const v1::Report& report);

// The canonical form: the lines as bytes.
std::string CanonicalForm(const v1::Report& report);

// SHA-256 of the canonical form, 32 bytes.
std::string FiguresDigest(const v1::Report& report);

}  // namespace daybook

#endif  // DAYBOOK_CORE_REPORT_FIGURES_DIGEST_H_
