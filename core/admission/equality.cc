#include "core/admission/equality.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/admission/personal_data.h"
#include "core/admission/problem.h"
#include "google/protobuf/util/message_differencer.h"

namespace daybook {
namespace {

using google::protobuf::util::MessageDifferencer;

// Notes the path of the first field that differs.
class FirstDifference : public MessageDifferencer::Reporter {
 public:
  void ReportAdded(
      const google::protobuf::Message& /*recorded*/,
      const google::protobuf::Message& /*offered*/,
      const std::vector<MessageDifferencer::SpecificField>& path) override {
    Note(path);
  }
  void ReportDeleted(
      const google::protobuf::Message& /*recorded*/,
      const google::protobuf::Message& /*offered*/,
      const std::vector<MessageDifferencer::SpecificField>& path) override {
    Note(path);
  }
  void ReportModified(
      const google::protobuf::Message& /*recorded*/,
      const google::protobuf::Message& /*offered*/,
      const std::vector<MessageDifferencer::SpecificField>& path) override {
    Note(path);
  }

  const std::string& path() const { return path_; }

 private:
  void Note(const std::vector<MessageDifferencer::SpecificField>& path) {
    if (!path_.empty()) return;
    path_ = "event";
    for (const MessageDifferencer::SpecificField& part : path) {
      if (part.field != nullptr)
        absl::StrAppend(&path_, ".", part.field->name());
    }
  }

  std::string path_;
};

}  // namespace

bool SameFact(const v1::Entry& recorded, absl::string_view salt,
              const v1::EventInput& offered) {
  if (!MessageDifferencer::Equals(recorded.event(), offered.event())) {
    return false;
  }
  const bool has_commitment = !recorded.personal_data_commitment().empty();
  if (!has_commitment) return !HasPersonalData(offered.personal_data());
  const bool erased = salt.size() != salt_bytes;
  return erased || PersonalDataCommitment(salt, offered.personal_data()) ==
                       recorded.personal_data_commitment();
}

v1::Problem OtherContent(const v1::Entry& recorded,
                         const v1::EventInput& offered) {
  FirstDifference difference;
  MessageDifferencer differencer;
  differencer.ReportDifferencesTo(&difference);
  const bool same_event =
      differencer.Compare(recorded.event(), offered.event());
  ProblemText text;
  text.code = absl::StatusCode::kAlreadyExists;
  text.field = "event.event_id";
  text.value = offered.event().event_id();
  text.message =
      absl::StrCat("this id is recorded at position ", recorded.position(),
                   " with other content; the first difference is in ",
                   same_event ? "personal_data" : difference.path());
  text.remedy =
      "give the new fact an event id of its own; correct a recorded one with a "
      "reversal and a new event";
  return MakeProblem(text);
}

}  // namespace daybook
