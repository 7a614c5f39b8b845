// What the fuzz targets of request bodies share: a declared input and a deep document to read them
// into, and a whole front end with every operation of Kinesis behind it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/dispatcher.h"
#include "aws/document.h"
#include "aws/shape.h"
#include "core/clock.h"
#include "core/logging.h"
#include "services/kinesis/service.h"

namespace hydrant::fuzz {

inline void require(bool good) {
  if (!good) std::abort();
}

// A body at the end of its own memory but for the padding, which holds what would close a document.
class Body {
 public:
  Body(const std::uint8_t* data, std::size_t size)
      : room_(new char[size + net::kBodyPadding]), size_(size) {
    if (size > 0) std::memcpy(room_.get(), data, size);
    std::memset(room_.get() + size, '}', net::kBodyPadding);
  }
  std::string_view view() const { return {room_.get(), size_}; }

 private:
  std::unique_ptr<char[]> room_;
  std::size_t size_;
};

struct Leaf {
  static constexpr std::string_view kTypeName = "Leaf";
  std::string_view text;
  std::optional<aws::Blob> blob;
  static constexpr auto shape() {
    return aws::fields(aws::field("T", &Leaf::text, aws::length(1, 4)),
                       aws::field("B", &Leaf::blob, aws::length(0, 8)));
  }
};

struct Input {
  std::optional<std::string_view> text;
  std::optional<aws::Blob> blob;
  std::optional<std::int32_t> integer;
  std::optional<std::int64_t> long_integer;
  std::optional<bool> boolean;
  std::optional<hydrant::TimePoint> time;
  std::optional<std::vector<std::string_view>> texts;
  std::optional<aws::TextMap> map;
  std::optional<Leaf> leaf;
  std::vector<Leaf> leaves;
  static constexpr aws::Rules kShort = aws::length(1, 3);
  static constexpr auto shape() {
    return aws::fields(
        aws::field("T", &Input::text, kShort), aws::field("B", &Input::blob),
        aws::field("I", &Input::integer, aws::range(1, 9)), aws::field("L", &Input::long_integer),
        aws::field("F", &Input::boolean), aws::field("D", &Input::time),
        aws::field("A", &Input::texts, aws::list_of(kShort, 1, 3)),
        aws::field("M", &Input::map, aws::map_of(kShort, kShort, 1, 3)),
        aws::field("S", &Input::leaf), aws::field("R", &Input::leaves, aws::length(1, 3)));
  }
};

// A shape that holds itself, so that a document may go as deep as it likes.
inline const aws::Shape& document_shape() {
  static const aws::Shape* const shape = [] {
    auto* text = new aws::Shape;
    text->target = aws::Target::text;
    text->rules = aws::length(1, 4);
    auto* number = new aws::Shape;
    number->target = aws::Target::integer;
    number->rules = aws::range(1, 9);
    auto* map = new aws::Shape;
    map->target = aws::Target::map;
    auto* self = new aws::Shape;
    auto* list = new aws::Shape;
    list->target = aws::Target::list;
    list->element = self;
    self->members = {{"T", text, true}, {"I", number}, {"M", map}, {"S", self}, {"R", list}};
    return self;
  }();
  return *shape;
}

inline bool is_broken(const std::optional<aws::Error>& error) {
  return error && error->code == "SerializationException" && !error->message;
}

// Only while its answers do not depend on what it was asked before does an input show the same
// again.
struct Server {
  hydrant::VirtualClock clock{hydrant::TimePoint(std::chrono::seconds(1'767'225'600))};
  hydrant::Random random{1};
  hydrant::MemoryBudget memory{1 << 20};
  aws::TokenSealer tokens{random};
  struct NoGaps final : aws::GapSink {
    std::optional<aws::Error> note(const std::string&, const std::string&,
                                   const std::string&) override {
      return std::nullopt;
    }
  } gaps;
  streams::Registry registry{{clock, memory, {}}, {}, streams::WhenFull::trim};
  kinesis::Service service{{registry, clock, tokens, gaps, {.shards_large_region = 64}}};
  aws::Dispatcher dispatcher{{}, {&service}, random, hydrant::Logger::silent()};

  Server() { registry.create({"000000000000", "us-east-1", "s"}, {}, 2); }
};

class NeverLater final : public net::Later {
 public:
  Give defer() override { std::abort(); }
};

inline constexpr std::string_view kTargets[] = {
#define HYDRANT_OPERATION(name) "Kinesis_20131202." #name,
#include "services/kinesis/operations.def"
#undef HYDRANT_OPERATION
};

inline net::Reply serve(std::string_view body, std::string_view content_type,
                        std::string_view target) {
  Server server;
  net::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers = {{"Content-Type", content_type}, {"X-Amz-Target", target}};
  request.body = body;
  NeverLater later;
  auto reply = server.dispatcher.serve(request, later);
  // GetShardIterator answers one input as the service does: with a failure of its own.
  const bool may_fail = target.ends_with(".GetShardIterator");
  require(reply.status == 200 || reply.status == 400 || (may_fail && reply.status == 500));
  return reply;
}

}  // namespace hydrant::fuzz
