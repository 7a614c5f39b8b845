// Operations that answer with an event stream, behind the front end. The service is made up.
#include <gmock/gmock.h>

#include <cstring>
#include <memory>
#include <string>

#include "aws/codec/cbor.h"
#include "aws/dispatcher.h"

namespace hydrant::aws {
namespace {

class Letters final : public net::BodyStream {
 public:
  explicit Letters(std::string letters) : letters_(std::move(letters)) {}
  void start(std::function<void()>) override {}
  Next read(std::string& out) override {
    out += letters_;
    return Next::end;
  }

 private:
  const std::string letters_;
};

struct Context {
  std::string account;
};

struct SpellInput {
  std::string_view word;
  static constexpr auto shape() { return fields(field("Word", &SpellInput::word, length(1, 8))); }
};

Result<std::shared_ptr<net::BodyStream>> spell(Context& context, const SpellInput& input) {
  if (input.word == "bug") throw std::logic_error("a bug");
  if (input.word == "taken") return Error::in_use("Somebody spells it already.");
  return std::make_shared<Letters>(context.account + " spells " + std::string(input.word));
}

class Speller final : public Service {
 public:
  std::string_view target_prefix() const override { return "Speller"; }
  std::string_view signing_name() const override { return "speller"; }
  std::span<const Operation* const> operations() const override {
    static constexpr Operation kSpell = stream_operation<&spell>("Spell");
    static constexpr const Operation* kOperations[] = {&kSpell};
    return kOperations;
  }
  Result<void> run(const Operation&, const Call&, Reader&, Writer&) override {
    throw std::logic_error("no operation of it answers with a document");
  }
  Result<std::shared_ptr<net::BodyStream>> open(const Operation& operation, const Call& call,
                                                Reader& reader) override {
    Context context{call.account};
    return operation.open(&context, reader, true);
  }
  bool empty_reply_is_document() const override { return false; }
};

class NeverLater final : public net::Later {
 public:
  Give defer() override {
    ADD_FAILURE() << "asked for more time";
    return [](net::Reply) {};
  }
};

class StreamOperationTest : public testing::Test {
 protected:
  static constexpr const char* kJson = "application/x-amz-json-1.1";
  static constexpr const char* kCbor = "application/x-amz-cbor-1.1";

  net::Reply call(const char* content_type, const std::string& body) {
    const auto room = std::make_unique<char[]>(body.size() + net::kBodyPadding);
    std::memcpy(room.get(), body.data(), body.size());
    std::memset(room.get() + body.size(), '}', net::kBodyPadding);
    net::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"Content-Type", content_type}, {"X-Amz-Target", "Speller.Spell"}};
    request.body = {room.get(), body.size()};
    NeverLater later;
    return dispatcher.serve(request, later);
  }
  static std::string streamed(const net::Reply& reply) {
    if (!reply.stream) return "(none)";
    std::string out;
    reply.stream->read(out);
    return out;
  }

  Random random{1};
  Speller service;
  Dispatcher dispatcher{
      {"123456789012", "us-east-1", AuthMode::off}, {&service}, random, Logger::silent()};
};

TEST_F(StreamOperationTest, ItsReplyIsAnEventStream) {
  const auto reply = call(kJson, R"({"Word": "abc"})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.headers,
              testing::StartsWith("Content-Type: application/vnd.amazon.eventstream\r\n"));
  EXPECT_THAT(reply.headers, testing::HasSubstr("x-amzn-RequestId: "));
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(streamed(reply), "123456789012 spells abc");
}

TEST_F(StreamOperationTest, ARefusalIsAnOrdinaryReply) {
  const auto refused = call(kJson, R"({"Word": "taken"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body,
            R"({"__type":"ResourceInUseException","message":"Somebody spells it already."})");
  EXPECT_EQ(streamed(refused), "(none)");
  EXPECT_THAT(call(kJson, R"({"Word": ""})").body, testing::HasSubstr("ValidationException"));
  EXPECT_EQ(call(kJson, R"({"Word": 1, "x": })").body, R"({"__type":"SerializationException"})");
}

// Its events are in JSON whatever the request is in: that is for whoever writes them.
TEST_F(StreamOperationTest, ARequestMayBeInCbor) {
  EXPECT_EQ(streamed(call(kCbor, "\xA1\x64Word\x63xyz")), "123456789012 spells xyz");
}

TEST_F(StreamOperationTest, ARefusalIsInTheCodecOfTheRequest) {
  const auto refused = call(kCbor, "\xA1\x64Word\x65taken");
  EXPECT_THAT(refused.headers, testing::StartsWith(std::string("Content-Type: ") + kCbor));
  EXPECT_THAT(refused.body, testing::StartsWith("\xBF\x66__type\x76ResourceInUseException"));
}

TEST_F(StreamOperationTest, ABugIsAnInternalFailure) {
  const auto failed = call(kJson, R"({"Word": "bug"})");
  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(failed.body, R"({"__type":"InternalFailure"})");
}

}  // namespace
}  // namespace hydrant::aws
