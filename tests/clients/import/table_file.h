// Tables for tests: CSV files, and workbooks written cell by cell or as raw
// XML.
//
// Thread safety: pure functions.

#ifndef DAYBOOK_TESTS_CLIENTS_IMPORT_TABLE_FILE_H_
#define DAYBOOK_TESTS_CLIENTS_IMPORT_TABLE_FILE_H_

#include <zip.h>

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/import/table_reader.h"
#include "core/base/check.h"

namespace daybook::testing {

inline void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// A ZIP file of these parts.
inline void WriteZip(const std::string& path,
                     const std::map<std::string, std::string>& parts) {
  int error = 0;
  zip_t* const archive =
      zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  DAYBOOK_CHECK(archive != nullptr);
  for (const auto& [name, text] : parts) {
    zip_source_t* const source =
        zip_source_buffer(archive, text.data(), text.size(), 0);
    DAYBOOK_CHECK(zip_file_add(archive, name.c_str(), source, 0) >= 0);
  }
  DAYBOOK_CHECK(zip_close(archive) == 0);
}

// The parts of a workbook with these sheets, each the inside of `worksheet`.
inline std::map<std::string, std::string> WorkbookParts(
    const std::vector<std::string>& sheets, const std::string& texts = "",
    const std::string& cell_formats = "<xf numFmtId=\"0\"/>",
    const std::string& properties = "") {
  const std::string main =
      "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
      "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
      "relationships\"";
  const std::string relationships =
      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/"
      "relationships\">";
  std::map<std::string, std::string> parts;
  parts["_rels/.rels"] = relationships +
                         "<Relationship Id=\"r\" Type=\"x/officeDocument\" "
                         "Target=\"xl/workbook.xml\"/></Relationships>";
  std::string list;
  std::string targets =
      "<Relationship Id=\"t\" Type=\"x/sharedStrings\" "
      "Target=\"sharedStrings.xml\"/><Relationship Id=\"s\" "
      "Type=\"x/styles\" Target=\"styles.xml\"/>";
  for (size_t i = 0; i < sheets.size(); ++i) {
    absl::StrAppend(&list, "<sheet name=\"表", i + 1, "\" r:id=\"s", i, "\"/>");
    absl::StrAppend(&targets, "<Relationship Id=\"s", i,
                    "\" Type=\"x/worksheet\" Target=\"worksheets/", i,
                    ".xml\"/>");
    parts[absl::StrCat("xl/worksheets/", i, ".xml")] =
        absl::StrCat("<worksheet ", main, ">", sheets[i], "</worksheet>");
  }
  parts["xl/workbook.xml"] =
      absl::StrCat("<workbook ", main, ">", properties, "<sheets>", list,
                   "</sheets></workbook>");
  parts["xl/_rels/workbook.xml.rels"] =
      relationships + targets + "</Relationships>";
  parts["xl/sharedStrings.xml"] =
      absl::StrCat("<sst ", main, ">", texts, "</sst>");
  parts["xl/styles.xml"] = absl::StrCat(
      "<styleSheet ", main,
      "><numFmts><numFmt numFmtId=\"170\" "
      "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"
      "</numFmts><cellXfs>",
      cell_formats, "</cellXfs></styleSheet>");
  return parts;
}

// The rows of a table as lines "sheet:number:cell|cell".
inline absl::StatusOr<std::vector<std::string>> ReadLines(
    const std::string& path, const importer::TableOptions& options = {}) {
  absl::StatusOr<std::unique_ptr<importer::TableReader>> table =
      importer::TableReader::Open(path, options);
  if (!table.ok()) return table.status();
  std::vector<std::string> lines;
  const absl::Status status =
      (*table)->ForEachRow([&](const importer::Row& row) {
        std::string line = absl::StrCat(row.sheet, ":", row.number, ":");
        for (size_t i = 0; i < row.cells.size(); ++i) {
          absl::StrAppend(&line, i == 0 ? "" : "|", row.cells[i].text);
        }
        lines.push_back(std::move(line));
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return lines;
}

}  // namespace daybook::testing

#endif  // DAYBOOK_TESTS_CLIENTS_IMPORT_TABLE_FILE_H_
