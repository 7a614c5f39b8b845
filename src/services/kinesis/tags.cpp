#include "services/kinesis/tags.h"

#include <set>

#include "core/unicode.h"
#include "core/utf8.h"

namespace hydrant::kinesis {
namespace {

// The service tests twice, with two lists that do not agree: '%' is in the first alone.
constexpr Text kPunctuation = "_./=+-%@:";
constexpr char kRefusedSecond = '%';

bool passes_first_test(Text text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto bytes = utf8_length_at(text, at);
    if (bytes == 0) return false;
    const bool allowed = kPunctuation.find(text[at]) != Text::npos ||
                         is_letter_number_or_space(code_point_at(text, at, bytes));
    if (!allowed) return false;
    at += bytes;
  }
  return true;
}

bool passes_second_test(Text text) { return text.find(kRefusedSecond) == Text::npos; }

// In any mixture of upper and lower case.
bool is_reserved(Text key) {
  constexpr Text kPrefix = "aws:";
  if (key.size() < kPrefix.size()) return false;
  for (std::size_t i = 0; i < kPrefix.size(); ++i) {
    const bool upper = key[i] >= 'A' && key[i] <= 'Z';
    if ((upper ? static_cast<char>(key[i] - 'A' + 'a') : key[i]) != kPrefix[i]) return false;
  }
  return true;
}

// How the sentences of the service begin; `what` is "add tags to" or "remove tags from".
std::string failed_to(Text what, const streams::StreamId& stream) {
  return "Failed to " + std::string(what) + " stream " + stream.name + " under account " +
         stream.account + " because ";
}

std::optional<Error> check_characters(Text what, const streams::StreamId& stream,
                                      const std::vector<Text>& texts) {
  for (const auto text : texts)
    if (!passes_first_test(text))
      return Error::invalid_argument(
          "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white "
          "space, _ . / = + - % @.");
  for (const auto text : texts)
    if (!passes_second_test(text))
      return Error::invalid_argument(
          failed_to(what, stream) +
          "some tags contained illegal characters. The allowed characters are Unicode letters, "
          "white-spaces, '_',',','/','=','+','-','@'.");
  return std::nullopt;
}

Error too_many(const streams::StreamId& stream) {
  return Error::invalid_argument(failed_to("add tags to", stream) +
                                 "a given stream cannot have more than " +
                                 std::to_string(streams::kTagsMax) + " tags associated with it.");
}

Error reserved(Text what, const streams::StreamId& stream) {
  return Error::invalid_argument(failed_to(what, stream) +
                                 "tag keys that begin with 'aws:' are reserved.");
}

}  // namespace

std::optional<Error> check_tags(const streams::StreamId& stream, const aws::TextMap& tags) {
  constexpr Text kAdd = "add tags to";
  std::vector<Text> texts;
  std::set<Text> keys;
  for (const auto& [key, value] : tags) {
    texts.insert(texts.end(), {key, value});
    keys.insert(key);
  }
  if (auto error = check_characters(kAdd, stream, texts)) return error;
  for (const auto key : keys)
    if (is_reserved(key)) return reserved(kAdd, stream);
  if (keys.size() > streams::kTagsMax) return too_many(stream);
  return std::nullopt;
}

std::optional<Error> check_tag_keys(const streams::StreamId& stream,
                                    const std::vector<Text>& keys) {
  constexpr Text kRemove = "remove tags from";
  if (auto error = check_characters(kRemove, stream, keys)) return error;
  for (const auto key : keys)
    if (is_reserved(key)) return reserved(kRemove, stream);
  return std::nullopt;
}

std::optional<Error> store_tags(const streams::StreamId& stream, streams::Tags& store,
                                const aws::TextMap& tags) {
  if (auto error = check_tags(stream, tags)) return error;
  if (!store.put(tags)) return too_many(stream);
  return std::nullopt;
}

void write_tag(Writer& reply, Text key, Text value) {
  reply.begin_map().member("Key", key).member("Value", value).end_map();
}

}  // namespace hydrant::kinesis
