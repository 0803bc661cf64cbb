// Headings: which column of a table stands under which words.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CLIENTS_IMPORT_HEADINGS_H_
#define DAYBOOK_CLIENTS_IMPORT_HEADINGS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/import/table_reader.h"

namespace daybook::importer {

class Headings {
 public:
  Headings() = default;
  explicit Headings(const Row& row);

  // The column of the first of `alternatives` that the table has.
  template <typename Alternatives>
  std::optional<size_t> Find(const Alternatives& alternatives) const {
    for (const std::string& heading : alternatives) {
      const std::optional<size_t> column = FindOne(heading);
      if (column.has_value()) return column;
    }
    return std::nullopt;
  }
  std::optional<size_t> FindOne(absl::string_view heading) const;

  // Whether two columns stand under this word, so that neither is meant.
  bool IsAmbiguous(absl::string_view heading) const;

 private:
  // By HeadingKey.
  std::map<std::string, std::vector<size_t>, std::less<>> columns_;
};

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_HEADINGS_H_
