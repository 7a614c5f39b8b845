#include "server/configuration.h"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <utility>

#include "net/http_client.h"
#include "server/document.h"
#include "services/firehose/shapes/requests.h"
#include "services/kinesis/capacity.h"
#include "services/kinesis/operation.h"

namespace hydrant::server {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kShardsMax = 10'000;

bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

// As JSON, so that it is one line whatever it holds.
std::string shown(const Json& value) {
  static constexpr std::size_t kShownMax = 60;
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() > kShownMax ? text.substr(0, kShownMax) + "..." : text;
}

// Reads the members of one object and remembers the first mistake with its path. A member that has
// been asked for is known; finish() refuses the others.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string path, std::string& error)
      : object_(object), path_(std::move(path)), error_(error) {
    if (!object.is_object()) fail(path_, "an object", object);
  }

  bool has(const char* name) const { return object_.is_object() && object_.contains(name); }

  std::string text(const char* name, bool required = false) {
    const Json* value = find(name, required ? "a string" : nullptr);
    if (value == nullptr) return "";
    if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
      fail(at(name), "a string that is not empty", *value);
      return "";
    }
    if (has_nul(value->get_ref<const std::string&>()))
      fail(at(name), "a string without NUL", *value);
    return value->get<std::string>();
  }

  std::int32_t integer(const char* name, std::int64_t min, std::int64_t max,
                       std::int32_t fallback) {
    const Json* value = find(name);
    if (value == nullptr) return fallback;
    // Out of the range of int64 it is a float, or an unsigned number that compares right.
    if (!value->is_number_integer() || *value < min || *value > max) {
      fail(at(name), "an integer from " + std::to_string(min) + " to " + std::to_string(max),
           *value);
      return fallback;
    }
    return value->get<std::int32_t>();
  }

  std::vector<std::string> texts(const char* name) {
    std::vector<std::string> list;
    const Json* value = find(name);
    if (value == nullptr) return list;
    if (!value->is_array() || value->empty()) {
      fail(at(name), "a list of strings that is not empty", *value);
      return list;
    }
    for (std::size_t i = 0; i < value->size(); ++i) {
      const Json& item = (*value)[i];
      const std::string place = at(name) + "[" + std::to_string(i) + "]";
      if (!item.is_string()) {
        fail(place, "a string", item);
        return list;
      }
      list.push_back(item.get<std::string>());
      if (has_nul(list.back())) fail(place, "a string without NUL", item);
    }
    return list;
  }

  std::map<std::string, std::string> map(const char* name) {
    std::map<std::string, std::string> read;
    const Json* value = find(name);
    if (value == nullptr) return read;
    if (!value->is_object()) {
      fail(at(name), "an object of strings", *value);
      return read;
    }
    for (const auto& [key, item] : value->items()) {
      if (!item.is_string()) {
        fail(at(name) + "." + key, "a string", item);
        return read;
      }
      read[key] = item.get<std::string>();
    }
    return read;
  }

  bool flag(const char* name) {
    const Json* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_boolean()) fail(at(name), "true or false", *value);
    return value->is_boolean() && value->get<bool>();
  }

  // The member as an object of its own; null if there is none.
  std::optional<ObjectReader> object(const char* name) {
    const Json* value = find(name);
    if (value == nullptr) return std::nullopt;
    return ObjectReader(*value, at(name), error_);
  }

  void refuse(const std::string& name, const std::string& sentence) {
    if (error_.empty()) error_ = (name.empty() ? path_ : at(name)) + ": " + sentence;
  }

  void finish() {
    if (!error_.empty()) return;
    for (const auto& [name, value] : object_.items()) {
      if (std::ranges::find(known_, name) != known_.end()) continue;
      return refuse(name, "unknown key" + did_you_mean(name, known_));
    }
  }

 private:
  std::string at(const std::string& name) const { return path_ + "." + name; }

  const Json* find(const char* name, const char* required_as = nullptr) {
    known_.emplace_back(name);
    if (has(name)) return &object_.at(name);
    if (required_as != nullptr)
      refuse(name, std::string("expected ") + required_as + ", got nothing");
    return nullptr;
  }

  void fail(const std::string& path, const std::string& expected, const Json& got) {
    if (error_.empty()) error_ = path + ": expected " + expected + ", got " + shown(got);
  }

  const Json& object_;
  const std::string path_;
  std::string& error_;
  std::vector<std::string> known_;
};

