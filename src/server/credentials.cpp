#include "server/credentials.h"

#include <algorithm>
#include <utility>

#include "core/clock.h"
#include "server/document.h"

namespace hydrant::server {
namespace {

using Json = nlohmann::json;

bool is_account(const std::string& text) {
  return text.size() == 12 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Reads one object; the first mistake is remembered.
class KeyReader {
 public:
  explicit KeyReader(const Json& object) : object_(object) {}

  AccessKey read() {
    AccessKey key;
    if (!object_.is_object()) {
      wrong_ = ": expected an object";
      return key;
    }
    key.id = text("accessKeyId", true);
    key.secret = text("secretAccessKey", true);
    key.session_token = text("sessionToken");
    key.account = text("account");
    if (!key.account.empty() && !is_account(key.account)) refuse("account", "expected 12 digits");
    const std::string expiration = text("expiration");
    TimePoint time;
    if (expiration.empty()) return finish(key);
    if (parse_utc(expiration, time)) {
      key.expiration = time;
    } else {
      refuse("expiration", "expected a time such as 2026-01-01T00:00:00Z");
    }
    return finish(key);
  }
  const std::string& wrong() const { return wrong_; }

 private:
  void refuse(const std::string& name, const std::string& sentence) {
    if (wrong_.empty()) wrong_ = "." + name + ": " + sentence;
  }
  std::string text(const char* name, bool required = false) {
    known_.emplace_back(name);
    if (!object_.contains(name)) {
      if (required) refuse(name, "expected a string, got nothing");
      return {};
    }
    const Json& value = object_.at(name);
    if (value.is_string() && !value.get_ref<const std::string&>().empty())
      return value.get<std::string>();
    refuse(name, "expected a string that is not empty");
    return {};
  }
  AccessKey finish(AccessKey key) {
    for (const auto& [name, value] : object_.items()) {
      if (std::ranges::find(known_, name) != known_.end()) continue;
      refuse(name, "unknown key" + did_you_mean(name, known_));
    }
    return key;
  }

  const Json& object_;
  std::vector<std::string> known_;
  std::string wrong_;
};

bool is_taken(const std::vector<AccessKey>& keys, const std::string& id) {
  return std::ranges::find(keys, id, &AccessKey::id) != keys.end();
}

// None: it is something else than ID:SECRET,ID:SECRET.
std::optional<std::vector<AccessKey>> split_pairs(const std::string& value) {
  std::vector<AccessKey> keys;
  std::size_t at = 0;
  while (at <= value.size()) {
    const std::size_t end = std::min(value.find(',', at), value.size());
    const std::string pair = value.substr(at, end - at);
    const std::size_t colon = pair.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == pair.size()) return std::nullopt;
    AccessKey key;
    key.id = pair.substr(0, colon);
    key.secret = pair.substr(colon + 1);
    keys.push_back(std::move(key));
    at = end + 1;
  }
  return keys;
}

std::string repeated_in(const std::vector<AccessKey>& keys) {
  for (auto key = keys.begin(); key != keys.end(); ++key)
    if (std::find_if(keys.begin(), key, [&](const auto& one) { return one.id == key->id; }) != key)
      return key->id;
  return "";
}

}  // namespace

std::optional<std::vector<AccessKey>> parse_credentials(const std::string& value) {
  auto keys = split_pairs(value);
  return keys && repeated_in(*keys).empty() ? std::move(keys) : std::nullopt;
}

std::string repeated_id(const std::string& value) {
  const auto keys = split_pairs(value);
  return keys ? repeated_in(*keys) : "";
}

std::optional<std::string> read_credentials(const Json& list, std::vector<AccessKey>& credentials) {
  if (!list.is_array()) return ": expected a list of objects";
  std::vector<AccessKey> keys;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = "[" + std::to_string(i) + "]";
    KeyReader reader(list[i]);
    AccessKey key = reader.read();
    if (!reader.wrong().empty()) return place + reader.wrong();
    if (is_taken(keys, key.id)) return place + ".accessKeyId: is that of an earlier one";
    keys.push_back(std::move(key));
  }
  credentials = std::move(keys);
  return std::nullopt;
}

}  // namespace hydrant::server
