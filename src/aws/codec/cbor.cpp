#include "aws/codec/cbor.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace hydrant::aws {
namespace {

enum Major : unsigned { kUnsigned, kNegative, kBytes, kText, kList, kMap, kTag, kSimple };

// What stands in the low five bits of a head.
constexpr unsigned kInlineMax = 23;       // up to here the argument itself
constexpr unsigned kOneByteFollows = 24;  // then in 1, 2, 4 or 8 bytes behind the head
constexpr unsigned kEightBytesFollow = 27;
constexpr unsigned kIndefinite = 31;

constexpr unsigned kFalse = 20, kTrue = 21, kNull = 22, kUndefined = 23;
constexpr unsigned kHalf = 25, kSingle = 26, kDouble = 27;

constexpr unsigned char kBreak = 0xFF;
constexpr std::uint64_t kUntilBreak = std::numeric_limits<std::uint64_t>::max();
constexpr unsigned kTimestampTag = 1;

double half_to_double(std::uint64_t bits) {
  constexpr int kSpecial = 31;
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const auto fraction = static_cast<double>(bits & 1023);
  double value = 0;
  if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else if (exponent != kSpecial) {
    value = std::ldexp(fraction + 1024, exponent - 25);
  } else {
    value = fraction == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

// No number counts as 0, as in Java.
std::int64_t cut_off(double value, double limit) {
  if (std::isnan(value)) return 0;
  return static_cast<std::int64_t>(std::trunc(std::clamp(value, -limit, limit)));
}

}  // namespace

bool CborReader::fail() {
  failed_ = true;
  return false;
}

bool CborReader::read_head(Head& head) {
  if (failed_ || left() == 0) return fail();
  const unsigned first = static_cast<unsigned char>(body_[at_++]);
  head = {first >> 5U, first & 31U, first & 31U};
  if (head.info <= kInlineMax || head.info == kIndefinite) return true;
  if (head.info > kEightBytesFollow) return fail();
  const std::size_t width = std::size_t{1} << (head.info - kOneByteFollows);
  if (left() < width) return fail();
  head.argument = 0;
  for (std::size_t i = 0; i < width; ++i)
    head.argument = head.argument << 8U | static_cast<unsigned char>(body_[at_ + i]);
  at_ += width;
  return true;
}

// Takes the head of the next value, with the tags before it. A length beyond the end of the body is
// found here, so that what follows need not look.
void CborReader::load() {
  do {
    if (!read_head(head_)) return;
    if (head_.major == kTag && head_.info == kIndefinite) fail();
  } while (head_.major == kTag);

  const bool indefinite = head_.info == kIndefinite;
  switch (head_.major) {
    case kUnsigned:
    case kNegative:
      if (indefinite) fail();
      break;
    case kBytes:
    case kText:
    case kList:
      if (!indefinite && head_.argument > left()) fail();
      break;
    case kMap:
      if (!indefinite && head_.argument > left() / 2) fail();
      break;
    default:
      // Simple values that nobody has defined, and a break that ends nothing.
      if (head_.info < kFalse || head_.info == kOneByteFollows || indefinite) fail();
  }
  pending_ = true;
}

Kind CborReader::kind() {
  if (failed_) return Kind::malformed;
  switch (head_.major) {
    case kUnsigned:
    case kNegative:
      return Kind::number;
    case kBytes:
      return Kind::bytes;
    case kText:
      return Kind::text;
    case kList:
      return Kind::list;
    case kMap:
      return Kind::map;
    default:
      if (head_.info == kFalse || head_.info == kTrue) return Kind::boolean;
      return head_.info == kNull || head_.info == kUndefined ? Kind::null : Kind::number;
  }
}

void CborReader::enter() {
  const bool holds_others = head_.major == kList || head_.major == kMap;
  if (!holds_others || depth_ == kDepthMax) fail();
  if (failed_) return;
  pending_ = false;
  remaining_[depth_++] = head_.info == kIndefinite ? kUntilBreak : head_.argument;
}

// Whether there is another one in what was entered; if there is none it is left.
bool CborReader::next(std::uint64_t& remaining) {
  if (pending_) skip();
  if (failed_) return false;
  if (remaining == kUntilBreak) {
    if (left() == 0) return fail();
    if (static_cast<unsigned char>(body_[at_]) != kBreak) return true;
    ++at_;
  } else if (remaining > 0) {
    --remaining;
    return true;
  }
  --depth_;
  return false;
}

bool CborReader::next_member(std::string_view& name) {
  if (failed_ || !next(remaining_[depth_ - 1])) return false;
  load();
  if (failed_ || head_.major != kText) return fail();
  name = text();
  load();
  return !failed_;
}

bool CborReader::next_element() {
  if (failed_ || !next(remaining_[depth_ - 1])) return false;
  load();
  return !failed_;
}

bool CborReader::boolean() {
  pending_ = false;
  return head_.info == kTrue;
}

double CborReader::floating() const {
  if (head_.info == kHalf) return half_to_double(head_.argument);
  if (head_.info == kSingle)
    return std::bit_cast<float>(static_cast<std::uint32_t>(head_.argument));
  return std::bit_cast<double>(head_.argument);
}

double CborReader::number() {
  pending_ = false;
  if (head_.major == kUnsigned) return static_cast<double>(head_.argument);
  if (head_.major == kNegative) return -1.0 - static_cast<double>(head_.argument);
  return floating();
}

std::int64_t CborReader::integer() {
  using Limits = std::numeric_limits<std::int64_t>;
  constexpr double kLimit = 9.2e18;
  pending_ = false;
  const bool fits = head_.argument <= static_cast<std::uint64_t>(Limits::max());
  const auto argument = static_cast<std::int64_t>(head_.argument);
  if (head_.major == kUnsigned) return fits ? argument : Limits::max();
  if (head_.major == kNegative) return fits ? -1 - argument : Limits::min();
  return cut_off(floating(), kLimit);
}

std::string_view CborReader::string() {
  pending_ = false;
  if (failed_) return {};
  if (head_.info != kIndefinite) {
    const auto whole = body_.substr(at_, head_.argument);
    at_ += whole.size();
    return whole;
  }
  std::string& whole = joined_.emplace_front();
  Head chunk;
  while (read_head(chunk)) {
    if (chunk.major == kSimple && chunk.info == kIndefinite) return whole;
    if (chunk.major != head_.major || chunk.info == kIndefinite || chunk.argument > left()) break;
    whole.append(body_, at_, chunk.argument);
    at_ += chunk.argument;
  }
  fail();
  return {};
}

std::string_view CborReader::text() {
  const auto text = string();
  if (!simdjson::validate_utf8(text.data(), text.size())) fail();
  return failed_ ? std::string_view{} : text;
}

BlobRead CborReader::blob() {
  BlobRead read;
  read.bytes = string();
  return read;
}

TimePoint CborReader::timestamp() {
  constexpr double kMicrosMax = 9.0e18;
  constexpr std::int64_t kMillisMax = 9'000'000'000'000'000;
  using std::chrono::milliseconds;
  if (head_.major == kSimple) {
    const double micros = number() * 1000;
    return TimePoint(Duration(cut_off(std::round(micros), kMicrosMax)));
  }
  return TimePoint(milliseconds(std::clamp(integer(), -kMillisMax, kMillisMax)));
}

void CborReader::skip() {
  std::string_view name;
  switch (kind()) {
    case Kind::map:
      enter();
      while (next_member(name)) skip();
      break;
    case Kind::list:
      enter();
      while (next_element()) skip();
      break;
    case Kind::text:
      text();
      break;
    case Kind::bytes:
      blob();
      break;
    default:
      pending_ = false;
  }
}

bool CborReader::finished() { return !failed_ && !pending_ && depth_ == 0 && left() == 0; }

void CborReplyWriter::head(unsigned major, std::uint64_t argument) {
  const auto first = [&](unsigned info) { out_.push_back(static_cast<char>(major << 5U | info)); };
  if (argument <= kInlineMax) return first(static_cast<unsigned>(argument));
  unsigned width_log2 = 0;
  while (width_log2 < 3 && argument >> (8U << width_log2) != 0) ++width_log2;
  first(kOneByteFollows + width_log2);
  for (int shift = (8 << width_log2) - 8; shift >= 0; shift -= 8)
    out_.push_back(static_cast<char>(argument >> shift));
}

Writer& CborReplyWriter::begin_map() {
  out_.push_back(static_cast<char>(kMap << 5U | kIndefinite));
  return *this;
}

Writer& CborReplyWriter::end_map() {
  out_.push_back(static_cast<char>(kBreak));
  return *this;
}

Writer& CborReplyWriter::begin_list() {
  out_.push_back(static_cast<char>(kList << 5U | kIndefinite));
  return *this;
}

Writer& CborReplyWriter::end_list() { return end_map(); }

Writer& CborReplyWriter::text(std::string_view text) {
  head(kText, text.size());
  out_.append(text);
  return *this;
}

Writer& CborReplyWriter::integer(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  value < 0 ? head(kNegative, ~bits) : head(kUnsigned, bits);
  return *this;
}

Writer& CborReplyWriter::number(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  out_.push_back(static_cast<char>(kSimple << 5U | kDouble));
  for (int shift = 56; shift >= 0; shift -= 8) out_.push_back(static_cast<char>(bits >> shift));
  return *this;
}

Writer& CborReplyWriter::boolean(bool value) {
  head(kSimple, value ? kTrue : kFalse);
  return *this;
}

Writer& CborReplyWriter::blob(std::string_view bytes) {
  head(kBytes, bytes.size());
  out_.append(bytes);
  return *this;
}

// Not a float and not seconds, as tag 1 would have it: clients of the service rely on it.
Writer& CborReplyWriter::timestamp(TimePoint time) {
  head(kTag, kTimestampTag);
  return integer(epoch_millis(time));
}

}  // namespace hydrant::aws
