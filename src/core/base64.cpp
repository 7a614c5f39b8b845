// The vector path is the well-known nibble look-up (Mula, Lemire: "Faster Base64 Encoding and
// Decoding using AVX2"): classify each character by its two nibbles, add a shift per class, and
// pack four 6-bit values into three bytes. It stops at the first character it cannot place; the
// scalar loop then finishes, and is the one place that names errors.
#include "core/base64.h"

#include <array>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define HYDRANT_AVX2 __attribute__((target("avx2")))
#endif

namespace hydrant {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = kNone;
  for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(kAlphabet[i])] = i;
  return values;
}
constexpr auto kValues = make_values();

std::uint8_t value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }

#if defined(__x86_64__)
// Decodes whole blocks of 32 characters; returns how many characters it consumed.
HYDRANT_AVX2 std::size_t decode_avx2(const char* from, std::size_t size, char* to) {
  const __m256i lo_table =
      _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B,
                       0x1B, 0x1B, 0x1A, 0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                       0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
  const __m256i hi_table =
      _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10,
                       0x10, 0x10, 0x10, 0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10,
                       0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
  const __m256i shift_table =
      _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 19, 4, -65,
                       -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i slash = _mm256_set1_epi8('/');
  const __m256i low_nibble = _mm256_set1_epi8(0x0F);
  const __m256i pack = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2,
                                        1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  std::size_t done = 0;
  while (size - done >= 32) {
    const __m256i in = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + done));
    const __m256i hi = _mm256_and_si256(_mm256_srli_epi32(in, 4), low_nibble);
    const __m256i lo = _mm256_and_si256(in, low_nibble);
    const __m256i bad =
        _mm256_and_si256(_mm256_shuffle_epi8(lo_table, lo), _mm256_shuffle_epi8(hi_table, hi));
    if (!_mm256_testz_si256(bad, bad)) break;
    const __m256i is_slash = _mm256_cmpeq_epi8(in, slash);
    const __m256i shift = _mm256_shuffle_epi8(shift_table, _mm256_add_epi8(is_slash, hi));
    const __m256i sextets = _mm256_add_epi8(in, shift);
    const __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x01400140));
    const __m256i words = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    const __m256i lanes = _mm256_shuffle_epi8(words, pack);
    const __m256i packed =
        _mm256_permutevar8x32_epi32(lanes, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), packed);
    to += 24;
    done += 32;
  }
  return done;
}

constexpr std::size_t kEncodedAtOnce = 24;
// Of which the last four are only loaded.
constexpr std::size_t kLoadedAtOnce = 28;

// Encodes blocks of 24 bytes, as long as 28 can be loaded; returns how many bytes it consumed.
HYDRANT_AVX2 std::size_t encode_avx2(const char* from, std::size_t size, char* to) {
  const __m256i spread = _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10, 1, 0,
                                          2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
  const __m256i offsets =
      _mm256_setr_epi8(65, 71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 0, 0, 65, 71, -4,
                       -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 0, 0);
  std::size_t done = 0;
  while (size - done >= kLoadedAtOnce) {
    const auto* const low = reinterpret_cast<const __m128i*>(from + done);
    const auto* const high = reinterpret_cast<const __m128i*>(from + done + kEncodedAtOnce / 2);
    __m256i in = _mm256_set_m128i(_mm_loadu_si128(high), _mm_loadu_si128(low));
    in = _mm256_shuffle_epi8(in, spread);
    const __m256i t1 = _mm256_mulhi_epu16(_mm256_and_si256(in, _mm256_set1_epi32(0x0fc0fc00)),
                                          _mm256_set1_epi32(0x04000040));
    const __m256i t3 = _mm256_mullo_epi16(_mm256_and_si256(in, _mm256_set1_epi32(0x003f03f0)),
                                          _mm256_set1_epi32(0x01000010));
    const __m256i sextets = _mm256_or_si256(t1, t3);
    __m256i index = _mm256_subs_epu8(sextets, _mm256_set1_epi8(51));
    index = _mm256_sub_epi8(index, _mm256_cmpgt_epi8(sextets, _mm256_set1_epi8(25)));
    const __m256i text = _mm256_add_epi8(sextets, _mm256_shuffle_epi8(offsets, index));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), text);
    to += 32;
    done += kEncodedAtOnce;
  }
  return done;
}

// The same for as many whole triples as possible: a last block overlaps the one before.
HYDRANT_AVX2 std::size_t encode_nearly_all(const char* from, std::size_t size, char* to) {
  std::size_t done = encode_avx2(from, size, to);
  const std::size_t back = (kLoadedAtOnce - (size - done) + 2) / 3 * 3;
  if (back > done) return done;
  done -= back;
  return done + encode_avx2(from + done, kLoadedAtOnce, to + done / 3 * 4);
}

