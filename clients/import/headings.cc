#include "clients/import/headings.h"

#include "clients/import/cell_values.h"

namespace daybook::importer {

Headings::Headings(const Row& row) {
  for (size_t i = 0; i < row.cells.size(); ++i) {
    std::string key = HeadingKey(row.cells[i].text);
    if (!key.empty()) columns_[std::move(key)].push_back(i);
  }
}

std::optional<size_t> Headings::FindOne(absl::string_view heading) const {
  const auto found = columns_.find(HeadingKey(heading));
  if (found == columns_.end()) return std::nullopt;
  return found->second.front();
}

bool Headings::IsAmbiguous(absl::string_view heading) const {
  const auto found = columns_.find(HeadingKey(heading));
  return found != columns_.end() && found->second.size() > 1;
}

}  // namespace daybook::importer