StreamResource read_stream(const Json& item, const std::string& path, std::string& error) {
  static constexpr std::size_t kNameBytesMax = 128;
  ObjectReader reader(item, path, error);
  StreamResource stream;
  stream.name = reader.text("StreamName", true);
  if (!stream.name.empty() &&
      (stream.name.size() > kNameBytesMax || !kinesis::is_resource_name(stream.name))) {
    reader.refuse("StreamName", "expected 1 to 128 of a-z, A-Z, 0-9, _, . and -, got " +
                                    item.at("StreamName").dump().substr(0, kNameBytesMax));
  }
  if (auto details = reader.object("StreamModeDetails")) {
    const std::string mode = details->text("StreamMode", true);
    if (mode != "PROVISIONED" && mode != "ON_DEMAND") {
      details->refuse("StreamMode", "expected PROVISIONED or ON_DEMAND, got \"" + mode + "\"");
    }
    stream.on_demand = mode == "ON_DEMAND";
    details->finish();
  }
  if (stream.on_demand && reader.has("ShardCount")) {
    reader.refuse("ShardCount", "a stream in ON_DEMAND mode has none");
  }
  if (!stream.on_demand && reader.has("WarmThroughputMiBps")) {
    reader.refuse("WarmThroughputMiBps", "only a stream in ON_DEMAND mode has one");
  }
  stream.warm_throughput_mibps =
      reader.integer("WarmThroughputMiBps", 0, kinesis::kWarmThroughputMax, 0);
  const auto on_demand_shards = std::max(kinesis::kOnDemandShards, stream.warm_throughput_mibps);
  stream.shards =
      reader.integer("ShardCount", 1, kShardsMax, stream.on_demand ? on_demand_shards : 1);
  stream.record_size_max_kib = reader.integer("MaxRecordSizeInKiB", 1024, 10'240, 1024);
  stream.tags = reader.map("Tags");
  reader.finish();
  return stream;
}

// A key that is written down is one that refuses to work.
void read_key(const Json& item, const std::string& path, std::string& error, aws::KmsKeys& keys) {
  ObjectReader reader(item, path, error);
  const auto id = reader.text("KeyId", true);
  const auto word = reader.text("State", true);
  const auto state = aws::kms_key_state_of(word);
  if (!word.empty() && !state) {
    reader.refuse("State",
                  "expected AccessDenied, Disabled, InvalidState, NotFound, OptInRequired or "
                  "Throttled, got \"" +
                      word + "\"");
  }
  const bool after_grant = reader.flag("AfterGrant");
  if (state) keys.emplace(id, aws::KmsKey{*state, after_grant});
  reader.finish();
}

std::string absolute_path(const Options& options, const std::string& path) {
  const auto joined = std::filesystem::path(options.configuration_folder) / path;
  return std::filesystem::absolute(joined).lexically_normal().string();
}

// A function is one of three things; each brings members of its own.
void check_kind(ObjectReader& reader, const functions::FunctionSettings& function) {
  const int kinds = (reader.has("Url") ? 1 : 0) + (reader.has("Command") ? 1 : 0) +
                    (reader.has("Handler") || reader.has("Runtime") ? 1 : 0);
  if (kinds != 1) {
    return reader.refuse("", "expected one of Url, Command, or Runtime with Handler");
  }
  if (reader.has("Url")) {
    if (!net::is_url(function.url)) {
      reader.refuse("Url", "expected an http:// or https:// address, got " + shown(function.url));
    }
    return;
  }
  if (reader.has("Command")) return;
  if (!reader.has("Directory")) reader.refuse("Directory", "expected a string, got nothing");
  if (!function.runtime.starts_with("python3") && !function.runtime.starts_with("nodejs")) {
    reader.refuse("Runtime", "expected python3... or nodejs..., got \"" + function.runtime + "\"");
  }
  const std::size_t dot = function.handler.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == function.handler.size()) {
    reader.refuse("Handler", "expected module.function, got \"" + function.handler + "\"");
  }
}

