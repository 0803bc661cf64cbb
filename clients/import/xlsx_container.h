// XlsxContainer: the XML parts that a workbook consists of.
//
// A workbook comes from outside, so nothing is trusted: what is unpacked is
// counted as it comes, not as the file says; a document type (through which
// entities multiply) is refused; depth is limited.
//
// Thread safety: thread-compatible.
//
// Formats: ECMA-376 part 2; ZIP by libzip, XML by expat.

#ifndef DAYBOOK_CLIENTS_IMPORT_XLSX_CONTAINER_H_
#define DAYBOOK_CLIENTS_IMPORT_XLSX_CONTAINER_H_

#include <zip.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace daybook::importer {

// The attributes of an element, as expat gives them.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** attributes) : attributes_(attributes) {}
  // Empty when there is none of this local name; namespaces do not matter.
  absl::string_view Get(absl::string_view local_name) const;

 private:
  const char** attributes_;
};

// What is done with a part, element by element. Names come without namespace.
class XmlVisitor {
 public:
  virtual ~XmlVisitor() = default;
  virtual void Start(absl::string_view name,
                     const XmlAttributes& attributes) = 0;
  virtual void End(absl::string_view) {}
  virtual void Text(absl::string_view) {}

  // Parsing stops once it is not OK.
  const absl::Status& status() const { return status_; }

 protected:
  void Fail(absl::Status status) {
    if (status_.ok()) status_ = std::move(status);
  }

 private:
  absl::Status status_;
};

class XlsxContainer {
 public:
  static constexpr int64_t parts_max = 10'000;
  static constexpr int depth_max = 64;
  // Parts that unpack to more than `packed_ratio_max` times their size are made
  // to harm, once they are over `ratio_bytes_min`; sheets stay below 50.
  static constexpr uint64_t packed_ratio_max = 200;
  static constexpr uint64_t ratio_bytes_min = uint64_t{16} << 20;

  // Errors: INVALID_ARGUMENT when it is no ZIP file; OUT_OF_RANGE when it has
  // too many parts.
  static absl::StatusOr<std::unique_ptr<XlsxContainer>> Open(
      const std::string& path, uint64_t unpacked_bytes_max);

  bool Has(const std::string& part) const;

  // Tells `visitor` all of a part; answers its status when that is not OK.
  //
  // Errors: INVALID_ARGUMENT when the part is missing or no XML; OUT_OF_RANGE
  // when it is too large or deep; DATA_LOSS when its checksum is wrong.
  absl::Status Parse(const std::string& part, XmlVisitor& visitor);

 private:
  struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };
  XlsxContainer(zip_t* archive, uint64_t unpacked_bytes_max)
      : archive_(archive), unpacked_bytes_max_(unpacked_bytes_max) {}

  const std::unique_ptr<zip_t, Discard> archive_;
  // Of one part: a part may be read several times.
  const uint64_t unpacked_bytes_max_;
};

}  // namespace daybook::importer

#endif  // DAYBOOK_CLIENTS_IMPORT_XLSX_CONTAINER_H_
