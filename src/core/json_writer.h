// JsonWriter: compact JSON, appended to a string. No document is built.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace hydrant {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name) {  // must be plain: no escapes are looked for
    append_quoted(name, "\":");
    need_comma_ = false;
    return *this;
  }
  JsonWriter& string(std::string_view text);
  JsonWriter& plain(std::string_view text) {  // the same of a text that needs no escape
    append_quoted(text, "\"");
    need_comma_ = true;
    return *this;
  }
  JsonWriter& integer(std::int64_t value);
  JsonWriter& number(double value);  // shortest form that reads back the same
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& base64(std::string_view bytes);
  JsonWriter& raw(std::string_view json);  // a finished value

  // For members, the common case.
  JsonWriter& member(std::string_view name, std::string_view text) {
    return key(name).string(text);
  }
  JsonWriter& member(std::string_view name, const char* text) { return key(name).string(text); }
  JsonWriter& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }

 private:
  JsonWriter& open(char bracket) {
    separate();
    out_.push_back(bracket);
    need_comma_ = false;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_.push_back(bracket);
    need_comma_ = true;
    return *this;
  }
  void separate() {
    if (need_comma_) out_.push_back(',');
    need_comma_ = true;
  }
  void append_quoted(std::string_view text, std::string_view after);

  std::string& out_;
  bool need_comma_ = false;
};

// `text` as a JSON string with its quotes. Invalid UTF-8 is written as U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace hydrant
