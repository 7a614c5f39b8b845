#include "engine/streams/md5_lanes.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <string>

#include "core/random.h"

namespace hydrant::streams {
namespace {

Md5Digest of_openssl(const std::string& text) {
  Md5Digest digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_md5(), nullptr);
  return digest;
}

TEST(Md5LanesTest, EveryLaneDigestsWhatOpenSslDoes) {
  Random random(1);
  for (int round = 0; round < 2'000; ++round) {
    std::array<std::string, kMd5Lanes> texts;
    std::array<std::string_view, kMd5Lanes> views;
    for (std::size_t lane = 0; lane < kMd5Lanes; ++lane) {
      texts[lane].resize(random.next() % (kMd5LaneBytesMax + 1));
      random.bytes(texts[lane].data(), texts[lane].size());
      views[lane] = texts[lane];
    }
    std::array<Md5Digest, kMd5Lanes> digests{};
    md5_lanes(views, digests);
    for (std::size_t lane = 0; lane < kMd5Lanes; ++lane)
      ASSERT_EQ(digests[lane], of_openssl(texts[lane])) << texts[lane].size();
  }
}

TEST(Md5LanesTest, OneTextIsDigestedAsByOpenSsl) {
  Random random(2);
  for (int round = 0; round < 2'000; ++round) {
    std::string text(random.next() % (kMd5LaneBytesMax + 1), ' ');
    random.bytes(text.data(), text.size());
    ASSERT_EQ(md5_short(text), of_openssl(text)) << text.size();
  }
  EXPECT_EQ(md5_short({}), of_openssl(""));
}

TEST(Md5LanesTest, TheShortestAndTheLongestTextAreDigested) {
  const std::string longest(kMd5LaneBytesMax, '\xff');
  std::array<std::string_view, kMd5Lanes> texts;
  texts[3] = longest;
  std::array<Md5Digest, kMd5Lanes> digests{};
  md5_lanes(texts, digests);
  EXPECT_EQ(digests[0], of_openssl(""));
  EXPECT_EQ(digests[3], of_openssl(longest));
}

}  // namespace
}  // namespace hydrant::streams
