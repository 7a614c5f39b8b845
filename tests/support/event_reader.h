// EventReader: the client's end of a stream of events, which reads what there is without waiting.
#pragma once
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "net/message.h"

namespace hydrant::kinesis {

struct EventFrame {
  std::map<std::string, std::string> headers;
  nlohmann::json payload;
};

class EventReader {
 public:
  explicit EventReader(std::shared_ptr<net::BodyStream> stream) : stream_(std::move(stream)) {
    stream_->start([this] { ++wakes_; });
  }

  // All that comes without another wake.
  std::vector<EventFrame> frames() {
    std::string bytes;
    auto next = net::BodyStream::Next::more;
    while (next == net::BodyStream::Next::more) next = stream_->read(bytes);
    ended_ = next == net::BodyStream::Next::end;
    return parse(bytes);
  }
  bool ended() const { return ended_; }
  int wakes() const { return wakes_; }

 private:
  static std::uint32_t number(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
  }
  static std::uint32_t checksum(std::string_view bytes) {
    return libdeflate_crc32(0, bytes.data(), bytes.size());
  }

  static std::vector<EventFrame> parse(std::string_view bytes) {
    std::vector<EventFrame> all;
    while (!bytes.empty()) {
      const auto total = number(bytes, 0);
      const auto message = bytes.substr(0, total);
      EXPECT_EQ(message.size(), total);
      EXPECT_EQ(number(message, 8), checksum(message.substr(0, 8)));
      EXPECT_EQ(number(message, total - 4), checksum(message.substr(0, total - 4)));
      all.push_back({headers(message.substr(12, number(message, 4))), {}});
      const auto payload = message.substr(12 + number(message, 4), total - 16 - number(message, 4));
      all.back().payload = nlohmann::json::parse(payload);
      bytes.remove_prefix(total);
    }
    return all;
  }

  static std::map<std::string, std::string> headers(std::string_view block) {
    constexpr char kString = 7;
    std::map<std::string, std::string> all;
    while (!block.empty()) {
      const auto name = block.substr(1, static_cast<unsigned char>(block[0]));
      block.remove_prefix(1 + name.size());
      EXPECT_EQ(block[0], kString);
      const auto length = static_cast<std::size_t>(static_cast<unsigned char>(block[1])) << 8 |
                          static_cast<unsigned char>(block[2]);
      all.emplace(name, block.substr(3, length));
      block.remove_prefix(3 + length);
    }
    return all;
  }

  const std::shared_ptr<net::BodyStream> stream_;
  bool ended_ = false;
  int wakes_ = 0;
};

}  // namespace hydrant::kinesis
