// The commitment to personal data, against values computed elsewhere.

#include "core/admission/personal_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"

namespace daybook {
namespace {

const std::string salt =
    absl::HexStringToBytes("000102030405060708090a0b0c0d0e0f");

TEST(PersonalDataTest, HashesSaltAndPresentFieldsInOrder) {
  v1::PersonalData data;
  data.set_payee("甲公司");
  data.set_summary("office");
  // python3 -c "import hashlib; f=lambda n,t:
  // n.to_bytes(4,'big')+len(t.encode())
  //   .to_bytes(4,'big')+t.encode(); print(hashlib.sha256(bytes(range(16))+
  //   f(1,'甲公司')+f(2,'office')).hexdigest())"
  EXPECT_EQ(absl::BytesToHexString(PersonalDataCommitment(salt, data)),
            "9c5ac0a1c9675642d312d566710add0c4f390c455f7b53b0ef3bec3c660a54bf");
}

TEST(PersonalDataTest, AnAbsentFieldIsLeftOut) {
  v1::PersonalData data;
  data.set_preparer("x");
  // The same with f(3,'x') alone.
  EXPECT_EQ(absl::BytesToHexString(PersonalDataCommitment(salt, data)),
            "6d5d99f8ff5bbb4ff20c6f9190b215e17476b16f6e2a82d4184df2d140d931dd");
}

TEST(PersonalDataTest, NoFieldNoCommitment) {
  EXPECT_FALSE(HasPersonalData(v1::PersonalData()));
  EXPECT_EQ(PersonalDataCommitment(salt, v1::PersonalData()), "");
}

TEST(PersonalDataTest, AnotherFieldOrSaltIsAnotherCommitment) {
  v1::PersonalData payee;
  payee.set_payee("x");
  v1::PersonalData summary;
  summary.set_summary("x");
  EXPECT_NE(PersonalDataCommitment(salt, payee),
            PersonalDataCommitment(salt, summary));
  EXPECT_NE(PersonalDataCommitment(salt, payee),
            PersonalDataCommitment(std::string(16, 'x'), payee));
}

}  // namespace
}  // namespace daybook
