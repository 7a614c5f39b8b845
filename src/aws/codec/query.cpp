#include "aws/codec/query.h"

#include <charconv>

#include "core/base64.h"
#include "net/message.h"

namespace hydrant::aws {
namespace {

constexpr std::string_view kElements = "member";

std::string form_decode(std::string_view text) {
  std::string spaced(text);
  for (auto& c : spaced)
    if (c == '+') c = ' ';
  return net::percent_decode(spaced);
}

template <class T>
T parsed(const std::string& text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

QueryDocument::QueryDocument(std::string_view body) {
  while (!body.empty()) {
    const auto end = body.find('&');
    const auto pair = body.substr(0, end);
    const auto equals = pair.find('=');
    const auto value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    if (!pair.empty()) add(form_decode(pair.substr(0, equals)), form_decode(value));
    body = end == std::string_view::npos ? "" : body.substr(end + 1);
  }
}

void QueryDocument::add(std::string_view name, std::string value) {
  auto* node = &root_;
  for (std::size_t depth = 0; depth < kQueryDepthMax; ++depth) {
    const auto dot = name.find('.');
    node = &node->members[std::string(name.substr(0, dot))];
    if (dot == std::string_view::npos) {
      node->value = std::move(value);
      return;
    }
    name = name.substr(dot + 1);
  }
}

std::string_view QueryDocument::field(std::string_view name) const {
  const auto found = root_.members.find(name);
  return found == root_.members.end() ? std::string_view{} : found->second.value;
}

// A list has nothing but elements, which are told by their numbers.
Kind QueryReader::kind() {
  if (node_ == &root_) return Kind::map;
  if (node_->members.empty()) return Kind::text;
  const bool list = node_->members.size() == 1 && node_->members.begin()->first == kElements;
  return list ? Kind::list : Kind::map;
}

void QueryReader::enter() { frames_.push_back({node_, node_->members.begin(), 0}); }

void QueryReader::leave() {
  node_ = frames_.back().node;
  frames_.pop_back();
}

bool QueryReader::next_member(std::string_view& name) {
  auto& frame = frames_.back();
  if (frame.next == frame.node->members.end()) {
    leave();
    return false;
  }
  name = frame.next->first;
  node_ = &frame.next->second;
  ++frame.next;
  return true;
}

bool QueryReader::next_element() {
  auto& frame = frames_.back();
  const auto& elements = frame.node->members.begin()->second.members;
  const auto found = elements.find(std::to_string(++frame.element));
  if (found == elements.end()) {
    leave();
    return false;
  }
  node_ = &found->second;
  return true;
}

bool QueryReader::boolean() { return node_->value == "true"; }
double QueryReader::number() { return parsed<double>(node_->value); }
std::int64_t QueryReader::integer() { return parsed<std::int64_t>(node_->value); }

BlobRead QueryReader::blob() {
  BlobRead read;
  read.text = node_->value;
  auto& bytes = blobs_.emplace_back();
  if (!base64_decode(node_->value, bytes)) read.error = Base64Error::length;
  read.bytes = bytes;
  return read;
}

TimePoint QueryReader::timestamp() {
  TimePoint time{};
  parse_utc(node_->value, time);
  return time;
}

}  // namespace hydrant::aws
