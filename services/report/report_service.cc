#include "services/report/report_service.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "core/base/status_macros.h"
#include "core/budget/fiscal_date.h"
#include "core/budget/resource_name.h"
#include "core/report/report_view.h"
#include "services/grpc/authorize.h"
#include "services/grpc/grpc_status.h"
#include "services/grpc/page_token.h"
#include "services/grpc/request_check.h"

namespace daybook::services {
namespace {

struct ReportQuestion {
  ResourceName name;
  absl::CivilDay as_of;
};

struct ListQuestion {
  ResourceName parent;
  // Absent: each report's own default.
  std::optional<absl::CivilDay> as_of;
  size_t page_size = 0;
  // What must be the same for all pages.
  std::string identity;
  // Name of the last report of the page before; empty for the first page.
  std::string after;
};

absl::StatusOr<ReportQuestion> ParseGet(const v1::GetReportRequest& request,
                                        absl::Time now) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ReportQuestion question;
  const auto name =
      ResourceName::Parse(request.name(), ResourceName::Kind::kReport);
  if (!name.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("name: ", name.status().message()));
  }
  question.name = *name;
  ASSIGN_OR_RETURN(
      question.as_of,
      ResolveAsOf(name->fiscal_year(),
                  request.has_as_of() ? &request.as_of() : nullptr, now));
  return question;
}

absl::StatusOr<ListQuestion> ParseList(const v1::ListReportsRequest& request) {
  RETURN_IF_ERROR(CheckKnownFields(request));
  ListQuestion question;
  const auto parent = ResourceName::Parse(request.parent());
  if (!parent.ok() || parent->kind() == ResourceName::Kind::kReport) {
    return absl::InvalidArgumentError(absl::StrCat(
        "parent: ",
        parent.ok() ? "a report holds no reports; name its department or ledger"
                    : parent.status().message()));
  }
  question.parent = *parent;
  question.identity = absl::StrCat("ListReports ", parent->ToString());
  if (request.has_as_of()) {
    const absl::StatusOr<absl::CivilDay> day = ToCivilDay(request.as_of());
    if (!day.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("as_of: ", day.status().message()));
    }
    question.as_of = *day;
    absl::StrAppend(&question.identity, " ", FormatDay(*day));
  }
  ASSIGN_OR_RETURN(question.page_size, ParsePageSize(request.page_size()));
  ASSIGN_OR_RETURN(question.after,
                   ParsePageToken(question.identity, request.page_token()));
  return question;
}

absl::Status NoSuchDepartment(const ResourceName& name) {
  return absl::NotFoundError(
      absl::StrCat("there is no department ", name.DepartmentString(),
                   "; record a department_registered event for it first"));
}

absl::Status CheckExists(const LedgerState& ledger, const ResourceName& name) {
  if (name.kind() == ResourceName::Kind::kLedger) return absl::OkStatus();
  if (ledger.FindDepartment(name.DepartmentString()) == nullptr) {
    return NoSuchDepartment(name);
  }
  if (name.kind() == ResourceName::Kind::kReport &&
      ledger.FindReport(name.ToString()) == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("there is no report ", name.ToString(),
                     "; record a report_opened event for it first"));
  }
  return absl::OkStatus();
}

// Fills in one page.
absl::Status FillPage(const LedgerState& ledger, const ListQuestion& question,
                      absl::Time now, v1::ListReportsResponse& page) {
  RETURN_IF_ERROR(CheckExists(ledger, question.parent));
  const std::string prefix = absl::StrCat(question.parent.ToString(), "/");
  page.set_size(ledger.size().value());
  const std::string& after = question.after.empty() ? prefix : question.after;
  for (auto it = ledger.reports().upper_bound(after);
       it != ledger.reports().end() && absl::StartsWith(it->first, prefix);
       ++it) {
    const int year = it->second.name().fiscal_year();
    if (question.as_of && question.as_of->year() != year) continue;
    if (static_cast<size_t>(page.reports_size()) == question.page_size) {
      page.set_next_page_token(
          MakePageToken(question.identity, page.reports().rbegin()->name()));
      break;
    }
    *page.add_reports() = BuildSummary(
        ledger, it->second, question.as_of.value_or(DefaultAsOf(year, now)));
  }
  return absl::OkStatus();
}

}  // namespace

grpc::Status ReportService::GetReport(grpc::ServerContext* context,
                                      const v1::GetReportRequest* request,
                                      v1::Report* response) {
  const absl::StatusOr<Principal> reader = Authorize(*context);
  if (!reader.ok()) return ToGrpcStatus(reader.status());

  const absl::StatusOr<ReportQuestion> question =
      ParseGet(*request, clock_.Now());
  if (!question.ok()) return ToGrpcStatus(question.status());

  const absl::StatusOr<LedgerEngine*> engine =
      ledgers_.Find(question->name.ledger());
  if (!engine.ok()) return ToGrpcStatus(engine.status());

  absl::Status found;
  (*engine)->WithState([&](const LedgerState& ledger) {
    found = CheckExists(ledger, question->name);
    if (!found.ok()) return;
    *response = BuildReport(
        ledger, *ledger.FindReport(question->name.ToString()), question->as_of);
  });
  return ToGrpcStatus(found);
}

grpc::Status ReportService::ListReports(grpc::ServerContext* context,
                                        const v1::ListReportsRequest* request,
                                        v1::ListReportsResponse* response) {
  const absl::StatusOr<Principal> reader = Authorize(*context);
  if (!reader.ok()) return ToGrpcStatus(reader.status());

  const absl::StatusOr<ListQuestion> question = ParseList(*request);
  if (!question.ok()) return ToGrpcStatus(question.status());

  const absl::StatusOr<LedgerEngine*> engine =
      ledgers_.Find(question->parent.ledger());
  if (!engine.ok()) return ToGrpcStatus(engine.status());

  absl::Status filled;
  (*engine)->WithState([&](const LedgerState& ledger) {
    filled = FillPage(ledger, *question, clock_.Now(), *response);
  });
  return ToGrpcStatus(filled);
}

}  // namespace daybook::services
