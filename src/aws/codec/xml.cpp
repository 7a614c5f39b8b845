#include "aws/codec/xml.h"

#include "core/base64.h"
#include "core/json_writer.h"

namespace hydrant::aws {

void append_xml_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // Control characters cannot stand in XML at all.
        const bool fits = static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t';
        out.push_back(fits ? c : '?');
    }
  }
}

void XmlWriter::indent() { out_.append(2 * depth_, ' '); }

std::string_view XmlWriter::name() { return key_.empty() ? "member" : std::string_view(key_); }

XmlWriter& XmlWriter::open() {
  const bool outermost = open_.empty();
  open_.emplace_back(outermost ? "" : name());
  if (outermost) return *this;
  indent();
  out_.append("<").append(open_.back()).append(">\n");
  key_.clear();
  ++depth_;
  return *this;
}

XmlWriter& XmlWriter::close() {
  const auto name = std::move(open_.back());
  open_.pop_back();
  key_.clear();
  if (name.empty()) return *this;
  --depth_;
  indent();
  out_.append("</").append(name).append(">\n");
  return *this;
}

Writer& XmlWriter::key(std::string_view name) {
  key_ = name;
  return *this;
}

Writer& XmlWriter::text(std::string_view text) {
  indent();
  out_.append("<").append(name()).append(">");
  append_xml_text(out_, text);
  out_.append("</").append(name()).append(">\n");
  key_.clear();
  return *this;
}

Writer& XmlWriter::integer(std::int64_t value) { return text(std::to_string(value)); }

Writer& XmlWriter::number(double value) {
  std::string digits;
  JsonWriter(digits).number(value);
  return text(digits);
}

Writer& XmlWriter::boolean(bool value) { return text(value ? "true" : "false"); }
Writer& XmlWriter::blob(std::string_view bytes) { return text(base64_encode(bytes)); }
Writer& XmlWriter::timestamp(TimePoint time) { return text(format_utc(time)); }

std::string xml_result(std::string_view operation, std::string_view xml_namespace,
                       std::string_view result, std::string_view request_id) {
  const std::string name(operation);
  std::string out = "<" + name + "Response xmlns=\"" + std::string(xml_namespace) + "\">\n";
  if (!result.empty())
    out.append("  <" + name + "Result>\n").append(result).append("  </" + name + "Result>\n");
  out += "  <ResponseMetadata>\n    <RequestId>" + std::string(request_id) +
         "</RequestId>\n  </ResponseMetadata>\n</" + name + "Response>\n";
  return out;
}

std::string xml_error(const Error& error, std::string_view xml_namespace,
                      std::string_view request_id) {
  std::string out = "<ErrorResponse xmlns=\"" + std::string(xml_namespace) + "\">\n  <Error>\n";
  XmlWriter writer(out, 2);
  writer.begin_map();
  writer.member("Type", error.status >= 500 ? "Receiver" : "Sender").member("Code", error.code);
  if (error.message) writer.member("Message", *error.message);
  writer.end_map();
  out += "  </Error>\n  <RequestId>" + std::string(request_id) + "</RequestId>\n</ErrorResponse>\n";
  return out;
}

}  // namespace hydrant::aws
