// The bootstrap that runs Node.js handlers.
#include "unit/engine/functions/functions_test.h"

namespace hydrant::functions {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class NodeHandlerTest : public FunctionsTest {};

TEST_F(NodeHandlerTest, AnAsyncHandlerAnswersWithItsValue) {
  EXPECT_EQ(
      answer_of(node("exports.handler = async (event) => ({ got: event.x });"), R"({"x": "ü"})"),
      R"({"got":"ü"})");
}

TEST_F(NodeHandlerTest, AHandlerMayCallBack) {
  add(
      node("exports.handler = (event, context, callback) => {\n"
           "  setTimeout(() => event ? callback(null, 'later') : callback(new Error('no')), 1);\n"
           "};"));
  EXPECT_EQ(invoke("1").payload, "\"later\"");
  EXPECT_THAT(invoke("0").payload, HasSubstr(R"("errorMessage":"no")"));
}

TEST_F(NodeHandlerTest, AHandlerThatGivesNothingIsDoneWhenNothingIsLeftToDo) {
  add(node("exports.handler = () => { setTimeout(() => console.log('done'), 1); };"));
  EXPECT_EQ(invoke().payload, "null");
  EXPECT_EQ(invoke().payload, "null");
}

TEST_F(NodeHandlerTest, AnUndefinedResultIsNull) {
  EXPECT_EQ(answer_of(node("exports.handler = async () => {};")), "null");
}

TEST_F(NodeHandlerTest, EsModulesAreLoadedByTheirNameOrTheirPackage) {
  EXPECT_EQ(
      answer_of(node("export const handler = async () => import.meta.url.slice(-7);", "app.mjs")),
      "\"app.mjs\"");
  write("typed/package.json", R"({"type": "module"})");
  write("typed/mod.js",
        "const x = await Promise.resolve(7); export const handler = async () => x;");
  auto typed = handler("nodejs22.x", "typed/mod.handler");
  typed.name = "typed";
  add(typed);
  EXPECT_EQ(invoke("{}", "typed").payload, "7");
}

TEST_F(NodeHandlerTest, AThrownErrorIsAFunctionErrorWithItsTrace) {
  add(node("exports.handler = async () => { throw new TypeError('bad\\u00fc'); };"));
  const auto result = invoke();
  EXPECT_EQ(result.function_error, "Unhandled");
  EXPECT_THAT(result.payload, AllOf(HasSubstr(R"("errorType":"TypeError","errorMessage":"badü")"),
                                    HasSubstr(R"("trace":["TypeError: badü","    at )")));
}

TEST_F(NodeHandlerTest, ASynchronousThrowAndWhatIsNoErrorAreFunctionErrors) {
  add(node("exports.handler = (event) => { throw event; };"));
  EXPECT_EQ(invoke("\"text\"").payload,
            R"({"errorType":"string","errorMessage":"text","trace":[]})");
  EXPECT_EQ(invoke("null").function_error, "Unhandled");
}

TEST_F(NodeHandlerTest, TheContextIsThatOfTheService) {
  EXPECT_EQ(answer_of(node("exports.handler = async (event, c) => [c.functionName,\n"
                           "  c.functionVersion, c.memoryLimitInMB, c.logGroupName,\n"
                           "  c.invokedFunctionArn, c.awsRequestId.length,\n"
                           "  c.getRemainingTimeInMillis() > 50000];")),
            R"(["f","$LATEST","128","/aws/lambda/f",)"
            R"("arn:aws:lambda:eu-west-1:123456789012:function:f",36,true])");
}

TEST_F(NodeHandlerTest, OneProcessServesOneInvocationAfterTheOther) {
  add(node("let n = 0; exports.handler = async () => `${process.pid} ${++n}`;"));
  const auto first = invoke().payload, second = invoke().payload;
  EXPECT_EQ(first.substr(0, first.find(' ')), second.substr(0, second.find(' ')));
  EXPECT_THAT(second, testing::EndsWith(" 2\""));
}

TEST_F(NodeHandlerTest, InitErrorsHaveTheServicesTypes) {
  write("broken.js", "exports.handler = (;");
  write("app.js", "exports.other = 1;");
  write("raising.js", "throw new RangeError('at import');");
  const std::map<std::string, std::string> types = {
      {"nowhere.handler", "Runtime.ImportModuleError"},
      {"broken.handler", "Runtime.UserCodeSyntaxError"},
      {"app.handler", "Runtime.HandlerNotFound"},
      {"app.other", "Runtime.HandlerNotFound"},
      {"nodot", "Runtime.MalformedHandlerName"},
      {"raising.handler", "RangeError"}};
  int number = 0;
  for (const auto& [name, type] : types) {
    auto settings = handler("nodejs20.x", name);
    settings.name = "f" + std::to_string(++number);
    add(settings);
    EXPECT_THAT(invoke("{}", settings.name).payload, HasSubstr("\"errorType\":\"" + type + '"'))
        << name;
  }
}

TEST_F(NodeHandlerTest, AResultThatIsNoJsonIsAMarshalError) {
  EXPECT_THAT(answer_of(node("exports.handler = async () => 1n;")),
              HasSubstr("Runtime.MarshalError"));
}

TEST_F(NodeHandlerTest, AnErrorBesideTheHandlerEndsTheInvocation) {
  add(
      node("exports.handler = () => new Promise(() => {\n"
           "  setTimeout(() => { throw new Error('aside'); }, 1);\n"
           "  setInterval(() => {}, 1000);\n"
           "});"));
  EXPECT_THAT(invoke().payload, HasSubstr("aside"));
}

}  // namespace
}  // namespace hydrant::functions
