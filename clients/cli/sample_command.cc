#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/command_parts.h"
#include "clients/cli/commands.h"
#include "clients/cli/coordinates_text.h"
#include "clients/cli/event_rows_text.h"
#include "clients/cli/sample_sheet.h"
#include "clients/cli/voucher_sample.h"
#include "clients/cpp/client.h"
#include "clients/cpp/explanation_check.h"
#include "core/base/status_macros.h"
#include "core/budget/money.h"
#include "core/report/figure_text.h"

namespace daybook::cli {
namespace {

constexpr uint64_t sample_size_max = 10'000;
constexpr int page_events = 1'000;

// The vouchers behind a figure, and where it was asked.
struct Population {
  v1::ExplainFigureResponse head;
  // By position, each once.
  std::vector<v1::EventRow> rows;
  std::vector<SampledItem> items;
};

uint64_t Magnitude(int64_t fen) {
  return fen < 0 ? uint64_t{0} - static_cast<uint64_t>(fen)
                 : static_cast<uint64_t>(fen);
}

// What was cancelled, and what cancels it, is not there any more.
bool Stands(const v1::EventRow& row) {
  return !row.has_cancels() && !row.has_cancelled_by();
}

absl::StatusOr<Population> ReadPopulation(const CommandLine& line) {
  v1::ExplainFigureRequest request;
  *request.mutable_coordinates() = CoordinatesOf(line);
  request.set_figure(line.argument(1));
  request.set_page_size(page_events);
  Population population;
  client::ExplanationCheck check;
  client::Client client(line.server());
  RETURN_IF_ERROR(client.ExplainFigurePages(
      request, [&](const v1::ExplainFigureResponse& page) -> absl::Status {
        RETURN_IF_ERROR(check.Add(page));
        if (!population.head.has_coordinates()) {
          population.head = page;
          population.head.clear_events();
        }
        for (const v1::EventRow& row : page.events()) {
          const bool again =
              !population.rows.empty() &&
              population.rows.back().position() == row.position();
          if (again || !Stands(row)) continue;
          population.rows.push_back(row);
          population.items.push_back(
              {row.position(), Magnitude(row.amount_fen())});
        }
        return absl::OkStatus();
      }));
  if (!population.rows.empty()) return population;
  return absl::FailedPreconditionError(
      absl::StrCat(line.argument(1),
                   " has no voucher that stands; report "
                   "explain shows what is behind it"));
}

void AddFacts(const CommandLine& line, const Population& population,
              SampleSheet& sheet) {
  const v1::ResolvedCoordinates& coordinates = population.head.coordinates();
  const v1::Figure& figure = population.head.explanation().figure();
  const auto add = [&](const char* name, std::string value) {
    sheet.facts.emplace_back(name, std::move(value));
  };
  add("报告", coordinates.name());
  add("坐标", CoordinatesText(coordinates));
  add("数据项",
      absl::StrCat(figure.label(), "（", figure.path(), "） ",
                   FormatFigureValue(figure.value()), " ", figure.unit()));
  uint64_t total = 0;
  for (const SampledItem& item : population.items) total += item.fen;
  add("总体", absl::StrCat(population.items.size(), " 笔，绝对金额合计 ",
                           FormatYuan(Money(static_cast<int64_t>(total))),
                           " 元（已冲销的不在内）"));
  add("随机种子", line.Text("seed"));
  add("抽样数", line.Text("size"));
}

absl::StatusOr<SampleSheet> Draw(const CommandLine& line,
                                 const Population& population) {
  SampleSheet sheet;
  AddFacts(line, population, sheet);
  const auto size = static_cast<size_t>(*line.Number("size"));
  std::vector<DrawnItem> drawn;
  if (line.Text("method", "random") == "random") {
    drawn = DrawRandom(population.items, size, line.Text("seed"));
    sheet.facts.emplace_back(
        "方法", "random：按 SHA-256(种子 空格 账本位置) 由小到大取");
  } else {
    ASSIGN_OR_RETURN(MonetaryUnitSample sample,
                     DrawByAmount(population.items, size, line.Text("seed")));
    sheet.facts.emplace_back(
        "方法", absl::StrCat("amount：货币单位抽样，间隔 ", sample.interval_fen,
                             " 分，起点 ", sample.start_fen, " 分"));
    drawn = std::move(sample.drawn);
  }
  for (const DrawnItem& item : drawn) {
    const v1::EventRow& row = population.rows[item.place];
    sheet.rows.push_back({row.position(), DayText(row.effective_date()),
                          row.document_number(), KindText(row.kind()),
                          absl::StrCat(row.source(), "/", row.event_id()),
                          row.amount_fen(), item.hits});
  }
  return sheet;
}

absl::Status WriteCsv(const SampleSheet& sheet, const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return absl::AlreadyExistsError(absl::StrCat(
        path, ": exists, and may hold findings; name another with --output"));
  }
  std::ofstream file(path, std::ios::binary);
  file << SampleCsv(sheet);
  file.close();
  return file.good() ? absl::OkStatus()
                     : absl::FailedPreconditionError(
                           absl::StrCat(path, ": can not be written"));
}

bool IsWorkbook(const std::string& path) {
  return absl::EndsWithIgnoreCase(path, ".xlsx");
}

absl::Status Check(const CommandLine& line) {
  if (line.Text("seed").size() > seed_bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("--seed has ", line.Text("seed").size(),
                     " bytes; give at most ", seed_bytes_max));
  }
  const std::string path = line.Text("output");
  if (path.empty() || IsWorkbook(path) ||
      absl::EndsWithIgnoreCase(path, ".csv")) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--output=", path, ": name a file that ends in .xlsx or .csv"));
}

absl::Status Sample(const CommandLine& line, Streams& streams) {
  ASSIGN_OR_RETURN(const Population population, ReadPopulation(line));
  ASSIGN_OR_RETURN(const SampleSheet sheet, Draw(line, population));
  const std::string path = line.Text("output");
  if (path.empty()) {
    streams.out << SampleText(sheet);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(IsWorkbook(path) ? WriteSampleWorkbook(sheet, path)
                                   : WriteCsv(sheet, path));
  streams.err << "已写入 " << path << "：" << sheet.rows.size() << " 笔\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> SampleCommands() {
  return {
      {"audit sample",
       "REPORT FIGURE",
       "Draws a sample of the vouchers behind a figure, that can be drawn "
       "again.",
       {{.name = "size",
         .kind = Flag::Kind::kNumber,
         .value = "N",
         .help = "how many vouchers",
         .required = true,
         .number_min = 1,
         .number_max = sample_size_max},
        {.name = "seed",
         .value = "TEXT",
         .help = "what the drawing follows from; note it, and choose it before "
                 "you see the vouchers",
         .required = true},
        {"method",
         Flag::Kind::kChoice,
         "",
         "each with the same chance, or by amount (monetary units)",
         {"random", "amount"}},
        AsOfFlag(),
        KnownAtFlag(),
        MinSizeFlag(),
        {.name = "output",
         .value = "FILE.xlsx|FILE.csv",
         .help = "write a sheet with empty columns for the findings"}},
       2,
       Sample,
       0,
       Check},
  };
}

}  // namespace daybook::cli
