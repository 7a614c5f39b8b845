// The JSON codec of AWS JSON 1.1: blobs are base64 with padding, timestamps seconds with a
// fraction.
#pragma once
#include <simdjson.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/reader.h"
#include "aws/writer.h"

namespace hydrant::aws {

// What a reader needs and may keep from one request to the next. One per thread.
class JsonScratch {
 public:
  // Of a map or a list that is being read.
  struct Frame {
    simdjson::ondemand::object_iterator member, members_end;
    simdjson::ondemand::array_iterator element, elements_end;
    bool first = true;
  };

  simdjson::ondemand::parser parser;
  std::vector<Frame> frames;
  // Room for `bytes` more; what was given before stays where it is.
  char* blob_room(std::size_t bytes);
  void prepare(std::size_t document_bytes);  // before each document: all room is free again

 private:
  std::unique_ptr<char[]> blobs_;
  std::size_t capacity_ = 0, used_ = 0;
  std::vector<std::unique_ptr<char[]>> extra_;
};

// simdjson on demand. `body` has SIMDJSON_PADDING readable bytes behind it and outlives the reader.
class JsonReader final : public Reader {
 public:
  JsonReader(std::string_view body, JsonScratch& scratch);

  Kind kind() override;
  bool failed() const override { return failed_; }
  void enter() override;
  bool next_member(std::string_view& name) override;
  bool next_element() override;
  bool boolean() override;
  double number() override;
  std::int64_t integer() override;
  std::string_view text() override;
  BlobRead blob() override;
  TimePoint timestamp() override;
  void skip() override;
  bool finished() override;

 private:
  using Frame = JsonScratch::Frame;
  template <class T>
  bool take(simdjson::simdjson_result<T> result, T& to);
  bool fail();
  Kind look();

  JsonScratch& scratch_;
  simdjson::ondemand::document document_;
  simdjson::ondemand::value value_;
  std::optional<Kind> kind_;  // of the value, once somebody has asked
  std::vector<Frame>& frames_;
  bool at_root_ = true;
  bool failed_ = false;
};

class JsonReplyWriter final : public Writer {
 public:
  explicit JsonReplyWriter(std::string& out) : out_(out) {}

  Writer& begin_map() override { return open('{'); }
  Writer& end_map() override { return close('}'); }
  Writer& begin_list() override { return open('['); }
  Writer& end_list() override { return close(']'); }
  Writer& key(std::string_view name) override;
  Writer& text(std::string_view text) override;
  Writer& plain(std::string_view text) override;
  Writer& integer(std::int64_t value) override;
  Writer& number(double value) override;
  Writer& boolean(bool value) override;
  Writer& blob(std::string_view bytes) override;
  Writer& timestamp(TimePoint time) override;

 private:
  JsonReplyWriter& open(char bracket);
  JsonReplyWriter& close(char bracket);
  void separate();
  void append_between(std::string_view before, std::string_view text, std::string_view after);

  std::string& out_;
  bool need_comma_ = false;
};

}  // namespace hydrant::aws
