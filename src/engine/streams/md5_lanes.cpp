// RFC 1321, on words or on vectors of them: lane n of every vector belongs to text n. Two vectors
// go side by side, because each step waits for the one before: alone it leaves the processor idle
// half of the time.
#include "engine/streams/md5_lanes.h"

#include <cstring>
#include <utility>

namespace hydrant::streams {
namespace {

constexpr std::size_t kBlockWords = 16;
constexpr std::size_t kWidth = 8, kVectors = kMd5Lanes / kWidth;
using Lanes = std::uint32_t __attribute__((vector_size(4 * kWidth)));

// Of `kCount` texts, or vectors of texts, side by side.
template <class Word, std::size_t kCount>
using Words = Word[kCount][kBlockWords];
template <class Word, std::size_t kCount>
using States = Word[kCount][4];
constexpr int kSteps = 64;

// floor(2^32 x abs(sin(step + 1)))
constexpr std::array<std::uint32_t, kSteps> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr int kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
constexpr std::uint32_t kStart[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};

template <int kStep, class Word>
[[gnu::always_inline]] inline void step(Word (&state)[4], const Word (&words)[kBlockWords]) {
  constexpr int kRound = kStep / 16;
  constexpr int kShift = kShifts[kRound][kStep % 4];
  constexpr int kWord = (kRound == 0   ? kStep
                         : kRound == 1 ? 5 * kStep + 1
                         : kRound == 2 ? 3 * kStep + 5
                                       : 7 * kStep) %
                        static_cast<int>(kBlockWords);
  Word& a = state[(64 - kStep) % 4];
  const Word& b = state[(65 - kStep) % 4];
  const Word& c = state[(66 - kStep) % 4];
  const Word& d = state[(67 - kStep) % 4];
  Word mixed;
  if constexpr (kRound == 0) mixed = d ^ (b & (c ^ d));
  if constexpr (kRound == 1) mixed = c ^ (d & (b ^ c));
  if constexpr (kRound == 2) mixed = b ^ c ^ d;
  if constexpr (kRound == 3) mixed = c ^ (b | ~d);
  const Word sum = a + mixed + words[kWord] + kSines[kStep];
  a = b + ((sum << kShift) | (sum >> (32 - kShift)));
}

template <int kStep, class Word, std::size_t kCount>
[[gnu::always_inline]] inline void step_all(States<Word, kCount>& states,
                                            const Words<Word, kCount>& words) {
  for (std::size_t i = 0; i < kCount; ++i) step<kStep>(states[i], words[i]);
}

template <class Word, std::size_t kCount, int... kStep>
[[gnu::always_inline]] inline void all_steps(States<Word, kCount>& states,
                                             const Words<Word, kCount>& words,
                                             std::integer_sequence<int, kStep...>) {
  (step_all<kStep, Word, kCount>(states, words), ...);
}

template <class Word, std::size_t kCount>
[[gnu::always_inline]] inline void digest(const Words<Word, kCount>& words,
                                          States<Word, kCount>& to) {
  States<Word, kCount> states;  // no other has its address, so it stays in registers
  for (auto& state : states)
    for (int i = 0; i < 4; ++i) state[i] = Word{} + kStart[i];
  all_steps<Word, kCount>(states, words, std::make_integer_sequence<int, kSteps>{});
  for (std::size_t i = 0; i < kCount; ++i)
    for (int part = 0; part < 4; ++part) to[i][part] = states[i][part] + kStart[part];
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void digest_avx2(const Words<Lanes, kVectors>& words,
                                                 States<Lanes, kVectors>& states) {
  digest<Lanes, kVectors>(words, states);
}
const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
#endif

void digest_any(const Words<Lanes, kVectors>& words, States<Lanes, kVectors>& states) {
#if defined(__x86_64__)
  if (kHasAvx2) return digest_avx2(words, states);
#endif
  digest<Lanes, kVectors>(words, states);
}

// The bytes of a text, a bit that is set, and its length in bits, all little-endian.
void fill(std::uint32_t (&zeros)[kBlockWords], std::string_view text) {
  if (!text.empty()) std::memcpy(zeros, text.data(), text.size());
  reinterpret_cast<unsigned char*>(zeros)[text.size()] = 0x80;
  zeros[kBlockWords - 2] = static_cast<std::uint32_t>(8 * text.size());
}

}  // namespace

Md5Digest md5_short(std::string_view text) {
  Words<std::uint32_t, 1> words = {};
  States<std::uint32_t, 1> states;
  fill(words[0], text);
  digest<std::uint32_t, 1>(words, states);
  Md5Digest out;
  std::memcpy(out.data(), states[0], sizeof states[0]);
  return out;
}

void md5_lanes(const std::array<std::string_view, kMd5Lanes>& texts,
               std::array<Md5Digest, kMd5Lanes>& digests) {
  std::uint32_t blocks[kVectors][kWidth][kBlockWords] = {};
  for (std::size_t text = 0; text < kMd5Lanes; ++text)
    fill(blocks[text / kWidth][text % kWidth], texts[text]);
  // Each vector in one piece: to read one that was written by the element makes the processor wait.
  Words<Lanes, kVectors> words;
  for (std::size_t vector = 0; vector < kVectors; ++vector) {
    const auto& b = blocks[vector];
    for (std::size_t i = 0; i < kBlockWords; ++i)
      words[vector][i] =
          Lanes{b[0][i], b[1][i], b[2][i], b[3][i], b[4][i], b[5][i], b[6][i], b[7][i]};
  }
  States<Lanes, kVectors> states;
  digest_any(words, states);
  for (std::size_t text = 0; text < kMd5Lanes; ++text) {
    const auto& state = states[text / kWidth];
    const std::size_t lane = text % kWidth;
    const std::uint32_t out[4] = {state[0][lane], state[1][lane], state[2][lane], state[3][lane]};
    std::memcpy(digests[text].data(), out, sizeof out);
  }
}

}  // namespace hydrant::streams
