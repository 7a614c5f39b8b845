// What a query makes of a record, and what it cannot reach.
#include "engine/delivery/process/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hydrant::delivery {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::shared_ptr<const Query> compiled(std::string_view text) {
  auto result = Query::compile(text);
  EXPECT_NE(result.query, nullptr) << text << ": " << result.error;
  return result.query;
}

// "name=value;" of each key, or the error behind an exclamation mark.
std::string result_of(Query::Runner& runner, std::string_view record) {
  std::vector<PartitionKey> keys{{"left", "over"}};
  const auto error = runner.extract(record, keys);
  if (error) {
    EXPECT_THAT(keys, IsEmpty());
    return "!" + *error;
  }
  std::string text;
  for (const auto& key : keys) text += key.name + "=" + key.value + ";";
  return text;
}

std::string result_of(std::string_view query, std::string_view record) {
  const auto made = compiled(query);
  if (made == nullptr) return "!not compiled";
  auto runner = made->runner();
  return result_of(runner, record);
}

TEST(QueryTest, YieldsTextsAsTheyAre) {
  EXPECT_EQ(result_of("{a:.x,b:.y.z}", R"({"x":"é/\" \u0041","y":{"z":""}})"), "a=é/\" A;b=;");
}

TEST(QueryTest, YieldsNumbersAsJqPrintsThem) {
  EXPECT_EQ(result_of("{a:.[0],b:.[1],c:.[2],d:.[3],e:.[4],f:.[5],g:.[6]}",
                      "[3.0, 1e17, 0.1, -12, 1234567890123456789, 1.5e-7, -0]"),
            "a=3;b=1e+17;c=0.1;d=-12;e=1234567890123456800;f=1.5e-07;g=-0;");
}

TEST(QueryTest, YieldsBooleans) {
  EXPECT_EQ(result_of("{a:.t,b:.f}", R"({"t":true,"f":false})"), "a=true;b=false;");
}

TEST(QueryTest, NullIsEmpty) { EXPECT_EQ(result_of("{a:.x,b:null}", "{}"), "a=;b=;"); }

TEST(QueryTest, DoesWhatTheDocumentationShows) {
  const std::string query = R"({customer_id:.customer_id,year:.event_timestamp|strftime("%Y"),)"
                            R"(month:.event_timestamp|strftime("%m")})";
  const std::string record = R"({"customer_id":"7","event_timestamp":1565382027})";
  EXPECT_EQ(result_of(query, record), "customer_id=7;year=2019;month=08;");
}

TEST(QueryTest, KnowsTheLanguage) {
  const std::string query = R"q({
      a: (.d|strptime("%Y-%m-%dT%H:%M:%SZ")|mktime|todate), b: (.n|tonumber+1|tostring),
      c: (if .n=="1" then "one" else "many" end), d: (.none//"default"),
      e: (.s|ascii_downcase|test("^ab")), f: (.s|capture("(?<x>B.)").x), g: (.s|sub("A";"_")),
      h: (.e|@base64d)})q";
  const std::string record = R"({"d":"2015-03-05T23:51:47Z","n":"1","s":"ABC","e":"aGk="})";
  EXPECT_EQ(result_of(query, record),
            "a=2015-03-05T23:51:47Z;b=2;c=one;d=default;e=true;f=BC;g=_BC;h=hi;");
}

TEST(QueryTest, AnObjectInsideIsRefused) {
  EXPECT_EQ(result_of("{a:.}", "{}"), "!The value of a is an object or an array");
  EXPECT_EQ(result_of("{a:1,b:[]}", "{}"), "!The value of b is an object or an array");
}

TEST(QueryTest, AnythingButOneObjectIsRefused) {
  EXPECT_EQ(result_of(".", "1"), "!The query does not yield an object");
  EXPECT_EQ(result_of("[.]", "1"), "!The query does not yield an object");
  EXPECT_EQ(result_of("empty", "1"), "!The query yields nothing");
  EXPECT_EQ(result_of("{a:(1,2)}", "1"), "!The query yields more than one value");
}

