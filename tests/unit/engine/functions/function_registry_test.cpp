#include "engine/functions/function_registry.h"

#include "unit/engine/functions/functions_test.h"

namespace hydrant::functions {
namespace {

using testing::HasSubstr;
using testing::Optional;

class FunctionRegistryTest : public FunctionsTest {
 protected:
  FunctionSettings url(const std::string& name, const std::string& address = "http://x/") const {
    FunctionSettings settings;
    settings.name = name;
    settings.url = address;
    return settings;
  }
  std::string wrong(const FunctionSettings& settings) {
    return registry_->add(settings).value_or("(nothing)");
  }
};

TEST_F(FunctionRegistryTest, AFunctionIsFoundByEveryFormOfItsName) {
  const auto name_of = FunctionRegistry::name_of;
  EXPECT_EQ(name_of("my-fn"), "my-fn");
  EXPECT_EQ(name_of("my_fn:prod"), "my_fn");
  EXPECT_EQ(name_of("my-fn:$LATEST"), "my-fn");
  EXPECT_EQ(name_of("function:my-fn"), "my-fn");
  EXPECT_EQ(name_of("123456789012:function:my-fn"), "my-fn");
  EXPECT_EQ(name_of("123456789012:function:my-fn:7"), "my-fn");
  EXPECT_EQ(name_of("us-east-1:123456789012:function:my-fn"), "my-fn");
  EXPECT_EQ(name_of("arn:aws:lambda:us-east-1:123456789012:function:my-fn"), "my-fn");
  EXPECT_EQ(name_of("arn:aws-cn:lambda:cn-north-1:123456789012:function:my-fn:live"), "my-fn");
  EXPECT_EQ(name_of("function"), "function");
  EXPECT_EQ(name_of("us-west-2:prod"), "us-west-2");
  EXPECT_EQ(name_of("arn:aws:s3:::bucket"), "");
  EXPECT_EQ(name_of("a:b:c"), "");
  EXPECT_EQ(name_of(""), "");
}

TEST_F(FunctionRegistryTest, NamesAreGlobal) {
  add(url("f"));
  EXPECT_EQ(registry_->find("f"),
            registry_->find("arn:aws:lambda:ap-south-1:999999999999:function:f:x"));
  EXPECT_NE(registry_->find("f"), nullptr);
  EXPECT_EQ(registry_->find("g"), nullptr);
  EXPECT_EQ(registry_->find(""), nullptr);
}

TEST_F(FunctionRegistryTest, SettingsThatCannotWorkAreRefusedWithASentence) {
  EXPECT_THAT(wrong(url("")), HasSubstr("has a name that is not 1 to 140 letters"));
  EXPECT_THAT(wrong(url("a b")), HasSubstr("has a name"));
  EXPECT_THAT(wrong(url("f", "ftp://x")), HasSubstr("does not begin with http:// or https://"));
  EXPECT_THAT(wrong(url("f", "")), HasSubstr("needs a Url, a Command, or Directory, Runtime"));
  EXPECT_THAT(wrong(handler("java21", "a.b")), HasSubstr("has the Runtime 'java21'"));
  EXPECT_THAT(wrong(handler("python3", "")), HasSubstr("needs a Url"));

  auto two = url("f");
  two.command = {"x"};
  EXPECT_THAT(wrong(two), HasSubstr("has a Url, so it can have no Command"));
  two = handler("python3", "a.b");
  two.command = {"x"};
  EXPECT_THAT(wrong(two), HasSubstr("has a Command and a Runtime"));

  auto settings = handler("python3", "a.b");
  settings.directory = folder_ / "nowhere";
  EXPECT_THAT(wrong(settings), HasSubstr("nowhere', which is no directory"));
  settings = url("f");
  settings.timeout_s = 0;
  EXPECT_THAT(wrong(settings), HasSubstr("Timeout that is not 1 to 900"));
  settings.timeout_s = 1;
  settings.max_concurrency = 0;
  EXPECT_THAT(wrong(settings), HasSubstr("MaxConcurrency that is not 1 to 1000"));
  EXPECT_THAT(wrong(command({""})), HasSubstr("has an empty Command"));
  EXPECT_TRUE(registry_->states().empty());
}

TEST_F(FunctionRegistryTest, ANameIsTakenOnce) {
  add(url("f"));
  EXPECT_EQ(registry_->add(url("f")), "function 'f' is there twice");
}

TEST_F(FunctionRegistryTest, StatesTellTheKinds) {
  add(url("c"));
  auto second = handler("nodejs20.x", "a.b");
  second.name = "b";
  add(second);
  auto third = command({"x"});
  third.name = "a";
  add(third);
  const auto states = registry_->states();
  ASSERT_EQ(states.size(), 3u);
  EXPECT_EQ(states[0].name + states[0].kind, "acommand");
  EXPECT_EQ(states[1].name + states[1].kind, "bhandler");
  EXPECT_EQ(states[2].name + states[2].kind, "curl");
}

}  // namespace
}  // namespace hydrant::functions
