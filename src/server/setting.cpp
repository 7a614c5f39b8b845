// The table of settings. A new setting is a member of Options and a row here.
#include "server/setting.h"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>

#include "core/clock.h"
#include "net/http_server.h"
#include "server/credentials.h"

namespace hydrant::server {
namespace {

using Type = Setting::Type;

// Words of a name start at a capital, a dot or a hyphen; a unit such as MiB is one word.
std::string variable_of(std::string_view flag) {
  static constexpr std::string_view kUnit = "MiB";
  std::string name = "HYDRANT_";
  flag.remove_prefix(2);
  for (std::size_t at = 0; at < flag.size(); ++at) {
    const char c = flag[at];
    const bool capital = c >= 'A' && c <= 'Z';
    if (c == '.' || c == '-') {
      name.push_back('_');
    } else if (flag.substr(at).starts_with(kUnit)) {
      name += "_MIB";
      at += kUnit.size() - 1;
    } else {
      if (capital) name.push_back('_');
      name.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
  }
  return name;
}

template <class T>
bool read_number(const std::string& text, T min, T max, T& value) {
  T read{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, read);
  // Written so that a NaN fails it.
  if (error != std::errc() || stop != end || !(read >= min && read <= max)) return false;
  value = read;
  return true;
}

template <std::integral T>
std::string show(T value) {
  return std::to_string(value);
}

std::string show(double value) {  // 1000000, not 1e+06
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr};
}

template <class T>
std::string from_to(T min, T max) {
  return "from " + show(min) + " to " + show(max);
}

bool is_account(const std::string& text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_region(const std::string& text) {
  static constexpr const char* kCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.find_first_not_of(kCharacters) == std::string::npos;
}

bool is_path(const std::string& text) {
  return !text.empty() && text.find('\0') == std::string::npos;
}

// The flag of a key: keys of the top level are in camel case, their flags in kebab case.
std::string flag_of(std::string_view key) {
  std::string flag = "--";
  const bool nested = key.find('.') != std::string_view::npos;
  for (const char c : key) {
    if (!nested && c >= 'A' && c <= 'Z') {
      flag += {'-', static_cast<char>(c - 'A' + 'a')};
    } else {
      flag.push_back(c);
    }
  }
  return flag;
}

Setting row(std::string key, Type type, std::string expected, std::string fallback,
            std::string about, std::function<bool(Options&, const std::string&)> apply) {
  std::string flag = flag_of(key);
  return {std::move(key),      std::move(flag),  type, std::move(expected),
          std::move(fallback), std::move(about), {},   std::move(apply)};
}

// in(&Options::throttle, &ThrottleOptions::scale) is options.throttle.scale of the options it is
// given.
template <class... Pointers>
auto in(Pointers... pointers) {
  return [=](Options& options) -> auto& { return (options.*....*pointers); };
}

// Each `member` below returns a reference to the member of Options that the row is for.
template <class Member, class Check>
Setting text(std::string key, Member member, std::string expected, Check check, std::string about) {
  Options defaults;
  return row(std::move(key), Type::text, std::move(expected), member(defaults), std::move(about),
             [member, check](Options& options, const std::string& value) {
               if (!check(value)) return false;
               member(options) = value;
               return true;
             });
}

template <class Member>
Setting path(std::string key, Type type, Member member, std::string expected, std::string about) {
  Setting setting = text(std::move(key), member, std::move(expected), is_path, std::move(about));
  setting.type = type;
  return setting;
}

template <class T, class Member>
Setting integer(std::string key, Member member, T min, T max, std::string about) {
  Options defaults;
  return row(std::move(key), Type::integer, "an integer " + from_to(min, max),
             show(member(defaults)), std::move(about),
             [member, min, max](Options& options, const std::string& value) {
               return read_number(value, min, max, member(options));
             });
}

template <class Member>
Setting number(std::string key, Member member, double min, double max, std::string about) {
  Options defaults;
  return row(std::move(key), Type::number, "a number " + from_to(min, max), show(member(defaults)),
             std::move(about), [member, min, max](Options& options, const std::string& value) {
               return read_number(value, min, max, member(options));
             });
}

template <class Member>
Setting delay(std::string key, Member member, std::string about) {
  static constexpr std::int64_t kMax = 600'000;
  Options defaults;
  return row(std::move(key), Type::integer, "milliseconds " + from_to<std::int64_t>(0, kMax),
             show(member(defaults).count()), std::move(about),
             [member](Options& options, const std::string& value) {
               std::int64_t ms = 0;
               if (!read_number<std::int64_t>(value, 0, kMax, ms)) return false;
               member(options) = std::chrono::milliseconds(ms);
               return true;
             });
}

template <class Member>
Setting boolean(std::string key, Member member, std::string about) {
  Options defaults;
  const auto apply = [member](Options& options, const std::string& value) {
    if (value != "true" && value != "false") return false;
    member(options) = value == "true";
    return true;
  };
  Setting setting = row(std::move(key), Type::boolean, "true or false",
                        member(defaults) ? "true" : "false", std::move(about), apply);
  setting.choices = {"true", "false"};
  return setting;
}

// Unset is a value of its own: what AWS gives.
template <class Member>
Setting quota(std::string key, Member member, std::string about) {
  static constexpr std::int64_t kMax = 1'000'000;
  return row(std::move(key), Type::integer, "an integer " + from_to<std::int64_t>(0, kMax), "",
             std::move(about), [member](Options& options, const std::string& value) {
               std::int64_t limit = 0;
               if (!read_number<std::int64_t>(value, 0, kMax, limit)) return false;
               member(options) = limit;
               return true;
             });
}

// The first of the choices is the default.
template <class T, class Member>
Setting choice(std::string key, Member member, std::vector<std::pair<std::string, T>> choices,
               std::string about) {
  std::string expected = choices.front().first;
  for (std::size_t i = 1; i < choices.size(); ++i) {
    expected += (i + 1 == choices.size() ? " or " : ", ") + choices[i].first;
  }
  const auto apply = [member, choices](Options& options, const std::string& value) {
    for (const auto& [name, meant] : choices) {
      if (name != value) continue;
      member(options) = meant;
      return true;
    }
    return false;
  };
  Setting setting = row(std::move(key), Type::text, std::move(expected), choices.front().first,
                        std::move(about), apply);
  for (const auto& [name, meant] : choices) setting.choices.push_back(name);
  return setting;
}

constexpr double kFactorMin = 0.001, kFactorMax = 1e6;

// real, virtual, virtual@TIME, or xN for a clock that runs N times as fast.
bool apply_clock(Options& options, const std::string& value) {
  static constexpr std::string_view kVirtualAt = "virtual@";
  ClockChoice clock;
  if (value.starts_with(kVirtualAt)) {
    TimePoint start;
    // A time before 1970 is one that answers cannot hold.
    if (!parse_utc(value.substr(kVirtualAt.size()), start) || start < TimePoint()) return false;
    clock.is_virtual = true;
    clock.start = start;
  } else if (value == "virtual") {
    clock.is_virtual = true;
  } else if (value.starts_with('x')) {
    if (!read_number(value.substr(1), kFactorMin, kFactorMax, clock.factor)) return false;
  } else if (value != "real") {
    return false;
  }
  options.clock = clock;
  return true;
}

// An IPv6 address may be written as in a URL.
bool apply_host(Options& options, const std::string& value) {
  if (!net::is_listen_host(value)) return false;
  options.host = value.starts_with('[') ? value.substr(1, value.size() - 2) : value;
  return true;
}

bool apply_credentials(Options& options, const std::string& value) {
  auto read = parse_credentials(value);
  if (read) options.credentials = *std::move(read);
  return read.has_value();
}

std::vector<Setting> server_settings() {
  std::vector<Setting> rows;
  rows.push_back(row("config", Type::file, "the path of a file", "",
                     "Configuration file: JSON, comments allowed.",
                     [](Options& options, const std::string& value) {
                       options.configuration_file = value;
                       return is_path(value);
                     }));
  rows.back().key.clear();
  rows.push_back(row("host", Type::text, "an IP address of this machine, or localhost",
                     Options().host, "Address to listen on; 0.0.0.0 is every IPv4 address.",
                     apply_host));
  rows.push_back(integer<std::uint16_t>("port", in(&Options::port), 0, 65535,
                                        "Port to listen on; 0 takes one that is free."));
  rows.push_back(
      path("dataDir", Type::folder, in(&Options::data_dir), "the path of a folder",
           "Folder for objects, error logs and generated certificates; made when needed."));
  rows.push_back(text("region", in(&Options::region), "a region such as us-east-1", is_region,
                      "Region of configured resources and of requests that name none."));
  rows.push_back(text("account", in(&Options::account), "12 digits (in the file a string)",
                      is_account,
                      "Account of configured resources and of requests that name none."));
  rows.push_back(choice<Auth>(
      "auth", in(&Options::auth),
      {{"off", Auth::off}, {"required", Auth::required}, {"verify", Auth::verify}},
      "What a request's signature must be: anything, present and complete, or right."));
  rows.push_back(row("credentials", Type::credentials, "ID:SECRET,ID:SECRET (in the file a list)",
                     "", "Access keys that auth=verify knows.", apply_credentials));
  rows.push_back(row("clock", Type::text,
                     "real, virtual, virtual@TIME (UTC, from 1970 on) or xN with a number " +
                         from_to(kFactorMin, kFactorMax),
                     "real",
                     "Time of the services: the system's, one that a test advances, or N times "
                     "as fast.",
                     apply_clock));
  rows.back().choices = {"real", "virtual"};
  rows.push_back(row("seed", Type::integer, "an integer from 0 to 18446744073709551615", "",
                     "Seed of ids and jitter; without one every start differs.",
                     [](Options& options, const std::string& value) {
                       std::uint64_t seed = 0;
                       const auto max = std::numeric_limits<std::uint64_t>::max();
                       if (!read_number<std::uint64_t>(value, 0, max, seed)) return false;
                       options.seed = seed;
                       return true;
                     }));
  rows.push_back(integer<std::uint32_t>("threads", in(&Options::threads), 0, 256,
                                        "Threads that serve connections; 0: one per processor."));
  rows.push_back(path("tlsCert", Type::file, in(&Options::tls_cert), "the path of a PEM file",
                      "Certificate chain to serve TLS with; goes with the key."));
  rows.push_back(path("tlsKey", Type::file, in(&Options::tls_key), "the path of a PEM file",
                      "Private key of the certificate."));
  rows.push_back(choice<std::string>("logLevel", in(&Options::log_level),
                                     {{"info", "info"},
                                      {"trace", "trace"},
                                      {"debug", "debug"},
                                      {"warn", "warn"},
                                      {"error", "error"},
                                      {"off", "off"}},
                                     "Least level of the log on stderr."));
  rows.push_back(choice<std::string>("logFormat", in(&Options::log_format),
                                     {{"text", "text"}, {"json", "json"}},
                                     "Form of a line of the log."));
  rows.push_back(boolean("strict", in(&Options::strict),
                         "Refuse requests with settings that hydrant does not emulate."));
  rows.push_back(boolean("flushOnExit", in(&Options::flush_on_exit),
                         "Deliver what Firehose buffers when the server is stopped."));
  return rows;
}

std::vector<Setting> service_settings() {
  using Memory = WhenMemoryIsFull;
  using Style = FailureRecordStyle;
  std::vector<Setting> rows;
  rows.push_back(boolean("throttle.kinesis", in(&Options::throttle, &ThrottleOptions::kinesis),
                         "Hold shards to their limits."));
  rows.push_back(boolean("throttle.controlPlane",
                         in(&Options::throttle, &ThrottleOptions::control_plane),
                         "Limit calls that neither read nor write records as AWS does."));
  rows.push_back(boolean("throttle.firehose", in(&Options::throttle, &ThrottleOptions::firehose),
                         "Hold delivery streams to the quotas of direct puts."));
  rows.push_back(number("throttle.scale", in(&Options::throttle, &ThrottleOptions::scale), 0.001,
                        1e6, "Multiplies every limit of the data plane."));
  rows.push_back(number("throttle.burstSeconds",
                        in(&Options::throttle, &ThrottleOptions::burst_seconds), 0.1, 3600,
                        "Capacity of a limit's bucket, in seconds of its rate."));
  rows.push_back(integer<std::int64_t>("memory.maxMiB",
                                       in(&Options::memory, &MemoryOptions::max_mib), 1, 16'777'216,
                                       "Most memory that records may take."));
  rows.push_back(choice<Memory>("memory.whenFull", in(&Options::memory, &MemoryOptions::when_full),
                                {{"refuse", Memory::refuse}, {"trim", Memory::trim}},
                                "Refuse new records, or drop the oldest readable ones early."));
  rows.push_back(delay("delays.createStreamMs", in(&Options::delays, &DelayOptions::create_stream),
                       "How long a new stream is CREATING; 0 under a virtual clock unless set."));
  rows.push_back(delay(
      "delays.reshardMs", in(&Options::delays, &DelayOptions::reshard),
      "How long a split or merge keeps a stream UPDATING; 0 under a virtual clock unless set."));
  rows.push_back(delay("delays.updateStreamMs", in(&Options::delays, &DelayOptions::update_stream),
                       "How long another change keeps a stream UPDATING; 0 under a virtual clock "
                       "unless set."));
  rows.push_back(delay("delays.consumerMs", in(&Options::delays, &DelayOptions::consumer),
                       "How long a consumer is CREATING, and DELETING; 0 under a virtual clock "
                       "unless set."));
  rows.push_back(delay("delays.deleteStreamMs", in(&Options::delays, &DelayOptions::delete_stream),
                       "How long a stream is DELETING; 0 under a virtual clock unless set."));
  rows.push_back(delay(
      "delays.createDeliveryStreamMs", in(&Options::delays, &DelayOptions::create_delivery_stream),
      "How long a delivery stream is CREATING; 0 under a virtual clock unless set."));
  rows.push_back(delay("delays.deliveryStreamEncryptionMs",
                       in(&Options::delays, &DelayOptions::delivery_stream_encryption),
                       "How long the encryption of a delivery stream is ENABLING, and DISABLING; 0 "
                       "under a virtual clock unless set."));
  rows.push_back(choice<Style>("firehose.failureRecordStyle",
                               in(&Options::firehose, &FirehoseOptions::failure_record_style),
                               {{"current", Style::current}, {"2019", Style::y2019}},
                               "Form of the records of failed data."));
  rows.push_back(boolean("firehose.lenientPartitioning",
                         in(&Options::firehose, &FirehoseOptions::lenient_partitioning),
                         "Take dynamic partitioning that AWS refuses but whose meaning is plain."));
  rows.push_back(quota("quotas.shards", in(&Options::quotas, &QuotaOptions::shards),
                       "Open shards of provisioned streams in an account and region; 20000 or "
                       "6000 by region unless set."));
  rows.push_back(quota("quotas.onDemandStreams",
                       in(&Options::quotas, &QuotaOptions::on_demand_streams),
                       "On-demand streams in an account and region; 50 unless set."));
  rows.push_back(quota("quotas.streamsCreating",
                       in(&Options::quotas, &QuotaOptions::streams_creating),
                       "Streams that may be CREATING at a time; 5 unless set."));
  rows.push_back(quota("quotas.activePartitions",
                       in(&Options::quotas, &QuotaOptions::active_partitions),
                       "Partitions of a delivery stream with undelivered data; 500 unless set."));
  return rows;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> costs(b.size() + 1);
  std::iota(costs.begin(), costs.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(costs[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t swapped = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = costs[j + 1];
      costs[j + 1] = std::min({costs[j] + 1, costs[j + 1] + 1, swapped});
    }
  }
  return costs.back();
}

}  // namespace

std::string Setting::variable() const { return variable_of(flag); }

const std::vector<Setting>& settings() {
  static const std::vector<Setting> table = [] {
    std::vector<Setting> rows = server_settings();
    for (Setting& setting : service_settings()) rows.push_back(std::move(setting));
    return rows;
  }();
  return table;
}

std::string closest_name(std::string_view name, const std::vector<std::string>& names) {
  std::string closest;
  std::size_t distance_min = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : names) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance >= distance_min) continue;
    distance_min = distance;
    closest = candidate;
  }
  return closest;
}

}  // namespace hydrant::server
