// Every answer is compared with a decoder that looks at one character at a time, so that the vector
// path and the scalar one are held to the same rules.
#include "core/base64.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "core/random.h"

namespace hydrant {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string reference_encode(const std::string& bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned word = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      word = word << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= count ? kAlphabet[word >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

struct Decoded {
  Base64Error error = Base64Error::none;
  char bad = 0;
  std::string bytes;
  bool operator==(const Decoded&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Decoded& decoded) {
  return out << "error " << static_cast<int>(decoded.error) << " bad " << int{decoded.bad} << " of "
             << decoded.bytes.size();
}

// Into a piece of memory of exactly the size that is asked for, so that a sanitizer sees more.
Decoded decode(const std::string& text) {
  const std::size_t room = base64_decoded_max(text.size()) + 32;
  const auto bytes = std::make_unique<char[]>(room);
  const auto exact = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), exact.get());
  const auto result = base64_decode({exact.get(), text.size()}, bytes.get());
  if (result.error != Base64Error::none) return {result.error, result.bad, ""};
  return {result.error, 0, std::string(bytes.get(), result.size)};
}

Decoded reference_decode(const std::string& text) {
  if (text.size() % 4 != 0) return {Base64Error::length, 0, ""};
  Decoded decoded;
  unsigned word = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto value = kAlphabet.find(text[i]);
    if (value == std::string::npos) {
      const std::size_t left = text.size() - i;
      const bool padding = text[i] == '=' && (left == 1 || (left == 2 && text[i + 1] == '='));
      if (!padding) return {Base64Error::character, text[i], ""};
      const unsigned unused = left == 1 ? 2 : 4;
      if ((word & ((1U << unused) - 1)) != 0) return {Base64Error::trailing_bits, 0, ""};
      word >>= unused;
      for (int shift = left == 1 ? 8 : 0; shift >= 0; shift -= 8)
        decoded.bytes += static_cast<char>(word >> shift);
      return decoded;
    }
    word = word << 6 | static_cast<unsigned>(value);
    if (i % 4 != 3) continue;
    for (int shift = 16; shift >= 0; shift -= 8) decoded.bytes += static_cast<char>(word >> shift);
    word = 0;
  }
  return decoded;
}

std::string random_bytes(Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  random.bytes(bytes.data(), size);
  return bytes;
}

TEST(Base64Test, TheVectorsOfTheStandard) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64Test, EverySizeIsEncodedAsTheReferenceDoes) {
  Random random(1);
  for (std::size_t size = 0; size <= 2000; ++size) {
    const auto bytes = random_bytes(random, size);
    ASSERT_EQ(base64_encode(bytes), reference_encode(bytes)) << size;
  }
}

TEST(Base64Test, EverySizeComesBack) {
  Random random(2);
  for (std::size_t size = 0; size <= 2000; ++size) {
    const auto bytes = random_bytes(random, size);
    ASSERT_EQ(decode(reference_encode(bytes)), (Decoded{Base64Error::none, 0, bytes})) << size;
  }
}

TEST(Base64Test, EncodingGoesOnBehindWhatIsThere) {
  std::string text = "x:";
  append_base64(text, "foobar");
  EXPECT_EQ(text, "x:Zm9vYmFy");
}

TEST(Base64Test, ALengthIsAMultipleOfFour) {
  for (const std::size_t size : {1U, 2U, 3U, 5U, 99U, 129U})
    EXPECT_EQ(decode(std::string(size, 'A')).error, Base64Error::length) << size;
}

// Long enough for four vectors, so that each place is met by the vectors and by what is left over;
// with no, one and two characters of padding.
TEST(Base64Test, AnyByteAtAnyPlaceIsJudgedAsTheReferenceDoes) {
  Random random(3);
  for (const std::size_t size : {132U, 133U, 134U}) {
    const auto good = reference_encode(random_bytes(random, size));
    for (std::size_t i = 0; i < good.size() * 256; ++i) {
      auto text = good;
      text[i / 256] = static_cast<char>(i % 256);
      ASSERT_EQ(decode(text), reference_decode(text)) << "byte " << i % 256 << " at " << i / 256;
    }
  }
}

TEST(Base64Test, TheFirstOfSeveralBadCharactersIsNamed) {
  std::string text(256, 'A');
  text[200] = '?';
  text[100] = '!';
  EXPECT_EQ(decode(text), (Decoded{Base64Error::character, '!', ""}));
}

TEST(Base64Test, PaddingStandsAtTheEndAlone) {
  for (const std::string text : {"=AAA", "A=AA", "AA=A", "====", "A===", "AA==AAAA", "=+/="})
    EXPECT_EQ(decode(text), (Decoded{Base64Error::character, '=', ""})) << text;
}

TEST(Base64Test, BitsThatBelongToNoByteAreRefused) {
  EXPECT_EQ(decode("+/+=").error, Base64Error::trailing_bits);
  EXPECT_EQ(decode("AB==").error, Base64Error::trailing_bits);
  EXPECT_EQ(decode("AA==").error, Base64Error::none);
  EXPECT_EQ(decode(std::string(128, 'A') + "AAB=").error, Base64Error::trailing_bits);
}

TEST(Base64Test, TheAlphabetOfUrlsIsAnother) {
  EXPECT_EQ(decode("AAA-").bad, '-');
  EXPECT_EQ(decode("AAA_").bad, '_');
}

// As of a text within a document, which is longer.
TEST(Base64Test, DecodingAheadStopsBeforeTheEndAndIsGoneOnWith) {
  Random random(3);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes(size, ' ');
    random.bytes(bytes.data(), bytes.size());
    const std::string text = base64_encode(bytes);
    const std::string document = text + "\",\"" + std::string(100, 'A');
    const auto room = std::make_unique<char[]>(base64_decoded_max(document.size()) + 32);
    const auto ahead = base64_decode_ahead(document, room.get());
    ASSERT_LE(ahead, text.size());
    ASSERT_EQ(ahead % 4, 0U);
    const auto result = base64_decode(text, room.get(), ahead);
    ASSERT_EQ(result.error, Base64Error::none) << size;
    ASSERT_EQ(std::string_view(room.get(), result.size), bytes);
  }
}

TEST(Base64Test, DecodingIntoAStringSaysWhetherItWasBase64) {
  std::string bytes;
  EXPECT_TRUE(base64_decode("Zm9vYg==", bytes));
  EXPECT_EQ(bytes, "foob");
  EXPECT_FALSE(base64_decode("Zm9vYg=", bytes));
}

}  // namespace
}  // namespace hydrant
