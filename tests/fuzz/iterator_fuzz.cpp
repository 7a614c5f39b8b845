// Tokens and sequence numbers, which clients are given and give back: invented ones, and genuine
// ones with some of their bytes changed. Only what was given out may be taken.
#include <nlohmann/json.hpp>

#include "engine/streams/sequence_number.h"
#include "front_end.h"

namespace {

using hydrant::fuzz::Body;
using hydrant::fuzz::require;
using hydrant::fuzz::Server;
using Json = nlohmann::json;

class Client {
 public:
  Client() {
    server_.registry.create({"000000000000", "us-east-1", "t"}, {}, 1);
    const Json position = {
        {"StreamName", "s"}, {"ShardId", "0"}, {"ShardIteratorType", "TRIM_HORIZON"}};
    const auto arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
    for (const auto* name : {"a", "b"})
      ask("RegisterStreamConsumer", {{"StreamARN", arn}, {"ConsumerName", name}});
    genuine_ = {
        {"GetRecords", "ShardIterator", Json::object(), ask("GetShardIterator", position)},
        {"ListShards", "NextToken", Json::object(),
         ask("ListShards", {{"StreamName", "s"}, {"MaxResults", 1}})},
        {"ListStreams", "NextToken", Json::object(), ask("ListStreams", {{"Limit", 1}})},
        {"ListStreamConsumers",
         "NextToken",
         {{"StreamARN", arn}},
         ask("ListStreamConsumers", {{"StreamARN", arn}, {"MaxResults", 1}})},
    };
    for (auto& token : genuine_)
      token.text = token.answer.at(token.operation == "GetRecords" ? "ShardIterator" : "NextToken")
                       .get<std::string>();
  }

  // As the service takes it: with a status that it has, and nothing but what it gave out.
  void give_back(std::size_t which, const std::string& text) {
    const auto& token = genuine_[which % genuine_.size()];
    auto input = token.input;
    input[token.member] = text;
    const bool same = text == token.text || text == '"' + token.text + '"';
    const auto answer = ask(token.operation, input);
    // A shard is read five times a second at the most, whoever asks.
    require(!same || token.operation == "GetRecords" || !answer.contains("__type"));
    require(same || answer.contains("__type"));
  }
  const std::string& text_of(std::size_t which) const {
    return genuine_[which % genuine_.size()].text;
  }
  void start_at(const std::string& number, const std::string& type) {
    ask("GetShardIterator", {{"StreamName", "s"},
                             {"ShardId", "0"},
                             {"ShardIteratorType", type},
                             {"StartingSequenceNumber", number}});
  }

 private:
  struct Token {
    std::string operation, member;
    Json input, answer;
    std::string text = {};
  };

  Json ask(const std::string& operation, const Json& input) {
    const auto text = input.dump(-1, ' ', false, Json::error_handler_t::replace);
    const Body body(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    const auto target = "Kinesis_20131202." + operation;
    hydrant::net::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", target}};
    request.body = body.view();
    hydrant::fuzz::NeverLater later;
    const auto reply = server_.dispatcher.serve(request, later);
    const bool may_fail = operation == "GetShardIterator";
    require(reply.status == 200 || reply.status == 400 || (may_fail && reply.status == 500));
    return reply.body.empty() ? Json::object() : Json::parse(reply.body);
  }

  Server server_;
  std::vector<Token> genuine_;
};

// A number that can be read is written as it was read.
void check_number(const std::string& text) {
  const auto number = hydrant::streams::SequenceNumber::parse(text);
  if (!number) return;
  const auto again = hydrant::streams::SequenceNumber::parse(number->str());
  require(again && *again == *number);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static Client client;  // none of its calls changes what another is answered
  const int kind = data[0] % 3;
  const std::size_t which = data[1];
  const std::string rest(reinterpret_cast<const char*>(data + 2), size - 2);
  if (kind == 0) {
    client.give_back(which, rest);
  } else if (kind == 1) {
    auto changed = client.text_of(which);
    for (std::size_t i = 0; i + 1 < rest.size(); i += 2)
      changed[static_cast<unsigned char>(rest[i]) % changed.size()] = rest[i + 1];
    client.give_back(which, changed);
  } else {
    std::string digits;
    for (const char c : rest) digits += static_cast<char>('0' + static_cast<unsigned char>(c) % 10);
    check_number(digits);
    client.start_at(digits, which % 2 == 0 ? "AT_SEQUENCE_NUMBER" : "AFTER_SEQUENCE_NUMBER");
  }
  return 0;
}
