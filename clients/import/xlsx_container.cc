#include "clients/import/xlsx_container.h"

#include <expat.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace daybook::importer {
namespace {

constexpr size_t piece_bytes = size_t{64} << 10;
// Between namespace and local name; neither holds one.
constexpr char name_separator = '|';

absl::string_view LocalName(const char* name) {
  const absl::string_view whole(name);
  const size_t separator = whole.rfind(name_separator);
  return separator == absl::string_view::npos ? whole
                                              : whole.substr(separator + 1);
}

// One pass of expat over a part.
class XmlPass {
 public:
  XmlPass(const std::string& part, XmlVisitor& visitor)
      : part_(part),
        visitor_(visitor),
        parser_(XML_ParserCreateNS(nullptr, name_separator)) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), OnStart, OnEnd);
    XML_SetCharacterDataHandler(parser_.get(), OnText);
    XML_SetStartDoctypeDeclHandler(parser_.get(), OnDoctype);
  }

  absl::Status Feed(absl::string_view piece, bool last) {
    const XML_Status result =
        XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()),
                  last ? XML_TRUE : XML_FALSE);
    RETURN_IF_ERROR(visitor_.status());
    RETURN_IF_ERROR(status_);
    if (result == XML_STATUS_OK) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("the workbook is damaged: ", part_, " line ",
                     XML_GetCurrentLineNumber(parser_.get()), ": ",
                     XML_ErrorString(XML_GetErrorCode(parser_.get())),
                     "; open it in a spreadsheet and save it again"));
  }

 private:
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };

  static void OnStart(void* self, const char* name, const char** attributes) {
    auto& pass = *static_cast<XmlPass*>(self);
    if (pass.stopped_) return;
    if (++pass.depth_ > XlsxContainer::depth_max) {
      pass.Stop(absl::OutOfRangeError(
          absl::StrCat("the workbook's ", pass.part_, " is nested deeper than ",
                       XlsxContainer::depth_max)));
      return;
    }
    pass.visitor_.Start(LocalName(name), XmlAttributes(attributes));
    pass.StopIfFailed();
  }
  static void OnEnd(void* self, const char* name) {
    auto& pass = *static_cast<XmlPass*>(self);
    if (pass.stopped_) return;
    --pass.depth_;
    pass.visitor_.End(LocalName(name));
    pass.StopIfFailed();
  }
  static void OnText(void* self, const char* text, int size) {
    auto& pass = *static_cast<XmlPass*>(self);
    if (pass.stopped_) return;
    pass.visitor_.Text(absl::string_view(text, static_cast<size_t>(size)));
    pass.StopIfFailed();
  }
  static void OnDoctype(void* self, const char*, const char*, const char*,
                        int) {
    auto& pass = *static_cast<XmlPass*>(self);
    pass.Stop(absl::InvalidArgumentError(absl::StrCat(
        "the workbook's ", pass.part_,
        " declares a document type, which no spreadsheet writes")));
  }

  void Stop(absl::Status status) {
    status_ = std::move(status);
    stopped_ = true;
    XML_StopParser(parser_.get(), XML_FALSE);
  }
  void StopIfFailed() {
    if (!visitor_.status().ok()) Stop(visitor_.status());
  }

  const std::string& part_;
  XmlVisitor& visitor_;
  const std::unique_ptr<XML_ParserStruct, Free> parser_;
  int depth_ = 0;
  // expat may call once more after it was stopped.
  bool stopped_ = false;
  absl::Status status_;
};

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

absl::string_view XmlAttributes::Get(absl::string_view local_name) const {
  for (const char** at = attributes_; *at != nullptr; at += 2) {
    if (LocalName(at[0]) == local_name) return at[1];
  }
  return "";
}

absl::StatusOr<std::unique_ptr<XlsxContainer>> XlsxContainer::Open(
    const std::string& path, uint64_t unpacked_bytes_max) {
  int code = 0;
  zip_t* const archive = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (archive == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string what = zip_error_strerror(&error);
    zip_error_fini(&error);
    return absl::InvalidArgumentError(
        absl::StrCat("the workbook is damaged: ", what, "; get it again"));
  }
  std::unique_ptr<XlsxContainer> container(
      new XlsxContainer(archive, unpacked_bytes_max));
  if (zip_get_num_entries(archive, 0) > parts_max) {
    return absl::OutOfRangeError(
        absl::StrCat("the workbook has over ", parts_max, " parts"));
  }
  return container;
}

bool XlsxContainer::Has(const std::string& part) const {
  return zip_name_locate(archive_.get(), part.c_str(), ZIP_FL_NOCASE) >= 0;
}

absl::Status XlsxContainer::Parse(const std::string& part,
                                  XmlVisitor& visitor) {
  const zip_int64_t index =
      zip_name_locate(archive_.get(), part.c_str(), ZIP_FL_NOCASE);
  const std::unique_ptr<zip_file_t, CloseFile> file(
      index < 0 ? nullptr
                : zip_fopen_index(archive_.get(),
                                  static_cast<zip_uint64_t>(index), 0));
  if (file == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("the file is no workbook that can be read: ",
                     index < 0 ? "there is no " : "it does not open ", part,
                     "; save it as .xlsx without a password"));
  }
  zip_stat_t stat;
  zip_stat_init(&stat);
  zip_stat_index(archive_.get(), static_cast<zip_uint64_t>(index), 0, &stat);
  const uint64_t ratio_limit =
      std::max(ratio_bytes_min, packed_ratio_max * stat.comp_size);
  XmlPass pass(part, visitor);
  std::string buffer(piece_bytes, '\0');
  uint64_t unpacked = 0;
  while (true) {
    const zip_int64_t read =
        zip_fread(file.get(), buffer.data(), buffer.size());
    if (read < 0) {
      return absl::DataLossError(
          absl::StrCat("the workbook is damaged: ", part, ": ",
                       zip_error_strerror(zip_file_get_error(file.get())),
                       "; get it again"));
    }
    if (read == 0) return pass.Feed("", true);
    unpacked += static_cast<uint64_t>(read);
    if (unpacked > ratio_limit) {
      return absl::OutOfRangeError(absl::StrCat(
          "the workbook's ", part, " unpacks to over ", packed_ratio_max,
          " times its size, which no sheet does; get the file from whom you "
          "trust, or save it as CSV"));
    }
    if (unpacked > unpacked_bytes_max_) {
      return absl::OutOfRangeError(
          absl::StrCat("the workbook's ", part, " is over ",
                       unpacked_bytes_max_, " bytes; split the workbook"));
    }
    RETURN_IF_ERROR(pass.Feed(
        absl::string_view(buffer.data(), static_cast<size_t>(read)), false));
  }
}

}  // namespace daybook::importer
