// Any records through a subscription into the frames of its event stream, and back by a strict
// reader: lengths, checksums, headers, and every record as it was put.
#include <libdeflate.h>

#include <nlohmann/json.hpp>

#include "core/base64.h"
#include "engine/streams/subscription.h"
#include "front_end.h"
#include "services/kinesis/event_body.h"

namespace {

using hydrant::fuzz::require;
using Json = nlohmann::json;
namespace streams = hydrant::streams;

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  require(bytes.size() >= at + 4);
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

std::uint32_t checksum(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

void check_headers(std::string_view block) {
  std::size_t count = 0;
  for (; !block.empty(); ++count) {
    const std::size_t name = static_cast<std::uint8_t>(block[0]);
    require(name > 0 && block.size() >= name + 4 && block[1] == ':' && block[1 + name] == 7);
    const auto length = static_cast<std::size_t>(static_cast<std::uint8_t>(block[2 + name])) << 8 |
                        static_cast<std::uint8_t>(block[3 + name]);
    require(block.size() >= 4 + name + length);
    block.remove_prefix(4 + name + length);
  }
  require(count == 3);
}

// The data of all records, in order.
std::vector<std::string> read_back(std::string_view bytes) {
  std::vector<std::string> all;
  while (!bytes.empty()) {
    const auto total = number_at(bytes, 0), headers = number_at(bytes, 4);
    require(total <= bytes.size() && total >= headers + 16);
    const auto message = bytes.substr(0, total);
    require(number_at(message, 8) == checksum(message.substr(0, 8)));
    require(number_at(message, total - 4) == checksum(message.substr(0, total - 4)));
    check_headers(message.substr(12, headers));
    const auto payload = Json::parse(message.substr(12 + headers, total - 16 - headers));
    for (const auto& record : payload.value("Records", Json::array())) {
      std::string data;
      require(hydrant::base64_decode(record.at("Data").get<std::string>(), data));
      all.push_back(data);
    }
    bytes.remove_prefix(total);
  }
  return all;
}

}  // namespace

// The input is records: a length, a key of one byte, and the data.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hydrant::VirtualClock clock{hydrant::TimePoint(std::chrono::seconds(1'767'225'600))};
  hydrant::MemoryBudget memory{1 << 30};
  const auto stream = std::make_shared<streams::Stream>(
      streams::StreamId{"1", "r", "s"}, streams::StreamSettings{}, 1,
      streams::StreamEnvironment{clock, memory, {.enabled = false}});
  stream->set_status(streams::Status::active);
  auto subscription = std::make_shared<streams::Subscription>(stream, stream->shard(0), 0);
  hydrant::kinesis::EventBody body(subscription, "c");
  body.start([] {});

  std::string bytes;
  std::vector<std::string> put;
  const auto pull = [&] {
    auto next = hydrant::net::BodyStream::Next::more;
    while (next == hydrant::net::BodyStream::Next::more) next = body.read(bytes);
    return next;
  };
  while (size >= 2) {
    const auto length = std::min<std::size_t>(data[0], size - 2);
    const std::string key(1, static_cast<char>(data[1]));
    put.emplace_back(reinterpret_cast<const char*>(data + 2), length);
    const streams::NewRecord record{put.back(), key, streams::HashKey{}};
    require(memory.has_room(streams::Shard::footprint(record)));
    streams::Placement placement;
    stream->append({&record, 1}, {&placement, 1});
    require(placement.placed);
    if (length % 3 == 0) pull();
    data += 2 + length;
    size -= 2 + length;
  }
  pull();
  subscription->end(static_cast<streams::SubscriptionEnd>(1 + put.size() % 5));
  require(pull() == hydrant::net::BodyStream::Next::end);
  require(read_back(bytes) == put);
  return 0;
}
