#include "server/completion.h"

#include <gmock/gmock.h>

#include "server/options.h"
#include "server/setting.h"

namespace hydrant::server {
namespace {

using testing::HasSubstr;

// Every flag as each shell writes it; what the shells make of it is for tests/package.
TEST(CompletionTest, BashKnowsEveryFlag) {
  const std::string script = bash_completion();
  for (const Setting& setting : settings()) EXPECT_THAT(script, HasSubstr(" " + setting.flag));
  for (const Command& command : commands())
    EXPECT_THAT(script, HasSubstr(" " + std::string(command.flag) + " "));
}

TEST(CompletionTest, ZshKnowsEveryFlag) {
  const std::string script = zsh_completion();
  for (const Setting& setting : settings())
    EXPECT_THAT(script, HasSubstr("'" + setting.flag + "=["));
  for (const Command& command : commands())
    EXPECT_THAT(script, HasSubstr("'" + std::string(command.flag) + "["));
}

TEST(CompletionTest, FishKnowsEveryFlag) {
  const std::string script = fish_completion();
  for (const Setting& setting : settings())
    EXPECT_THAT(script, HasSubstr(" -l " + setting.flag.substr(2) + " "));
  for (const Command& command : commands())
    EXPECT_THAT(script, HasSubstr(" -l " + std::string(command.flag.substr(2)) + " "));
}

TEST(CompletionTest, ChoicesAreOffered) {
  EXPECT_THAT(bash_completion(), HasSubstr("'off required verify'"));
  EXPECT_THAT(zsh_completion(), HasSubstr(":(off required verify)'"));
  EXPECT_THAT(fish_completion(), HasSubstr(" -l auth -x -a 'off required verify'"));
}

TEST(CompletionTest, EveryChoiceIsAValueOfItsSetting) {
  for (const Setting& setting : settings()) {
    Options options;
    for (const std::string& choice : setting.choices)
      EXPECT_TRUE(setting.apply(options, choice)) << setting.flag << " " << choice;
  }
}

TEST(CompletionTest, QuotesInSentencesDoNotEndThem) {
  EXPECT_THAT(zsh_completion(), HasSubstr("the system'\\''s"));
  EXPECT_THAT(fish_completion(), HasSubstr("the system\\'s"));
}

}  // namespace
}  // namespace hydrant::server