TEST(QueryTest, FiftyKeysAreTheMost) {
  const auto query = compiled(R"q([range(.)|{key:"k\(.)",value:1}]|from_entries)q");
  auto runner = query->runner();
  EXPECT_THAT(result_of(runner, "50"), HasSubstr("k49=1;"));
  EXPECT_EQ(result_of(runner, "51"), "!The query yields more than 50 keys");
}

TEST(QueryTest, TellsWhatWentWrongAsJqDoes) {
  EXPECT_EQ(result_of("{a:.a.b}", R"({"a":1})"), "!Cannot index number with string \"b\"");
  EXPECT_EQ(result_of("{a:(.a|tonumber)}", R"({"a":"x"})"),
            "!Invalid numeric literal at EOF at line 1, column 1 (while parsing 'x')");
  EXPECT_EQ(result_of("error({a:1})", "1"), R"(!{"a":1})");
  EXPECT_EQ(result_of("{a:1},error(\"late\")", "1"), "!late");
}

TEST(QueryTest, RecordsMustBeJson) {
  const auto query = compiled("{a:1}");
  auto runner = query->runner();
  for (const auto* record :
       {"", " ", "x", "{", "{}}", "{} {}", "1 2", "{\"a\":1}x", "{'a':1}", "[1,]", "\"open"})
    EXPECT_EQ(result_of(runner, record), "!Non JSON record provided") << record;
  EXPECT_EQ(result_of(runner, std::string_view("{}\0", 3)), "!Non JSON record provided");
  EXPECT_EQ(result_of(runner, std::string(100'000, '[')), "!Non JSON record provided");
  EXPECT_EQ(result_of(runner, " {} \n"), "a=1;");
}

TEST(QueryTest, AFailureDoesNotReachTheNextRecord) {
  const auto query = compiled("if .x then halt else {a:.a.b} end");
  auto runner = query->runner();
  EXPECT_THAT(result_of(runner, R"({"a":1})"), StartsWith("!Cannot"));
  EXPECT_EQ(result_of(runner, R"({"x":1})"), "!halt is not available");
  EXPECT_EQ(result_of(runner, R"({"a":{"b":2}})"), "a=2;");
}

TEST(QueryTest, RunnersOfOneQueryWorkSideBySide) {
  const auto query = compiled("{a}");
  auto first = query->runner(), second = query->runner();
  EXPECT_EQ(result_of(first, R"({"a":1})"), "a=1;");
  EXPECT_EQ(result_of(second, R"({"a":2})"), "a=2;");
}

TEST(QueryTest, ErrorsOfTheQueryAreToldInOneLine) {
  EXPECT_EQ(Query::compile("{a:").error,
            "syntax error, unexpected $end (Unix shell quoting issues?) at <top-level>, line 1");
  EXPECT_EQ(Query::compile("{a:foo(1)}").error, "foo/1 is not defined at <top-level>, line 1");
  EXPECT_EQ(Query::compile("{a:$x}").error, "$x is not defined at <top-level>, line 1");
  EXPECT_EQ(Query::compile("{a:1}").error, "");
}

TEST(QueryTest, HasNoEnvironment) {
  EXPECT_EQ(result_of("$ENV", "1"), "");
  EXPECT_EQ(result_of("env", "1"), "");
  EXPECT_EQ(result_of("{a:$ENV.PATH,b:env.PATH}", "1"), "a=;b=;");
}

TEST(QueryTest, HasNoFiles) {
  for (const auto* text :
       {R"(import "a" as a; .)", R"(include "a"; .)", R"(import "a" as $a; .)", R"(module {}; .)"})
    EXPECT_EQ(Query::compile(text).query, nullptr) << text;
  EXPECT_EQ(result_of(R"("a"|modulemeta)", "1"), "!modulemeta is not available");
}

TEST(QueryTest, HasNoOtherInput) {
  EXPECT_EQ(result_of("input", "1"), "!break");
  EXPECT_EQ(result_of("{a:[inputs]|length}", "1"), "a=0;");
  EXPECT_EQ(result_of("{a:input_filename}", "1"), "a=;");
}

TEST(QueryTest, WritesNothing) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_EQ(result_of("debug|stderr|{a:1}", "1"), "a=1;");
  EXPECT_EQ(result_of("{a:1}|halt_error", "1"), "!halt is not available");
  EXPECT_EQ(Query::compile("{").query, nullptr);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(QueryTest, AnEndlessQueryEndsAtItsSecondValue) {
  EXPECT_EQ(result_of("repeat({a:1})", "1"), "!The query yields more than one value");
}

TEST(QueryTest, TheTimeZoneIsUtc) {
  EXPECT_EQ(result_of(R"q({a:(0|strflocaltime("%H %Z")),b:(0|localtime|mktime)})q", "1"),
            "a=00 UTC;b=0;");
}

// libjq 1.6 ends the process for each of these if it is let.
TEST(QueryTest, NoValueEndsTheProcess) {
  // Spelt as libjq does.
  EXPECT_EQ(result_of(R"({a:.t|strftime("%Y")})", R"({"t":1e300})"),
            "!errror converting number of seconds since epoch to datetime");
  EXPECT_EQ(result_of("{a:.t|todate}", R"({"t":1700000000000000000})"),
            "!errror converting number of seconds since epoch to datetime");
  EXPECT_EQ(result_of("{a:(0|strftime(.))}", "1"), "!strftime/1 requires a string format");
  EXPECT_EQ(result_of(R"q(. as $i|{a:("abc"|index($i)),b:("abc"|indices($i)|length)})q", R"("")"),
            "a=;b=0;");
  EXPECT_EQ(result_of("{a:(.[0]%.[1])}", "[1e300,-1]"), "a=0;");
}

TEST(QueryTest, AMatchOfNothingStaysWithinTheText) {
  EXPECT_EQ(result_of(R"q({a:([scan("[a-z]*")]|join("")),b:([splits(" *")]|tojson)})q", R"("é")"),
            R"(a=;b=["","é"];)");
  EXPECT_EQ(result_of(R"q({a:([match("[a-z]*";"g").string]|tojson),
                           b:([match(["(?<n>x)?","g"])|.captures|length]|tojson)})q",
                      R"("xé")"),
            R"(a=["x",""];b=[1,0];)");
  EXPECT_EQ(result_of(R"q({a:([match("";"g").offset]|tojson),b:([match("$";"g").offset]|tojson),
                           c:([match("\\b";"g").offset]|tojson),d:(split("[ ]*";"x")|length),
                           e:([match(".* # all";"gx").string]|tojson)})q",
                      R"("日本\ngo")"),
            R"(a=[0,1,2,3,4];b=[5];c=[0,2,3,5];d=6;e=["日本","","go"];)");
  EXPECT_EQ(result_of(R"q({a:[scan("é\\K")]})q", R"("é")"), "!\\K is not available");
}

