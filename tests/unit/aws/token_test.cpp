#include "aws/token.h"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/base64.h"

namespace hydrant::aws {
namespace {

class TokenSealerTest : public testing::Test {
 protected:
  Random random_{1};
  TokenSealer sealer_{random_};
};

TEST_F(TokenSealerTest, WhatIsSealedComesOutAgain) {
  for (const auto& text : {std::string("text"), std::string(), std::string(400, '\0')})
    EXPECT_EQ(sealer_.open(sealer_.seal(text)), text);
}

TEST_F(TokenSealerTest, TwoTokensForOneTextDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(sealer_.seal("text"));
  EXPECT_EQ(seen.size(), 100U);
}

TEST_F(TokenSealerTest, ATokenShowsNothingOfItsText) {
  std::string sealed;
  ASSERT_TRUE(base64_decode(sealer_.seal("a-name-to-look-for"), sealed));
  EXPECT_EQ(sealed.find("name"), std::string::npos);
}

TEST_F(TokenSealerTest, EveryBitCounts) {
  std::string sealed;
  ASSERT_TRUE(base64_decode(sealer_.seal("text"), sealed));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto forged = sealed;
    forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(sealer_.open(base64_encode(forged))) << bit;
  }
}

TEST_F(TokenSealerTest, EveryByteCounts) {
  std::string sealed;
  ASSERT_TRUE(base64_decode(sealer_.seal("text"), sealed));
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(sealer_.open(base64_encode(sealed.substr(0, size)))) << size;
  EXPECT_FALSE(sealer_.open(base64_encode(sealed + '\0')));
}

TEST_F(TokenSealerTest, WhatIsNoBase64IsNoToken) {
  for (const std::string text : {"", "x", "????", "AAAA", "\xFF\xFF\xFF\xFF"})
    EXPECT_FALSE(sealer_.open(text));
}

TEST_F(TokenSealerTest, AnotherSealersTokensAreNone) {
  Random random(2);
  TokenSealer other(random);
  EXPECT_FALSE(sealer_.open(other.seal("text")));
}

TEST_F(TokenSealerTest, RenewingForgetsEveryTokenGivenOut) {
  const auto token = sealer_.seal("text");
  sealer_.renew();
  EXPECT_FALSE(sealer_.open(token));
  EXPECT_EQ(sealer_.open(sealer_.seal("text")), "text");
}

TEST_F(TokenSealerTest, ThreadsMaySealOpenAndRenewAtATime) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([this, i] {
      for (int round = 0; round < 200; ++round) {
        if (i == 0 && round % 50 == 0) sealer_.renew();
        const auto text = sealer_.open(sealer_.seal("text"));
        EXPECT_EQ(text.value_or("text"), "text");
      }
    });
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace hydrant::aws
