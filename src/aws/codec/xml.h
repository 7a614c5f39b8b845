// XML as the query protocol answers it: an element for each member, "member" for those of a list.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/writer.h"

namespace hydrant::aws {

// Elements are indented as the services do it, `depth` levels to begin with. The outermost map is
// what the caller's own element holds.
class XmlWriter final : public Writer {
 public:
  XmlWriter(std::string& out, std::size_t depth) : out_(out), depth_(depth) {}

  Writer& begin_map() override { return open(); }
  Writer& end_map() override { return close(); }
  Writer& begin_list() override { return open(); }
  Writer& end_list() override { return close(); }
  Writer& key(std::string_view name) override;
  Writer& text(std::string_view text) override;
  Writer& plain(std::string_view text) override { return this->text(text); }
  Writer& integer(std::int64_t value) override;
  Writer& number(double value) override;
  Writer& boolean(bool value) override;
  Writer& blob(std::string_view bytes) override;
  Writer& timestamp(TimePoint time) override;

 private:
  XmlWriter& open();
  XmlWriter& close();
  std::string_view name();
  void indent();

  std::string& out_;
  std::size_t depth_;
  std::vector<std::string> open_;  // elements; empty for the outermost map
  std::string key_;
};

void append_xml_text(std::string& out, std::string_view text);

// The whole documents of an answer and of a refusal.
std::string xml_result(std::string_view operation, std::string_view xml_namespace,
                       std::string_view result, std::string_view request_id);
std::string xml_error(const Error& error, std::string_view xml_namespace,
                      std::string_view request_id);

}  // namespace hydrant::aws
