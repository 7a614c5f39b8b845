// A record is read as jq reads it, whichever parser does.
#include "engine/delivery/process/record_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace hydrant::delivery {
namespace {

std::string dump(jv value) {
  if (!jv_is_valid(value)) {
    jv_free(value);
    return "invalid";
  }
  jv text = jv_dump_string(value, JV_PRINT_SORTED);
  std::string copy = jv_string_value(text);
  jv_free(text);
  return copy;
}

// What libjq's own parser makes of it, which is how jq reads its input.
std::string as_jq_reads(const std::string& record) {
  return dump(jv_parse_sized(record.c_str(), static_cast<int>(record.size())));
}

std::string as_read(const std::string& record) {
  static RecordReader reader;
  return dump(reader.read(record));
}

TEST(RecordReaderTest, ReadsWhatJqReads) {
  for (const std::string record : {R"({"a":1,"b":[true,false,null],"c":{"d":"x"}})",
                                   R"({"a":1,"a":2})",
                                   "1",
                                   "\"text\"",
                                   " {} \n",
                                   "-0",
                                   "[0,-0]",
                                   R"({"day":"2026-01-01","n":0})",
                                   "[0.1,1e3,-2.5e-7]",
                                   "9007199254740993",
                                   "18446744073709551615",
                                   "123456789012345678901234567890",
                                   "1e999",
                                   "-1e999",
                                   "\"\\u0000\"",
                                   "\"\\ud83d\\ude00\"",
                                   "\"\\ud83d\"",
                                   "\"\xff\"",
                                   "\"a\tb\"",
                                   "01",
                                   "[1,]",
                                   "{\"a\"}",
                                   "",
                                   "  ",
                                   "{",
                                   "\"open",
                                   "tru",
                                   "\xef\xbb\xbf{}"})
    EXPECT_EQ(as_read(record), as_jq_reads(record)) << record;
}

// It is no JSON, and libjq ends the process or never ends for some of its functions that get it.
TEST(RecordReaderTest, TakesNoNan) {
  for (const std::string record : {"nan", "NaN", "-nan", "[1,nan]", "{\"a\":{\"b\":[nan]}}"})
    EXPECT_EQ(as_read(record), "invalid") << record;
  EXPECT_EQ(as_read("[\"nan\",1e999]"), as_jq_reads("[\"nan\",1e999]"));
}

TEST(RecordReaderTest, ReadsOneValueOnly) {
  for (const std::string record : {"1 2", "{}{}", "{} x", "{}]"})
    EXPECT_EQ(as_read(record), "invalid") << record;
}

TEST(RecordReaderTest, ReadsAsDeepAsJqDoes) {
  for (const std::size_t depth :
       {99U, 100U, 101U, 102U, 128U, 129U, 200U, 255U, 256U, 257U, 258U}) {
    const auto array = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_EQ(as_read(array), as_jq_reads(array)) << depth;
    std::string object;
    for (std::size_t i = 0; i < depth; ++i) object += "{\"a\":";
    object += "1" + std::string(depth, '}');
    EXPECT_EQ(as_read(object), as_jq_reads(object)) << depth;
  }
}

// Any JSON, and what becomes of it when a byte is changed.
class Writer {
 public:
  std::string value(int depth) {
    switch (up_to(depth > 4 ? 5 : 7)) {
      case 0:
        return std::to_string(static_cast<std::int64_t>(dice_()));
      case 1:
        return std::to_string(static_cast<double>(dice_()) / 1e7) + "e" +
               std::to_string(static_cast<int>(up_to(40)) - 20);
      case 2:
        return up_to(1) == 0 ? "true" : "null";
      case 3:
        return std::to_string(up_to(3));
      case 4:
      case 5:
        return text();
      case 6:
        return list('[', ']', [&] { return value(depth + 1); });
      default:
        return list('{', '}', [&] { return text() + ":" + value(depth + 1); });
    }
  }
  std::string changed(std::string json) {
    json[up_to(json.size() - 1)] = " \"\\{}[],:0-9eu\x80\n"[up_to(15)];
    return json;
  }

 private:
  std::uint64_t up_to(std::uint64_t most) { return dice_() % (most + 1); }
  std::string text() {
    constexpr const char* kParts[] = {"a", "key", "\\n", "\\u00e9", "\xc3\xa9", "\\\"", " ", "-0"};
    std::string text = "\"";
    for (auto parts = up_to(4); parts > 0; --parts) text += kParts[up_to(7)];
    return text + "\"";
  }
  template <class Part>
  std::string list(char open, char close, Part part) {
    std::string text(1, open);
    for (auto parts = up_to(4); parts > 0; --parts) text += part() + (parts > 1 ? ", " : "");
    return text + close;
  }
  std::mt19937_64 dice_{1};
};

TEST(RecordReaderTest, ReadsAnyRecordAsJqDoes) {
#ifdef __SANITIZE_ADDRESS__
  // libjq 1.6 forgets a value that stands right behind another one.
  const __lsan::ScopedDisabler disabler;
#endif
  Writer writer;
  for (int i = 0; i < 20'000 && !testing::Test::HasFailure(); ++i) {
    const std::string json = writer.value(0);
    EXPECT_EQ(as_read(json), as_jq_reads(json)) << json;
    const std::string changed = writer.changed(json);
    const std::string read = as_read(changed);
    // Several values are one error in jv_parse_sized; what is left over may be white space.
    EXPECT_EQ(read, as_jq_reads(changed)) << changed;
  }
}

}  // namespace
}  // namespace hydrant::delivery