TEST(QueryTest, AReplacementOfNothingEnds) {
  EXPECT_EQ(result_of(R"q({a:gsub("[0-9]*";""),b:gsub("";"-"),c:gsub("^";"-"),
                           d:gsub("(?<d>[0-9]*)";"<\(.d)>"),e:gsub("\\s*$";"")})q",
                      R"("a12é ")"),
            "a=aé ;b=-a-1-2-é- -;c=-a12é ;d=<null>a<12><null>é<null> <null>;e=a12é;");
}

TEST(QueryTest, NothingMakesANan) {
  EXPECT_EQ(result_of("{k:(.s[.n:]|tostring)}", R"({"s":"abc","n":nan})"),
            "!Non JSON record provided");
  EXPECT_EQ(result_of("{k:.[nan:]}", R"("abc")"), "!nan is not available");
  EXPECT_EQ(result_of("{k:.[tonumber:]}", R"("nan")"),
            "!Invalid numeric literal at EOF at line 1, column 3 (while parsing 'nan')");
  EXPECT_EQ(result_of("{k:.[fromjson[0]:]}", R"("[NaN]")"),
            "!Invalid numeric literal at EOF at line 1, column 5 (while parsing '[NaN]')");
  EXPECT_EQ(result_of("{k:(fromjson|tojson)}", R"("[1,\"nan\"]")"), R"(k=[1,"nan"];)");
}

// Paths are half walked when the second value comes.
TEST(QueryTest, ManyValuesDoNotSpoilTheNextRecord) {
  const auto query = compiled("if .a then path(..) else {b:1} end");
  auto runner = query->runner();
  EXPECT_EQ(result_of(runner, R"({"a":[1,[2,3]]})"), "!The query yields more than one value");
  EXPECT_EQ(result_of(runner, "{}"), "b=1;");
}

TEST(QueryTest, WhatReplacesFunctionsDoesAsTheyDo) {
  EXPECT_EQ(result_of(R"q({a:("a,b, cd"|[index(","),rindex(","),indices(", ")[0]]|tojson),
                          b:([1,2,1]|indices(1)|tojson), c:([(10,11)%(3,4)]|tojson),
                          d:(-5%3), e:(gmtime|strftime("%Y")), f:(0|todate), g:(0|date)})q",
                      "0"),
            "a=[1,3,3];b=[0,2];c=[1,2,2,3];d=-2;e=1970;f=1970-01-01T00:00:00Z;"
            "g=1970-01-01T00:00:00Z;");
}

