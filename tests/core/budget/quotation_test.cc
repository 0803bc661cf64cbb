// ReplaceQuotations: figures within text.

#include "core/budget/quotation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/status_matchers.h"

namespace daybook {
namespace {

using testing::StatusIs;

std::string Quote(const FigurePath& path) {
  return "<" + path.ToString() + ">";
}

TEST(QuotationTest, EveryQuotationIsReplaced) {
  EXPECT_EQ(*ReplaceQuotations(
                "支出{{all.executed}}万元，{{activity[employed]}}人", Quote),
            "支出<all.executed>万元，<activity[employed]>人");
}

TEST(QuotationTest, TextWithoutQuotationStays) {
  EXPECT_EQ(*ReplaceQuotations("一 { 二 } }} 三", Quote), "一 { 二 } }} 三");
  EXPECT_EQ(*ReplaceQuotations("", Quote), "");
}

TEST(QuotationTest, WhatQuotesNoFigureIsRefused) {
  for (const char* text :
       {"{{all.executed", "{{}}", "{{ all.executed }}", "{{all.spent}}"}) {
    EXPECT_THAT(ReplaceQuotations(text, Quote).status(),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

}  // namespace
}  // namespace daybook
