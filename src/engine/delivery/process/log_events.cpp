#include "engine/delivery/process/log_events.h"

#include <libdeflate.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "engine/delivery/transform/mended_json.h"

namespace hydrant::delivery {
namespace {

namespace dom = simdjson::dom;

using Decompressor = std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)>;

Decompressor make_decompressor() {
  Decompressor decompressor(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (decompressor == nullptr) throw std::bad_alloc();
  return decompressor;
}

constexpr std::size_t kGzipFooterBytes = 8;

// What the last member of a gzip file says that it holds, modulo 4 GiB. Only a hint.
std::size_t claimed_size(std::string_view bytes) {
  if (bytes.size() < kGzipFooterBytes) return 0;
  std::size_t size = 0;
  for (std::size_t i = 1; i <= 4; ++i)
    size = size << 8 | static_cast<std::uint8_t>(bytes[bytes.size() - i]);
  return size;
}

// One member from the front of `bytes`. `room` is how much may be tried at first: a wrong guess
// costs the work so far, so it doubles.
bool gunzip_member(libdeflate_decompressor* decompressor, std::string_view& bytes,
                   std::size_t room_max, std::size_t room, Payload& to) {
  for (;;) {
    room = std::min(room, room_max);
    std::size_t taken = 0, made = 0;
    char* at = to.reserve_more(std::max<std::size_t>(room, 1));
    const auto result = libdeflate_gzip_decompress_ex(decompressor, bytes.data(), bytes.size(), at,
                                                      room, &taken, &made);
    if (result == LIBDEFLATE_SUCCESS) {
      to.commit(made);
      bytes.remove_prefix(taken);
      return true;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE || room == room_max) return false;
    room *= 2;
  }
}

bool is_log_message(dom::element event, std::string_view& message) {
  return event["message"].get(message) == simdjson::SUCCESS;
}

}  // namespace

std::optional<Payload> gunzip(std::string_view bytes, std::size_t bytes_max) {
  constexpr std::size_t kRoomMin = 1024;
  // Deflate makes at the most 1032 bytes of one: more than that need not be believed.
  constexpr std::size_t kExpansionMax = 1032;
  const auto decompressor = make_decompressor();
  Payload whole;
  do {
    const std::size_t guess = std::min(claimed_size(bytes), bytes.size() * kExpansionMax);
    if (!gunzip_member(decompressor.get(), bytes, bytes_max - whole.size(),
                       std::max(guess, kRoomMin), whole))
      return std::nullopt;
  } while (!bytes.empty());
  return whole;
}

SubscriptionMessage append_log_lines(std::string_view json, Payload& lines) {
  dom::parser parser;
  dom::element message;
  // The parser copies the text behind its own padding.
  if (parser.parse(json.data(), json.size(), true).get(message) &&
      parser.parse(transform::mended_json(json)).get(message))
    return SubscriptionMessage::malformed;
  std::string_view type;
  if (message["messageType"].get(type)) return SubscriptionMessage::malformed;
  if (type == "CONTROL_MESSAGE") return SubscriptionMessage::control;
  dom::array events;
  if (type != "DATA_MESSAGE" || message["logEvents"].get(events))
    return SubscriptionMessage::malformed;
  std::string_view text;
  for (const auto event : events)
    if (!is_log_message(event, text)) return SubscriptionMessage::malformed;
  for (const auto event : events) {
    if (!is_log_message(event, text)) continue;
    lines.append(text);
    lines.append("\n");
  }
  return SubscriptionMessage::data;
}

}  // namespace hydrant::delivery
