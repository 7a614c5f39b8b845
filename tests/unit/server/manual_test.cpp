#include "server/manual.h"

#include <gmock/gmock.h>

#include "hydrant/version.h"
#include "server/options.h"
#include "server/setting.h"

namespace hydrant::server {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string with_minus_signs(const std::string& text) {
  std::string roff;
  for (const char c : text) roff += c == '-' ? "\\-" : std::string(1, c);
  return roff;
}

TEST(ManualTest, TheTitleHasDateAndVersion) {
  EXPECT_THAT(manual_page("2026-01-31"),
              StartsWith(".TH HYDRANT 1 \"2026-01-31\" \"hydrant " + std::string(kVersion) + "\""));
}

TEST(ManualTest, EverySettingHasItsFlagVariableDefaultAndSentence) {
  const std::string page = manual_page("2026-01-31");
  for (const Setting& setting : settings()) {
    EXPECT_THAT(page, HasSubstr("\n\\fB" + with_minus_signs(setting.flag) + "\\fR "));
    EXPECT_THAT(page, HasSubstr("\\fB" + setting.variable() + "\\fR"));
    EXPECT_THAT(page, HasSubstr("\n" + with_minus_signs(setting.about) + "\n"));
    if (setting.fallback.empty()) continue;
    EXPECT_THAT(page, HasSubstr("is \\fB" + with_minus_signs(setting.fallback) + "\\fR.\n"));
  }
}

TEST(ManualTest, EveryCommandIsThere) {
  const std::string page = manual_page("2026-01-31");
  for (const Command& command : commands())
    EXPECT_THAT(page, HasSubstr("\n\\fB" + with_minus_signs(std::string(command.flag)) + "\\fR\n"));
}

TEST(ManualTest, ThePageHasTheUsualSections) {
  const std::string page = manual_page("2026-01-31");
  for (const char* section : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "FILES",
                              "EXIT STATUS", "SIGNALS", "EXAMPLES"})
    EXPECT_THAT(page, HasSubstr("\n.SH " + std::string(section) + "\n"));
}

// groff takes a line that begins with a dot it does not know for an empty one.
TEST(ManualTest, NoLineIsTakenForARequestThatIsNone) {
  const std::string page = manual_page("2026-01-31");
  for (const char first : {'\'', '-'}) EXPECT_THAT(page, Not(HasSubstr(std::string("\n") + first)));
}

}  // namespace
}  // namespace hydrant::server
