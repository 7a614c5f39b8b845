// The writer of AWS JSON 1.1: blobs are base64 with padding, timestamps seconds with a fraction.
#pragma once
#include <string>
#include <string_view>

#include "aws/writer.h"

namespace hydrant::aws {

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
  void append_quoted(std::string_view text, std::string_view after);

  std::string& out_;
  bool need_comma_ = false;
};

}  // namespace hydrant::aws