TEST(QueryTest, WhatReplacesMatchesDoesAsTheyDo) {
  EXPECT_EQ(result_of(R"q({a:([scan("[0-9]")]|tojson),b:([scan("(?<x>[0-9])([a-z])?")]|tojson),
                           c:([match(["[A-Z]","gi"]).offset]|tojson),d:([splits("[0-9]")]|tojson),
                           e:(split("A";"i")|tojson),
                           f:([capture("(?<x>[0-9])(?<y>z)?";"g")]|tojson),
                           g:(capture(["(?<x>[0-9])","n"])|tojson),h:sub("[0-9]";"-"),
                           i:([gsub("(?<d>[0-9])";"<\(.d)>","")]|tojson),j:gsub("A";"";"i"),
                           k:([match("a").offset,match(["1"]).offset]|tojson)})q",
                      R"("é1a2")"),
            R"(a=["1","2"];b=[["1","a"],["2",null]];c=[2];d=["é","a",""];e=["é1","2"];)"
            R"(f=[{"x":"1","y":null},{"x":"2","y":null}];g={"x":"1"};h=é-a2;)"
            R"(i=["é<1>a<2>","éa<2>","é<1>a","éa"];j=é12;k=[2,1];)");
  for (const auto* text : {R"({a:[match(1;"g")]})", R"({a:gsub(1;"")})"})
    EXPECT_EQ(result_of(text, R"("é")"), "!number (1) is not a string") << text;
  EXPECT_EQ(result_of(R"({a:[match("a";"g")]})", "1"),
            "!number (1) cannot be matched, as it is not a string");
  EXPECT_EQ(result_of(R"({a:[match("a";"gq")]})", R"("é")"), "!gq is not a valid modifier string");
}

TEST(QueryTest, BracketsOfAQueryAreItsOwn) {
  for (const auto* text : {".)) | ((.", ")", "(", ".]", "{a:1}}", "1; 2", ".a |", "# .\n"})
    EXPECT_EQ(Query::compile(text).query, nullptr) << text;
  EXPECT_EQ(Query::compile(".a |").error,
            "syntax error, unexpected $end (Unix shell quoting issues?) at <top-level>, line 1");
  EXPECT_EQ(result_of("{a:\")\"} # and ) a comment", "1"), "a=);");
  EXPECT_EQ(result_of("def f: {a:1}; f", "1"), "a=1;");
}

}  // namespace
}  // namespace hydrant::delivery
