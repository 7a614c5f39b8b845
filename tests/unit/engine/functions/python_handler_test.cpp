// The bootstrap that runs Python handlers, and what it shares with the service's runtime.
#include "unit/engine/functions/functions_test.h"

namespace hydrant::functions {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

class PythonHandlerTest : public FunctionsTest {};

TEST_F(PythonHandlerTest, AHandlerGetsTheEventAndItsResultIsThePayload) {
  EXPECT_EQ(answer_of(python("def handler(event, context):\n"
                             "    return {'got': event['x'], 'list': (1, 2.5, True, None)}\n"),
                      R"({"x": "ü"})"),
            R"({"got": "\u00fc", "list": [1, 2.5, true, null]})");
}

TEST_F(PythonHandlerTest, BytesAnywhereInAResultAreText) {
  EXPECT_EQ(answer_of(python(
                "import base64\n"
                "def handler(event, context):\n"
                "    return {'records': [{'data': base64.b64encode(b'hi')}], b'k': b'v'}\n")),
            R"({"records": [{"data": "aGk="}], "k": "v"})");
}

TEST_F(PythonHandlerTest, ADecimalIsANumberAndANamedtupleAnObject) {
  EXPECT_EQ(
      answer_of(python(
          "import collections, decimal\n"
          "P = collections.namedtuple('P', 'x y')\n"
          "def handler(event, context):\n"
          "    return [decimal.Decimal('1.10'), P(1, decimal.Decimal(2)), {1: 1, None: 2}]\n")),
      R"([1.10, {"x": 1, "y": 2}, {"1": 1, "null": 2}])");
}

TEST_F(PythonHandlerTest, AResultThatIsBytesIsSentAsItIs) {
  EXPECT_EQ(answer_of(python("def handler(event, context):\n    return b'raw \\xff'\n")),
            "raw \xff");
}

TEST_F(PythonHandlerTest, WhatCannotBeEncodedIsAMarshalError) {
  EXPECT_THAT(answer_of(python("def handler(event, context):\n    return {'s': {1, 2}}\n")),
              AllOf(HasSubstr(R"("errorType": "Runtime.MarshalError")"),
                    HasSubstr("Unable to marshal response: Object of type set is not JSON")));
}

TEST_F(PythonHandlerTest, BytesThatAreNoTextAreAMarshalError) {
  EXPECT_THAT(answer_of(python("def handler(event, context):\n    return [b'\\xff']\n")),
              HasSubstr("Unable to marshal response: 'utf-8' codec can't decode byte 0xff"));
}

TEST_F(PythonHandlerTest, AnExceptionIsAFunctionErrorWithItsTrace) {
  add(python("def handler(event, context):\n    print('note: ' + event)\n"));
  const auto result = invoke("{}");
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.function_error, "Unhandled");
  EXPECT_THAT(
      result.payload,
      AllOf(HasSubstr(R"("errorMessage": "can only concatenate str (not \"dict\") to str")"),
            HasSubstr(R"("errorType": "TypeError")"), HasSubstr(R"("requestId": ")"),
            HasSubstr("app.py\\\", line 2, in handler\\n")));
  EXPECT_THAT(result.payload, testing::Not(HasSubstr("<string>")));
}

TEST_F(PythonHandlerTest, AProcessServesOnAfterAnException) {
  add(
      python("import os\n"
             "def handler(event, context):\n"
             "    if event == 1: raise ValueError('once')\n"
             "    return os.getpid()\n"));
  const auto pid = invoke("0").payload;
  EXPECT_EQ(invoke("1").function_error, "Unhandled");
  EXPECT_EQ(invoke("0").payload, pid);
}

TEST_F(PythonHandlerTest, TheContextIsThatOfTheService) {
  auto settings = python(
      "def handler(event, c):\n"
      "    left = c.get_remaining_time_in_millis()\n"
      "    return '|'.join([c.aws_request_id, c.invoked_function_arn, c.function_name,\n"
      "        c.function_version, c.memory_limit_in_mb, c.log_group_name, c.log_stream_name,\n"
      "        str(50000 < left <= 60000), str(c.identity.cognito_identity_id),\n"
      "        str(c.client_context)])\n");
  EXPECT_THAT(
      answer_of(settings),
      MatchesRegex("\"[0-9a-f-]{36}\\|arn:aws:lambda:eu-west-1:123456789012:function:f\\|f\\|"
                   "\\$LATEST\\|128\\|/aws/lambda/f\\|[0-9]{4}/[0-9]{2}/[0-9]{2}/"
                   "\\[\\$LATEST\\][0-9a-f]{32}\\|True\\|None\\|None\""));
}

TEST_F(PythonHandlerTest, TheArnThatTheCallerUsedIsTheInvokedOne) {
  add(python("def handler(event, context):\n    return context.invoked_function_arn\n"));
  const std::string arn = "arn:aws:lambda:us-east-1:000000000000:function:f:prod";
  EXPECT_EQ(registry_->find(arn)->invoke(arn, "{}").payload, '"' + arn + '"');
  EXPECT_THAT(registry_->find(arn)->invoke("arn:\r\nX: y", "{}").payload, HasSubstr("eu-west-1"));
}

TEST_F(PythonHandlerTest, HandlersInPackagesAreFound) {
  write("pkg/__init__.py", "");
  write("pkg/mod.py", "def func(event, context):\n    return __name__\n");
  EXPECT_EQ(answer_of(handler("python3.12", "pkg/mod.func")), "\"pkg.mod\"");
  auto dotted = handler("python3.9", "pkg.mod.func");
  dotted.name = "dotted";
  add(dotted);
  EXPECT_EQ(invoke("{}", "dotted").payload, "\"pkg.mod\"");
}

TEST_F(PythonHandlerTest, AModuleOfTheUserDoesNotShadowWhatTheBootstrapNeeds) {
  write("json.py", "raise RuntimeError('shadow')\n");
  write("http.py", "raise RuntimeError('shadow')\n");
  EXPECT_EQ(answer_of(python("def handler(event, context):\n    return 'ok'\n")), "\"ok\"");
}

TEST_F(PythonHandlerTest, AModuleThatIsMissingIsAnInitError) {
  EXPECT_THAT(answer_of(handler("python3", "nowhere.handler")),
              AllOf(HasSubstr("Runtime.ImportModuleError"),
                    HasSubstr("Unable to import module 'nowhere': No module named 'nowhere'")));
}

TEST_F(PythonHandlerTest, OtherInitErrorsHaveTheServicesTypes) {
  write("app.py", "def other(event, context): pass\n");
  EXPECT_THAT(answer_of(handler("python3", "app.handler")),
              AllOf(HasSubstr("Runtime.HandlerNotFound"),
                    HasSubstr("Handler 'handler' missing on module 'app'")));
  write("broken.py", "def handler(:\n");
  write("raising.py", "raise KeyError('at import')\n");
  auto settings = handler("python3", "broken.handler");
  settings.name = "broken";
  add(settings);
  EXPECT_THAT(invoke("{}", "broken").payload, HasSubstr("Runtime.UserCodeSyntaxError"));
  settings.handler = "raising.handler";
  settings.name = "raising";
  add(settings);
  EXPECT_THAT(invoke("{}", "raising").payload,
              AllOf(HasSubstr(R"("errorType": "KeyError")"), HasSubstr("raising.py")));
  settings.handler = "nodot";
  settings.name = "nodot";
  add(settings);
  EXPECT_THAT(invoke("{}", "nodot").payload, HasSubstr("Runtime.MalformedHandlerName"));
}

TEST_F(PythonHandlerTest, AnEventThatIsNoJsonIsAnUnmarshalError) {
  EXPECT_THAT(answer_of(python("def handler(event, context):\n    return 1\n"), "nonsense"),
              HasSubstr("Runtime.UnmarshalError"));
}

TEST_F(PythonHandlerTest, WhatAHandlerPrintsAndLogsIsLoggedWithTheFunctionsName) {
  answer_of(
      python("import logging, sys\n"
             "logging.getLogger().setLevel(logging.INFO)\n"
             "def handler(event, context):\n"
             "    print('to stdout')\n"
             "    print('to stderr', file=sys.stderr)\n"
             "    logging.info('by logging')\n"));
  registry_.reset();  // its output is read by then
  EXPECT_THAT(log_.str(),
              AllOf(HasSubstr("function f: to stdout\n"), HasSubstr("function f: to stderr\n"),
                    HasSubstr("function f: [INFO]\t"), HasSubstr("\tby logging\n")));
}

TEST_F(PythonHandlerTest, AHandlerThatExitsIsARuntimeExitError) {
  EXPECT_THAT(answer_of(python("import sys\ndef handler(event, context):\n    sys.exit(3)\n")),
              MatchesRegex(R"(Unhandled: \{"errorType":"Runtime.ExitError","errorMessage":)"
                           R"("RequestId: [0-9a-f-]{36} Error: Runtime exited with error: )"
                           R"(exit status 3"\})"));
}

}  // namespace
}  // namespace hydrant::functions
