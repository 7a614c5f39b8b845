// The writer of AWS JSON 1.1: blobs are base64 with padding, timestamps seconds with a fraction.
#pragma once
#include <string>
#include <string_view>

#include "aws/writer.h"
#include "core/json_writer.h"

namespace hydrant::aws {

class JsonReplyWriter final : public Writer {
 public:
  explicit JsonReplyWriter(std::string& out) : json_(out) {}

  Writer& begin_map() override { return wrote(json_.begin_object()); }
  Writer& end_map() override { return wrote(json_.end_object()); }
  Writer& begin_list() override { return wrote(json_.begin_array()); }
  Writer& end_list() override { return wrote(json_.end_array()); }
  Writer& key(std::string_view name) override { return wrote(json_.key(name)); }
  Writer& text(std::string_view text) override { return wrote(json_.string(text)); }
  Writer& plain(std::string_view text) override { return wrote(json_.plain(text)); }
  Writer& integer(std::int64_t value) override { return wrote(json_.integer(value)); }
  Writer& number(double value) override { return wrote(json_.number(value)); }
  Writer& boolean(bool value) override { return wrote(json_.boolean(value)); }
  Writer& blob(std::string_view bytes) override { return wrote(json_.base64(bytes)); }
  Writer& timestamp(TimePoint time) override;

 private:
  Writer& wrote(const JsonWriter&) { return *this; }

  JsonWriter json_;
};

}  // namespace hydrant::aws
