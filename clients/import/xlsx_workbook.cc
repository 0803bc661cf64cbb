#include "clients/import/xlsx_workbook.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/import/spreadsheet_values.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

constexpr size_t formats_max = 65'536;

bool IsTrue(absl::string_view value) { return value == "1" || value == "true"; }

// Targets of relationships, by id and by the last word of their type.
class RelationshipVisitor : public XmlVisitor {
 public:
  void Start(absl::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship") return;
    const absl::string_view type = attributes.Get("Type");
    const std::string target(attributes.Get("Target"));
    by_id[std::string(attributes.Get("Id"))] = target;
    by_type[std::string(type.substr(type.rfind('/') + 1))] = target;
  }

  std::map<std::string, std::string> by_id;
  std::map<std::string, std::string> by_type;
};

class WorkbookVisitor : public XmlVisitor {
 public:
  explicit WorkbookVisitor(const TableLimits& limits) : limits_(limits) {}

  void Start(absl::string_view name, const XmlAttributes& attributes) override {
    if (name == "workbookPr") {
      system_1904 = IsTrue(attributes.Get("date1904"));
    }
    if (name != "sheet") return;
    if (sheets.size() == limits_.sheets_max) {
      Fail(absl::OutOfRangeError(absl::StrCat("the workbook has over ",
                                              limits_.sheets_max, " sheets")));
      return;
    }
    const absl::string_view state = attributes.Get("state");
    sheets.push_back({std::string(attributes.Get("name")),
                      state == "hidden" || state == "veryHidden"});
    ids.emplace_back(attributes.Get("id"));
  }

  std::vector<Sheet> sheets;
  std::vector<std::string> ids;
  bool system_1904 = false;

 private:
  const TableLimits& limits_;
};

class StylesVisitor : public XmlVisitor {
 public:
  void Start(absl::string_view name, const XmlAttributes& attributes) override {
    int number = 0;
    if (name == "numFmt") {
      if (absl::SimpleAtoi(attributes.Get("numFmtId"), &number) &&
          IsDateFormat(attributes.Get("formatCode"))) {
        dates_.insert(number);
      }
    } else if (name == "cellXfs") {
      in_cell_formats_ = true;
    } else if (name == "xf" && in_cell_formats_) {
      if (date_formats.size() == formats_max) {
        Fail(absl::OutOfRangeError(absl::StrCat("the workbook has over ",
                                                formats_max, " cell formats")));
        return;
      }
      const bool known = absl::SimpleAtoi(attributes.Get("numFmtId"), &number);
      date_formats.push_back(
          known && (IsBuiltInDateFormat(number) || dates_.contains(number)));
    }
  }
  void End(absl::string_view name) override {
    if (name == "cellXfs") in_cell_formats_ = false;
  }

  std::vector<bool> date_formats;

 private:
  bool in_cell_formats_ = false;
  std::set<int> dates_;
};

class TextsVisitor : public XmlVisitor {
 public:
  TextsVisitor(const TableLimits& limits, SharedTexts& texts)
      : limits_(limits), texts_(texts) {}

  void Start(absl::string_view name, const XmlAttributes&) override {
    if (name == "si") text_.clear();
    if (name == "rPh") ++phonetic_;
    in_text_ = name == "t" && phonetic_ == 0;
  }
  void End(absl::string_view name) override {
    in_text_ = false;
    if (name == "rPh") --phonetic_;
    if (name != "si") return;
    texts_.Add(UnescapeXlsxText(text_));
    if (texts_.memory() > limits_.shared_text_bytes_max) {
      Fail(absl::OutOfRangeError(absl::StrCat(
          "the workbook's texts are over ", limits_.shared_text_bytes_max,
          " bytes; split the workbook, or save it as CSV")));
    }
  }
  void Text(absl::string_view text) override {
    if (!in_text_) return;
    text_.append(text.data(), text.size());
    if (text_.size() > limits_.cell_bytes_max) {
      Fail(absl::OutOfRangeError(
          absl::StrCat("a text of the workbook has over ",
                       limits_.cell_bytes_max, " bytes")));
    }
  }

 private:
  const TableLimits& limits_;
  SharedTexts& texts_;
  std::string text_;
  bool in_text_ = false;
  // Depth of pronunciation marks, which are no part of the text.
  int phonetic_ = 0;
};

// `target`, as the part `base` names it, as a name in the container.
std::string Resolve(absl::string_view base, absl::string_view target) {
  if (absl::ConsumePrefix(&target, "/")) return std::string(target);
  std::vector<std::string> parts = absl::StrSplit(
      base.substr(0, base.rfind('/') + 1), '/', absl::SkipEmpty());
  for (const absl::string_view part : absl::StrSplit(target, '/')) {
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (part != ".") {
      parts.emplace_back(part);
    }
  }
  std::string name;
  for (const std::string& part : parts) {
    absl::StrAppend(&name, name.empty() ? "" : "/", part);
  }
  return name;
}

std::string RelationshipsOf(absl::string_view part) {
  const size_t slash = part.rfind('/');
  const size_t begin = slash == absl::string_view::npos ? 0 : slash + 1;
  return absl::StrCat(part.substr(0, begin), "_rels/", part.substr(begin),
                      ".rels");
}

}  // namespace

std::string UnescapeXlsxText(absl::string_view text) {
  std::string plain;
  while (!text.empty()) {
    uint32_t code = 0;
    if (text.size() >= 7 && absl::StartsWith(text, "_x") && text[6] == '_' &&
        absl::SimpleHexAtoi(text.substr(2, 4), &code) && code < 0x80) {
      plain.push_back(static_cast<char>(code));
      text.remove_prefix(7);
      continue;
    }
    plain.push_back(text.front());
    text.remove_prefix(1);
  }
  return plain;
}

absl::StatusOr<XlsxWorkbook> ReadXlsxWorkbook(XlsxContainer& container,
                                              const TableLimits& limits) {
  RelationshipVisitor package;
  RETURN_IF_ERROR(container.Parse("_rels/.rels", package));
  const std::string part = Resolve("", package.by_type["officeDocument"]);
  RelationshipVisitor relationships;
  RETURN_IF_ERROR(container.Parse(RelationshipsOf(part), relationships));
  WorkbookVisitor visitor(limits);
  RETURN_IF_ERROR(container.Parse(part, visitor));

  XlsxWorkbook workbook;
  workbook.system_1904 = visitor.system_1904;
  for (size_t i = 0; i < visitor.sheets.size(); ++i) {
    const std::string sheet_part =
        Resolve(part, relationships.by_id[visitor.ids[i]]);
    // A chart is a sheet too, and no table.
    if (!absl::StrContains(sheet_part, "worksheets/")) continue;
    workbook.sheets.push_back(std::move(visitor.sheets[i]));
    workbook.parts.push_back(sheet_part);
  }
  const std::string& styles = relationships.by_type["styles"];
  if (!styles.empty()) {
    StylesVisitor formats;
    RETURN_IF_ERROR(container.Parse(Resolve(part, styles), formats));
    workbook.date_formats = std::move(formats.date_formats);
  }
  const std::string& texts = relationships.by_type["sharedStrings"];
  if (!texts.empty()) {
    TextsVisitor reader(limits, workbook.texts);
    RETURN_IF_ERROR(container.Parse(Resolve(part, texts), reader));
  }
  return workbook;
}

}  // namespace daybook::importer
