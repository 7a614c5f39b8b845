#include "aws/event_stream.h"

#include <libdeflate.h>

#include <cstdint>

#include "core/json_writer.h"

namespace hydrant::aws {
namespace {

constexpr std::size_t kPreludeBytes = 12;  // both lengths and their checksum
constexpr std::size_t kCrcBytes = 4;
constexpr char kStringHeader = 7;
constexpr std::string_view kJson = "application/x-amz-json-1.1";

void put_u32(char* to, std::size_t value) {
  for (int i = 0; i < 4; ++i) to[i] = static_cast<char>(value >> (24 - 8 * i));
}

std::uint32_t checksum(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

}  // namespace

EventMessage::EventMessage(std::string& out) : out_(out), start_(out.size()) {
  out_.append(kPreludeBytes, '\0');
}

void EventMessage::header(std::string_view name, std::string_view value) {
  out_.push_back(static_cast<char>(name.size()));
  out_.append(name);
  out_.push_back(kStringHeader);
  out_.push_back(static_cast<char>(value.size() >> 8));
  out_.push_back(static_cast<char>(value.size()));
  out_.append(value);
}

void EventMessage::end_headers() {
  put_u32(out_.data() + start_ + 4, out_.size() - start_ - kPreludeBytes);
}

EventMessage EventMessage::event(std::string& out, std::string_view type) {
  EventMessage message(out);
  message.header(":message-type", "event");
  message.header(":event-type", type);
  message.header(":content-type", kJson);
  message.end_headers();
  return message;
}

void EventMessage::finish() {
  put_u32(out_.data() + start_, out_.size() - start_ + kCrcBytes);
  put_u32(out_.data() + start_ + 8, checksum({out_.data() + start_, 8}));
  const auto crc = checksum({out_.data() + start_, out_.size() - start_});
  out_.append(kCrcBytes, '\0');
  put_u32(out_.data() + out_.size() - kCrcBytes, crc);
}

void append_initial_response(std::string& out) {
  auto message = EventMessage::event(out, "initial-response");
  out += "{}";
  message.finish();
}

void append_exception(std::string& out, const Error& error) {
  EventMessage message(out);
  message.header(":message-type", "exception");
  message.header(":exception-type", error.code);
  message.header(":content-type", "application/json");
  message.end_headers();
  JsonWriter writer(out);
  writer.begin_object();
  if (error.message) writer.member("message", *error.message);
  writer.end_object();
  message.finish();
}

}  // namespace hydrant::aws
