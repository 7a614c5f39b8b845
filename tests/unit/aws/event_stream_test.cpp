#include "aws/event_stream.h"

#include <gtest/gtest.h>

namespace hydrant::aws {
namespace {

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

TEST(EventStreamTest, TheInitialResponseIsTheOneThatClientsKnow) {
  std::string out;
  append_initial_response(out);
  EXPECT_EQ(hex(out),
            "0000007200000060ab820d9e0d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74"
            "797065070010696e697469616c2d726573706f6e73650d3a636f6e74656e742d747970650700"
            "1a6170706c69636174696f6e2f782d616d7a2d6a736f6e2d312e317b7de16e66e4");
}

TEST(EventStreamTest, AnExceptionCarriesItsNameAndItsMessage) {
  std::string out;
  append_exception(out, Error::in_use("x"));
  EXPECT_EQ(hex(out),
            "0000008300000064d9bbb06a0d3a6d6573736167652d74797065070009657863657074696f6e0f3a657863"
            "657074696f6e2d747970650700165265736f75726365496e557365457863657074696f6e0d3a636f6e7465"
            "6e742d747970650700106170706c69636174696f6e2f6a736f6e7b226d657373616765223a2278227de1ec"
            "df10");
}

TEST(EventStreamTest, AMessageBeginsWhereTheLastOneEnded) {
  std::string alone, behind = "what was there";
  append_initial_response(alone);
  append_initial_response(behind);
  EXPECT_EQ(behind, "what was there" + alone);
}

// Longer than what fits one byte of each length.
TEST(EventStreamTest, LengthsAreBigEndian) {
  std::string out;
  auto message = EventMessage::event(out, "SubscribeToShardEvent");
  out.append(70'000, 'x');
  message.finish();
  ASSERT_EQ(out.size(), 70'000U + 12 + 101 + 4);
  EXPECT_EQ(hex(out.substr(0, 8)), "000111e500000065");
}

}  // namespace
}  // namespace hydrant::aws
