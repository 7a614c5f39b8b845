// One case per answer a function can give: what is delivered, and what ends in the error output.
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using functions::InvokeResult;

struct ExpectedFailure {
  std::string code, raw_data;
  int attempts = 1;
};

struct Case {
  const char* name;
  std::vector<std::string> input;
  // For attempt 0, 1, ...; the last one repeats. {0} stands for the id of record 0.
  std::vector<InvokeResult> answers;
  std::size_t invocations;
  std::string delivered;
  std::vector<ExpectedFailure> failures = {};
  int retries = 3;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class VerdictTest : public DeliveryTest, public ::testing::WithParamInterface<Case> {
 protected:
  static InvokeResult with_ids(InvokeResult result, const Event& event) {
    for (std::size_t i = 0; i < event.records.size(); ++i) {
      const std::string mark = "{" + std::to_string(i) + "}";
      for (auto at = result.payload.find(mark); at != std::string::npos;
           at = result.payload.find(mark))
        result.payload.replace(at, mark.size(), event.records[i].id);
    }
    return result;
  }
  std::vector<std::string> failure_lines() const {
    std::vector<std::string> lines;
    for (const auto& object : sink.written()) {
      if (object.key.find("processing-failed") == std::string::npos) continue;
      EXPECT_NE(object.bytes.back(), '\n');
      std::istringstream text(object.bytes);
      for (std::string line; std::getline(text, line);) lines.push_back(line);
    }
    return lines;
  }
  std::string data() const {
    std::string all;
    for (const auto& object : sink.written()) {
      if (object.key.find("processing-failed") == std::string::npos) all += object.bytes;
    }
    return all;
  }
};

TEST_P(VerdictTest, Holds) {
  const Case& expected = GetParam();
  std::size_t attempt = 0;
  function->answer_with([&](const Event& event) {
    const std::size_t i = std::min(attempt++, expected.answers.size() - 1);
    return with_ids(expected.answers[i], event);
  });
  create("logs", transformed(lambda(expected.retries)));
  put("logs", expected.input);
  flush();

  EXPECT_EQ(function->invocations(), expected.invocations);
  EXPECT_EQ(data(), expected.delivered);
  const auto lines = failure_lines();
  ASSERT_EQ(lines.size(), expected.failures.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    simdjson::dom::parser parser;
    const auto line = parser.parse(lines[i]);
    std::string raw;
    ASSERT_TRUE(base64_decode(std::string_view(line["rawData"]), raw));
    EXPECT_EQ(std::string_view(line["errorCode"]), expected.failures[i].code);
    EXPECT_EQ(raw, expected.failures[i].raw_data);
    EXPECT_EQ(std::int64_t(line["attemptsMade"]), expected.failures[i].attempts);
    EXPECT_EQ(std::string_view(line["lambdaARN"]), kLambdaArn);
  }
}

InvokeResult records(const std::string& list) { return answer(R"({"records":[)" + list + "]}"); }
std::string ok(const std::string& id, const std::string& data) { return returned(id, "Ok", data); }
std::string result(const std::string& id, const std::string& verdict) {
  return R"({"recordId":")" + id + R"(","result":")" + verdict + R"("})";
}
std::string ok_with(const std::string& id, const std::string& data_json) {
  return R"({"recordId":")" + id + R"(","result":"Ok","data":)" + data_json + "}";
}

const std::string kMissing = "Lambda.MissingRecordId", kDuplicated = "Lambda.DuplicatedRecordId",
                  kStatus = "Lambda.ProcessingFailedStatus", kFormat = "Lambda.InvalidReturnFormat",
                  kJson = "Lambda.JsonProcessingException", kError = "Lambda.FunctionError";

INSTANTIATE_TEST_SUITE_P(
    Answers, VerdictTest,
    ::testing::Values(
        Case{"ok", {"a", "b"}, {records(ok("{0}", "x") + "," + ok("{1}", "y"))}, 1, "xy"},
        Case{"ok_in_another_order",
             {"a", "b"},
             {records(ok("{1}", "y") + "," + ok("{0}", "x"))},
             1,
             "xy"},
        Case{"dropped",
             {"a", "b"},
             {records(result("{0}", "Dropped") + "," + ok("{1}", "k"))},
             1,
             "k"},
        Case{"dropped_with_data",
             {"a", "b"},
             {records(returned("{0}", "Dropped", "zzz") + "," + ok("{1}", "k"))},
             1,
             "k"},
        Case{"all_dropped", {"a"}, {records(result("{0}", "Dropped"))}, 1, ""},
        Case{"processing_failed",
             {"orig", "b"},
             {records(returned("{0}", "ProcessingFailed", "changed") + "," + ok("{1}", "k"))},
             1,
             "k",
             {{kStatus, "orig"}}},
        Case{"two_failed",
             {"a", "b"},
             {records(result("{0}", "ProcessingFailed") + "," + result("{1}", "ProcessingFailed"))},
             1,
             "",
             {{kStatus, "a"}, {kStatus, "b"}}},
        Case{"not_returned", {"a", "b"}, {records(ok("{1}", "y"))}, 1, "y", {{kMissing, "a"}}},
        Case{"returned_twice",
             {"a", "b"},
             {records(ok("{0}", "x") + "," + ok("{0}", "z") + "," + ok("{1}", "y"))},
             1,
             "y",
             {{kDuplicated, "a"}}},
        Case{"returned_three_times",
             {"a"},
             {records(ok("{0}", "x") + "," + result("{0}", "Dropped") + "," + ok("{0}", "z"))},
             1,
             "",
             {{kDuplicated, "a"}}},
        Case{"unknown_id", {"a"}, {records(ok("{0}", "x") + "," + ok("stray", "s"))}, 1, "x"},
        Case{"unknown_id_twice",
             {"a"},
             {records(ok("s", "1") + "," + ok("{0}", "x") + "," + ok("s", "2"))},
             1,
             "x"},
        Case{"empty_object", {"a"}, {answer("{}")}, 1, "", {{kMissing, "a"}}, 5},
        Case{"empty_list", {"a", "b"}, {records("")}, 1, "", {{kMissing, "a"}, {kMissing, "b"}}},
        Case{"records_null", {"a"}, {answer(R"({"records":null})")}, 1, "", {{kMissing, "a"}}},
        Case{"payload_null", {"a"}, {answer("null")}, 1, "", {{kMissing, "a"}}},
        Case{"not_json", {"a", "b"}, {answer("not json")}, 1, "", {{kJson, "a"}, {kJson, "b"}}},
        Case{"a_list", {"a"}, {answer("[]")}, 1, "", {{kJson, "a"}}},
        Case{"no_bytes", {"a"}, {answer("")}, 1, "", {{kJson, "a"}}},
        Case{"ok_without_data", {"a"}, {records(result("{0}", "Ok"))}, 1, "", {{kFormat, "a"}}},
        Case{"ok_data_null",
             {"a", "b"},
             {records(ok_with("{0}", "null") + "," + ok("{1}", "two"))},
             1,
             "two",
             {{kFormat, "a"}}},
        Case{"ok_data_number", {"a"}, {records(ok_with("{0}", "1"))}, 1, "", {{kFormat, "a"}}},
        Case{"ok_data_empty",
             {"a", "b"},
             {records(ok("{0}", "") + "," + ok("{1}", "two"))},
             1,
             "two"},
        Case{"result_in_lower_case",
             {"a"},
             {records(returned("{0}", "ok", "x"))},
             1,
             "",
             {{kFormat, "a"}}},
        Case{"result_missing",
             {"a"},
             {records(R"({"recordId":"{0}","data":"YQ=="})")},
             1,
             "",
             {{kFormat, "a"}}},
        Case{"not_base64",
             {"a", "b"},
             {records(ok_with("{0}", R"("not base64 %%%")") + "," + ok("{1}", "kept"))},
             1,
             "kept",
             {{kFormat, "a"}}},
        Case{
            "base64_in_lines",
            {"a", "b", "c", "d"},
            {records(ok_with("{0}", R"("eA==\n")") + "," + ok_with("{1}", R"(" eHh4\r\n\teHh4 ")") +
                     "," + ok_with("{2}", R"("\n")") + "," + ok_with("{3}", R"("eHh4\n\neQ==")"))},
            1,
            "xxxxxxxxxxy"},
        Case{"white_space_within_a_group",
             {"a", "b", "c"},
             {records(ok_with("{0}", R"("eA ==")") + "," + ok_with("{1}", R"("e\nHh4")") + "," +
                      ok_with("{2}", R"("eA=\n=")"))},
             1,
             "",
             {{kFormat, "a"}, {kFormat, "b"}, {kFormat, "c"}}},
        Case{"base64_in_lines_that_is_not_whole",
             {"a", "b", "c"},
             {records(ok_with("{0}", R"("eHh4\neA")") + "," + ok_with("{1}", R"("eHh4\neB==")") +
                      "," + ok_with("{2}", R"("eA==\neA==")"))},
             1,
             "",
             {{kFormat, "a"}, {kFormat, "b"}, {kFormat, "c"}}},
        Case{"huge_number",
             {"a"},
             {answer(R"({"count":1e400,"records":[)" + ok("{0}", "x") + "]}")},
             1,
             "x"},
        Case{"half_a_surrogate_pair",
             {"a"},
             {answer(R"({"m":"\ud83d","records":[)" + ok("{0}", "x") + "]}")},
             1,
             "x"},
        Case{"other_members_echoed",
             {"a"},
             {records(R"({"recordId":"{0}","approximateArrivalTimestamp":1,"foo":[1],)"
                      R"("kinesisRecordMetadata":{"shardId":"s"},"result":"Ok","data":"eA=="})")},
             1,
             "x"},
        Case{"empty_input", {""}, {records(ok("{0}", "x"))}, 1, "x"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Attempts, VerdictTest,
    ::testing::Values(
        Case{"function_error",
             {"a", "b"},
             {function_error()},
             4,
             "",
             {{kError, "a", 4}, {kError, "b", 4}}},
        Case{"no_retries", {"a"}, {function_error()}, 1, "", {{kError, "a", 1}}, 0},
        Case{"two_retries", {"a"}, {function_error()}, 3, "", {{kError, "a", 3}}, 2},
        Case{"error_then_success",
             {"a"},
             {function_error(), function_error(), records(ok("{0}", "x"))},
             3,
             "x"},
        Case{"error_then_processing_failed",
             {"a"},
             {function_error(), records(result("{0}", "ProcessingFailed"))},
             2,
             "",
             {{kStatus, "a", 2}}},
        Case{"malformed_is_not_tried_again",
             {"a"},
             {function_error(), answer("{"), records(ok("{0}", "x"))},
             2,
             "",
             {{kJson, "a", 2}}},
        Case{"timed_out",
             {"a"},
             {function_error("2026-01-01T00:00:00Z id Task timed out after 3.00 seconds")},
             4,
             "",
             {{"Lambda.FunctionTimedOut", "a", 4}}},
        Case{"access_denied",
             {"a"},
             {api_error(403, "AccessDeniedException")},
             4,
             "",
             {{"Lambda.InvokeAccessDenied", "a", 4}}},
        Case{"not_found", {"a"}, {api_error(404)}, 4, "", {{"Lambda.ResourceNotFound", "a", 4}}},
        Case{"throttled", {"a"}, {api_error(429)}, 4, "", {{"Lambda.InvokeLimitExceeded", "a", 4}}},
        Case{"throttled_then_ok", {"a"}, {api_error(429), records(ok("{0}", "x"))}, 2, "x"},
        Case{"service_error", {"a"}, {api_error(500)}, 4, "", {{kError, "a", 4}}},
        Case{"no_connection", {"a"}, {api_error(0)}, 4, "", {{kError, "a", 4}}},
        Case{"bad_request", {"a"}, {api_error(400)}, 1, "", {{kError, "a", 1}}},
        Case{"subnet",
             {"a"},
             {api_error(502, "InvalidSubnetIDException")},
             4,
             "",
             {{"Lambda.InvalidSubnetIDException", "a", 4}}},
        Case{"eni_limit",
             {"a"},
             {api_error(502, "ENILimitReachedException")},
             4,
             "",
             {{"Lambda.ENILimitReachedException", "a", 4}}}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hydrant::delivery
