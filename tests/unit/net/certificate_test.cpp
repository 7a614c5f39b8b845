#include "net/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hydrant::net {
namespace {

using std::chrono::days;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const TimePoint kNow = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
const std::vector<std::string> kNames = {"localhost", "127.0.0.1", "::1"};

class CertificateTest : public ::testing::Test {
 protected:
  CertificateTest() {
    std::string name = (std::filesystem::temp_directory_path() / "hydrant-tls-XXXXXX").string();
    parent_ = ::mkdtemp(name.data());
    folder_ = parent_ / "tls";
  }
  ~CertificateTest() override { std::filesystem::remove_all(parent_); }

  KeptIdentity keep(TimePoint now = kNow, const std::vector<std::string>& names = kNames) {
    return keep_identity(folder_, names, now);
  }
  std::string file(const std::string& name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void spoil(const std::string& name) const { std::ofstream(folder_ / name) << "nonsense"; }

  std::filesystem::path parent_;
  std::filesystem::path folder_;
};

TEST_F(CertificateTest, AServerIsGoodForItsAuthorityAndNames) {
  const auto authority = make_authority(kNow);
  const auto server = make_server_identity(authority, kNames, kNow);

  EXPECT_TRUE(is_good_authority(authority, kNow));
  EXPECT_TRUE(is_good_server_identity(server, authority, kNames, kNow));
  EXPECT_FALSE(is_good_server_identity(server, make_authority(kNow), kNames, kNow));
  EXPECT_FALSE(is_good_server_identity(server, authority, {"other"}, kNow));
}

TEST_F(CertificateTest, AKeyOfAnotherIsNotGood) {
  auto authority = make_authority(kNow);
  auto server = make_server_identity(authority, kNames, kNow);
  std::swap(authority.key, server.key);

  EXPECT_FALSE(is_good_authority(authority, kNow));
  EXPECT_FALSE(is_good_server_identity(server, authority, kNames, kNow));
}

TEST_F(CertificateTest, AServerIsRenewedAMonthBeforeItsEnd) {
  const auto authority = make_authority(kNow);
  const auto server = make_server_identity(authority, kNames, kNow);

  EXPECT_TRUE(is_good_server_identity(server, authority, kNames, kNow + days(366)));
  EXPECT_FALSE(is_good_server_identity(server, authority, kNames, kNow + days(368)));
  EXPECT_TRUE(is_good_authority(authority, kNow + days(3619)));
  EXPECT_FALSE(is_good_authority(authority, kNow + days(3621)));
}

TEST_F(CertificateTest, WhatIsKeptIsUsedAgain) {
  const auto first = keep();
  const auto second = keep();

  EXPECT_TRUE(first.made_authority);
  EXPECT_FALSE(second.made_authority);
  EXPECT_EQ(second.server.certificate, first.server.certificate);
  EXPECT_EQ(second.server.key, first.server.key);
  EXPECT_EQ(second.authority_certificate, file("ca.pem"));
}

TEST_F(CertificateTest, KeysAreForTheirOwnerAlone) {
  keep();

  for (const char* name : {"ca-key.pem", "server-key.pem"}) {
    struct stat status {};
    ASSERT_EQ(::stat((folder_ / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
  }
}

TEST_F(CertificateTest, AnotherHostKeepsTheAuthority) {
  const auto first = keep();
  const auto second = keep(kNow, {"localhost", "192.0.2.1"});

  EXPECT_EQ(second.authority_certificate, first.authority_certificate);
  EXPECT_NE(second.server.certificate, first.server.certificate);
  EXPECT_EQ(file("server.pem"), second.server.certificate);
}

TEST_F(CertificateTest, AnExpiredServerKeepsTheAuthority) {
  const auto first = keep();
  const auto second = keep(kNow + days(400));

  EXPECT_FALSE(second.made_authority);
  EXPECT_NE(second.server.certificate, first.server.certificate);
}

TEST_F(CertificateTest, WhatCannotBeReadIsMadeAnew) {
  for (const char* name : {"ca.pem", "ca-key.pem"}) {
    keep();
    spoil(name);
    EXPECT_TRUE(keep().made_authority) << name;
  }
  for (const char* name : {"server.pem", "server-key.pem"}) {
    const auto before = keep();
    spoil(name);
    const auto after = keep();
    EXPECT_FALSE(after.made_authority) << name;
    EXPECT_NE(after.server.certificate, before.server.certificate) << name;
    EXPECT_EQ(file("server.pem"), after.server.certificate) << name;
  }
}

TEST_F(CertificateTest, AFolderThatCannotBeMadeCostsOnlyTheKeeping) {
  std::ofstream(folder_) << "a file where the folder should be";

  const auto kept = keep();

  ASSERT_TRUE(kept.not_kept.has_value());
  EXPECT_THAT(*kept.not_kept, HasSubstr(folder_.string()));
  EXPECT_THAT(kept.server.certificate, HasSubstr("BEGIN CERTIFICATE"));
}

TEST_F(CertificateTest, AServerHasTheNamesOfItsHostAndMachine) {
  const auto names = names_of_server("[2001:db8::1]", "box");

  for (const char* name :
       {"localhost", "kinesis.localhost", "127.0.0.1", "::1", "2001:db8::1", "box"})
    EXPECT_THAT(names, Contains(name));
}

TEST_F(CertificateTest, WhatIsNoNameIsLeftOut) {
  EXPECT_THAT(names_of_server("0.0.0.0", "a,DNS:b"), Not(Contains("0.0.0.0")));
  EXPECT_EQ(names_of_server("0.0.0.0", "a,DNS:b"), names_of_server("::", "localhost"));
}

}  // namespace
}  // namespace hydrant::net
