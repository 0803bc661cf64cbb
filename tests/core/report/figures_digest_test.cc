// The digest of a report: everything that a reader sees is in it, in one
// spelling, and the bytes are those that docs/formats/report_digest.md shows.

#include "core/report/figures_digest.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace daybook {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::HasSubstr;

v1::Report FromText(const std::string& text) {
  v1::Report report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &report));
  return report;
}

std::string HexDigest(const v1::Report& report) {
  return absl::BytesToHexString(FiguresDigest(report));
}

// The report of the documented example.
v1::Report Example() {
  return FromText(R"pb(
    name: "ledgers/1/departments/2/reports/2024"
    department_name: "残联"
    as_of { year: 2024 month: 12 day: 31 }
    size: 560
    recorded_time_us: 1736299812000000
    policy: "zhuzhou-2024@1"
    projection_version: 2
    funds: FUND_GENERAL
    form_title: "部门整体支出绩效自评报告"
    figures {
      path: "all.executed"
      label: "全年执行数"
      value { amount_fen: 64314000 }
      unit: "万元"
      in_form: true
    }
    figures {
      path: "all.execution_rate"
      label: "执行率"
      value { number { unscaled: 10000 scale: 2 } }
      unit: "%"
      in_form: true
    }
    figures {
      path: "headcount.contract"
      label: "编外"
      value { empty: EMPTINESS_NONE }
      unit: "人"
    }
    sections { section: "summary" title: "概述" text: "一\t二\n三\\四" }
  )pb");
}

TEST(FiguresDigestTest, TheDocumentedExampleIsTrue) {
  std::ifstream file("docs/formats/report_digest.md", std::ios::binary);
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(document, HasSubstr(absl::StrCat(
                            "```\n", CanonicalForm(Example()), "```\n")));
  EXPECT_THAT(document, HasSubstr(HexDigest(Example())));
}

// Fills every field, lists with two elements.
void Fill(Message& message, int& next) {
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->name() == "evidence") continue;
    if (field->containing_oneof() != nullptr && field->name() != "number") {
      continue;
    }
    const std::string text = absl::StrCat("text ", ++next);
    for (int twice = 0; twice < (field->is_repeated() ? 2 : 1); ++twice) {
      switch (field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
          Fill(field->is_repeated()
                   ? *reflection->AddMessage(&message, field)
                   : *reflection->MutableMessage(&message, field),
               next);
          break;
        case FieldDescriptor::CPPTYPE_STRING:
          field->is_repeated() ? reflection->AddString(&message, field, text)
                               : reflection->SetString(&message, field, text);
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          field->is_repeated() ? reflection->AddEnumValue(&message, field, 1)
                               : reflection->SetEnumValue(&message, field, 1);
          break;
        case FieldDescriptor::CPPTYPE_INT32:
          reflection->SetInt32(&message, field, 3);
          break;
        case FieldDescriptor::CPPTYPE_UINT32:
          reflection->SetUInt32(&message, field, 3);
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          reflection->SetInt64(&message, field, ++next);
          break;
        case FieldDescriptor::CPPTYPE_UINT64:
          reflection->SetUInt64(&message, field, static_cast<uint64_t>(++next));
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          reflection->SetBool(&message, field, true);
          break;
        default:
          FAIL() << field->full_name() << ": teach the test its type";
      }
    }
  }
}

// Clears each field of `message` in turn and tells `changed` about the root.
template <typename Changed>
void ClearEach(Message& message, const std::string& where, Changed changed) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string place = absl::StrCat(where, ".", field->name());
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const int count =
          field->is_repeated() ? reflection->FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        ClearEach(field->is_repeated()
                      ? *reflection->MutableRepeatedMessage(&message, field, i)
                      : *reflection->MutableMessage(&message, field),
                  absl::StrCat(place, "[", i, "]"), changed);
      }
    }
    const std::unique_ptr<Message> before(message.New());
    before->CopyFrom(message);
    field->is_repeated() ? reflection->RemoveLast(&message, field)
                         : reflection->ClearField(&message, field);
    changed(place);
    message.CopyFrom(*before);
  }
}

TEST(FiguresDigestTest, NoFieldOfAReportCanBeTakenOutUnseen) {
  v1::Report report;
  int next = 0;
  Fill(report, next);
  const std::string whole = HexDigest(report);
  int fields = 0;
  ClearEach(report, "report", [&](const std::string& place) {
    ++fields;
    EXPECT_NE(HexDigest(report), whole) << place;
  });
  EXPECT_EQ(HexDigest(report), whole);
  EXPECT_GT(fields, 100);
}

TEST(FiguresDigestTest, EmptinessesAndZeroAndWordsAreDifferent) {
  std::set<std::string> digests;
  for (const char* const value :
       {"", "value { amount_fen: 0 }", "value { number { } }",
        "value { number { scale: 2 } }", "value { word: '' }",
        "value { word: '无' }", "value { word: 'none' }",
        "value { word: 'blank' }", "value { date { year: 2024 } }",
        "value { empty: EMPTINESS_BLANK }", "value { empty: EMPTINESS_NONE }",
        "value { empty: EMPTINESS_NOT_APPLICABLE }",
        "value { empty: EMPTINESS_NOT_REPORTED }", "value { empty: 77 }"}) {
    digests.insert(
        HexDigest(FromText(absl::StrCat("figures { ", value, " }"))));
  }
  EXPECT_EQ(digests.size(), 14u);
}

TEST(FiguresDigestTest, TheOrderOfRowsCounts) {
  v1::Report report = Example();
  const std::string before = HexDigest(report);
  report.mutable_figures()->SwapElements(0, 1);
  EXPECT_NE(HexDigest(report), before);
}

TEST(FiguresDigestTest, WhatStandsInAFieldCanNotPassForTwo) {
  const auto digest = [](const char* title, const char* text) {
    v1::Report report;
    v1::NarrativeSection& section = *report.add_sections();
    section.set_title(title);
    section.set_text(text);
    return HexDigest(report);
  };
  EXPECT_NE(digest("a\tb", "c"), digest("a", "b\tc"));
  EXPECT_NE(digest("a\\tb", "c"), digest("a\tb", "c"));
  EXPECT_NE(digest("a", "b\nsection\t\tc\td"), digest("a", "b"));
}

TEST(FiguresDigestTest, TheEvidenceItselfIsNoPartOfIt) {
  v1::Report report = Example();
  const std::string before = HexDigest(report);
  report.mutable_evidence()->set_origin("example.gov/ledgers/1");
  EXPECT_EQ(HexDigest(report), before);
}

TEST(FiguresDigestTest, WhatNoLedgerAnswersHasADigestToo) {
  EXPECT_THAT(CanonicalForm(FromText("figures { value { number { unscaled: 5 "
                                     "scale: 4000000000 } } } funds: 99 "
                                     "as_of { month: -1 }")),
              HasSubstr("number 5e-4000000000"));
}

}  // namespace
}  // namespace daybook
