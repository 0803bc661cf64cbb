// RejectsFile: the rows that were not taken, in the input's own format, with
// the reason behind them, to be mended and imported again.
//
// It has the headings and cells as they were. It appears under its name once it
// is complete, and never in place of another file: an earlier one may hold
// work.
//
// Thread safety: thread-compatible.

#ifndef DAYBOOK_CLIENTS_IMPORT_REJECTS_FILE_H_
#define DAYBOOK_CLIENTS_IMPORT_REJECTS_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/import/table_reader.h"

namespace daybook::importer {

struct RejectsOptions {
  // Where it appears; empty: beside `table`, under a name that is free.
  std::string path;
  std::string table;
  TableReader::Format format = TableReader::Format::kCsv;
  // Of a CSV, as TableReader names it.
  std::string encoding;
  char delimiter = ',';
  // Whether keys are written too, which a part of the table does not show.
  bool keys = false;
};

class RejectsFile {
 public:
  // Removes what is not finished.
  virtual ~RejectsFile();

  // The file itself is made when its first row comes.
  //
  // Errors: ALREADY_EXISTS when there is a file of the name given.
  static absl::StatusOr<std::unique_ptr<RejectsFile>> Create(
      RejectsOptions options);

  // `header` is the row of headings of the row's sheet.
  //
  // Errors: FAILED_PRECONDITION when the file can not be written.
  absl::Status Add(const Row& header, const Row& row, const std::string& key,
                   const std::string& reason);

  // Gives the file its name and answers it; empty when no row came.
  //
  // Errors: as Add.
  absl::StatusOr<std::string> Finish();

  uint64_t rows() const { return rows_; }

 protected:
  explicit RejectsFile(RejectsOptions options) : options_(std::move(options)) {}

  virtual absl::Status Open(const std::string& path) = 0;
  virtual absl::Status Write(const Row& row) = 0;
  virtual absl::Status Close() = 0;
  const RejectsOptions& options() const { return options_; }

 private:
  const RejectsOptions options_;
  // Where it is until it is complete; empty before and after.
  std::string part_;
  uint64_t rows_ = 0;
  std::string written_sheet_;
};

// `path` with ".rejects" before its extension; with "-2" and so on behind that
// where such a file exists.
std::string FreeRejectsPath(const std::string& path);

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_REJECTS_FILE_H_