// The system has a variable as NAME=value, which ends at a NUL.
void check_variables(ObjectReader& reader, const std::map<std::string, std::string>& variables) {
  for (const auto& [name, value] : variables) {
    if (name.empty() || name.find('=') != std::string::npos || has_nul(name))
      reader.refuse("Variables", "expected names without = and NUL, got " + shown(name));
    if (has_nul(value))
      reader.refuse("Variables." + name, "expected a string without NUL, got " + shown(value));
  }
}

functions::FunctionSettings read_function(const Json& item, const std::string& path,
                                          const Options& options, std::string& error) {
  ObjectReader reader(item, path, error);
  functions::FunctionSettings function;
  function.name = reader.text("FunctionName", true);
  function.url = reader.text("Url");
  const std::string directory = reader.text("Directory");
  // A handler lives in the configuration's folder unless it says otherwise; a Url has no folder.
  if (function.url.empty() || !directory.empty())
    function.directory = absolute_path(options, directory.empty() ? "." : directory);
  function.runtime = reader.text("Runtime");
  function.handler = reader.text("Handler");
  function.interpreter = reader.text("Interpreter");
  // Without a slash it is a name to be found on PATH.
  if (function.interpreter.find('/') != std::string::npos) {
    function.interpreter = absolute_path(options, function.interpreter);
  }
  function.command = reader.texts("Command");
  function.timeout_s = reader.integer("Timeout", 1, 900, function.timeout_s);
  function.max_concurrency = reader.integer("MaxConcurrency", 1, 1000, function.max_concurrency);
  if (auto environment = reader.object("Environment")) {
    function.environment = environment->map("Variables");
    check_variables(*environment, function.environment);
    environment->finish();
  }
  if (error.empty()) check_kind(reader, function);
  reader.finish();
  return function;
}

Json read_delivery_stream(const Json& item, const std::string& path, std::string& error) {
  // The service's own checks come when it is created; here only what the messages need.
  if (!item.is_object() || !item.contains("DeliveryStreamName") ||
      !item.at("DeliveryStreamName").is_string()) {
    error = path + ": expected an object with a DeliveryStreamName";
    return item;
  }
  const auto unknown = unknown_member(item, firehose::shapes::create_delivery_stream(), path);
  error = unknown.value_or("");
  return item;
}

// Reads each item of a list of the document, checks that no name comes twice, and stops at the
// first mistake.
template <class Read>
void read_list(const Json& document, const char* key, const char* name_key, std::string& error,
               const Read& read) {
  if (!error.empty() || !document.contains(key)) return;
  const Json& list = document.at(key);
  if (!list.is_array()) {
    error = std::string(key) + ": expected a list of objects";
    return;
  }
  std::vector<Json> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string path = std::string(key) + "[" + std::to_string(i) + "]";
    read(list[i], path);
    if (!error.empty()) return;
    const Json& name = list[i].at(name_key);
    if (std::ranges::find(names, name) != names.end()) {
      error = path + "." + name_key + ": " + name.dump() + " is taken by an earlier one";
      return;
    }
    names.push_back(name);
  }
}

}  // namespace

Parsed<Resources> read_resources(const Options& options) {
  Resources resources;
  if (options.configuration.empty()) return resources;
  const std::string& file = options.configuration_file;
  const auto parsed = parse_document(options.configuration, file.empty() ? "configuration" : file);
  if (const auto* error = std::get_if<ConfigurationError>(&parsed)) return *error;
  const Json& document = std::get<Json>(parsed);

  std::string error;
  read_list(document, "streams", "StreamName", error, [&](const Json& item, const auto& path) {
    resources.streams.push_back(read_stream(item, path, error));
  });
  read_list(document, "kmsKeys", "KeyId", error, [&](const Json& item, const auto& path) {
    read_key(item, path, error, resources.kms_keys);
  });
  read_list(document, "functions", "FunctionName", error, [&](const Json& item, const auto& path) {
    resources.functions.push_back(read_function(item, path, options, error));
  });
  read_list(document, "deliveryStreams", "DeliveryStreamName", error,
            [&](const Json& item, const auto& path) {
              resources.delivery_streams.push_back(read_delivery_stream(item, path, error));
            });
  if (!error.empty()) return ConfigurationError{file.empty() ? error : file + ": " + error};
  return resources;
}

}  // namespace hydrant::server