const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
#endif

void encode_triple(const unsigned char* in, char* out) {
  out[0] = kAlphabet[in[0] >> 2];
  out[1] = kAlphabet[((in[0] & 3) << 4) | (in[1] >> 4)];
  out[2] = kAlphabet[((in[1] & 15) << 2) | (in[2] >> 6)];
  out[3] = kAlphabet[in[2] & 63];
}

// The four characters that end the text may be padded.
Base64Error decode_last(const char* in, char*& out, char& bad) {
  const std::uint8_t a = value_of(in[0]), b = value_of(in[1]);
  if (a == kNone || b == kNone) {
    bad = a == kNone ? in[0] : in[1];
    return Base64Error::character;
  }
  if (in[2] == '=') {
    if (in[3] != '=') {
      bad = '=';
      return Base64Error::character;
    }
    if ((b & 15) != 0) return Base64Error::trailing_bits;
    *out++ = static_cast<char>((a << 2) | (b >> 4));
    return Base64Error::none;
  }
  const std::uint8_t c = value_of(in[2]);
  if (c == kNone) {
    bad = in[2];
    return Base64Error::character;
  }
  *out++ = static_cast<char>((a << 2) | (b >> 4));
  *out++ = static_cast<char>((b << 4) | (c >> 2));
  if (in[3] == '=') return (c & 3) != 0 ? Base64Error::trailing_bits : Base64Error::none;
  const std::uint8_t d = value_of(in[3]);
  if (d == kNone) {
    bad = in[3];
    return Base64Error::character;
  }
  *out++ = static_cast<char>((c << 6) | d);
  return Base64Error::none;
}

}  // namespace

std::size_t base64_decode_ahead(std::string_view text, char* to) {
#if defined(__x86_64__)
  if (kHasAvx2) return decode_avx2(text.data(), text.size(), to);
#endif
  return 0;
}

Base64Result base64_decode(std::string_view text, char* to, std::size_t done) {
  if (text.size() % 4 != 0) return {Base64Error::length, 0, 0};
  Base64Result result;
  result.size = done / 4 * 3;
  if (text.size() == done) return result;
  char* out = to;
  std::size_t at = done;
#if defined(__x86_64__)
  if (kHasAvx2 && text.size() >= 64) {
    const std::size_t body = text.size() - 4;
    at += decode_avx2(text.data() + at, body - at, out + at / 4 * 3);
    // What is left is less than a block: one more that ends with it decodes some characters again.
    const std::size_t last = body - 32;
    if (body - at < 32 && at < body &&
        decode_avx2(text.data() + last, 32, out + last / 4 * 3) == 32)
      at = body;
  }
#endif
  out += at / 4 * 3;
  for (; at + 4 < text.size(); at += 4) {
    const char* in = text.data() + at;
    const std::uint8_t a = value_of(in[0]), b = value_of(in[1]), c = value_of(in[2]),
                       d = value_of(in[3]);
    if (((a | b | c | d) & 0xC0) != 0) {
      for (int i = 0; i < 4; ++i)
        if (value_of(in[i]) == kNone) return {Base64Error::character, 0, in[i]};
    }
    *out++ = static_cast<char>((a << 2) | (b >> 4));
    *out++ = static_cast<char>((b << 4) | (c >> 2));
    *out++ = static_cast<char>((c << 6) | d);
  }
  result.error = decode_last(text.data() + at, out, result.bad);
  result.size = static_cast<std::size_t>(out - to);
  return result;
}

bool base64_decode(std::string_view text, std::string& bytes) {
  bytes.resize(base64_decoded_max(text.size()) + 32);
  const auto result = base64_decode(text, bytes.data());
  bytes.resize(result.size);
  return result.error == Base64Error::none;
}

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t start = out.size();
  out.resize(start + base64_encoded_size(bytes.size()));
  char* to = out.data() + start;
  const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t at = 0;
#if defined(__x86_64__)
  if (kHasAvx2) {
    at = encode_nearly_all(bytes.data(), bytes.size(), to);
    to += at / 3 * 4;
  }
#endif
  for (; at + 3 <= bytes.size(); at += 3, to += 4) encode_triple(in + at, to);
  if (const std::size_t rest = bytes.size() - at; rest > 0) {
    const unsigned char last[3] = {in[at], rest > 1 ? in[at + 1] : static_cast<unsigned char>(0),
                                   0};
    encode_triple(last, to);
    to[3] = '=';
    if (rest == 1) to[2] = '=';
  }
}

std::string base64_encode(std::string_view bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

}  // namespace hydrant
