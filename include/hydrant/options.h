// Options: every setting of a server. The defaults are those of the program; the table in
// src/server/options.cpp gives each its flag, its environment variable, its key and its sentence.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hydrant {

enum class Auth { off, required, verify };
enum class WhenMemoryIsFull { refuse, trim };
enum class FailureRecordStyle { current, y2019 };

// An access key that Auth::verify knows.
struct AccessKey {
  std::string id;
  std::string secret;
  std::string session_token;  // of temporary credentials; else empty
  std::string account;        // whose key it is; empty: the request says
  std::optional<std::chrono::sys_time<std::chrono::microseconds>> expiration;  // in real time
};

// Which time the services live by.
struct ClockChoice {
  bool is_virtual = false;  // stands still until it is advanced
  // Where a virtual clock starts; none: at the system's time.
  std::optional<std::chrono::sys_time<std::chrono::microseconds>> start;
  double factor = 1.0;  // how fast a clock that is not virtual runs
};

struct ThrottleOptions {
  bool kinesis = true;
  bool control_plane = false;
  bool firehose = false;
  double scale = 1.0;
  double burst_seconds = 1.0;
};

struct MemoryOptions {
  std::int64_t max_mib = 4096;
  WhenMemoryIsFull when_full = WhenMemoryIsFull::refuse;
};

// How long a resource stays in the status that AWS shows on the way.
struct DelayOptions {
  std::chrono::milliseconds create_stream{500};
  std::chrono::milliseconds reshard{500};
  std::chrono::milliseconds update_stream{500};
  std::chrono::milliseconds consumer{500};
  std::chrono::milliseconds delete_stream{500};
  std::chrono::milliseconds create_delivery_stream{500};
  std::chrono::milliseconds delivery_stream_encryption{500};
};

// Of an account in a region. None: what AWS gives there.
struct QuotaOptions {
  std::optional<std::int64_t> shards, on_demand_streams, streams_creating, active_partitions;
};

struct FirehoseOptions {
  FailureRecordStyle failure_record_style = FailureRecordStyle::current;
  bool lenient_partitioning = false;
};

// A value; nothing changes it once a server has been made from it.
struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4566;  // 0: one that is free
  std::string data_dir = "hydrant-data";
  std::string region = "us-east-1";
  std::string account = "000000000000";
  Auth auth = Auth::off;
  std::vector<AccessKey> credentials;  // Auth::verify needs at least one
  ClockChoice clock;
  std::optional<std::uint64_t> seed;  // none: another one at every start
  std::uint32_t threads = 0;          // 0: one per processor
  std::string tls_cert;               // PEM files; both or none
  std::string tls_key;
  std::string log_level = "info";
  std::string log_format = "text";
  bool strict = false;
  bool flush_on_exit = true;
  ThrottleOptions throttle;
  MemoryOptions memory;
  DelayOptions delays;
  FirehoseOptions firehose;
  QuotaOptions quotas;

  // The text of a configuration file and the folder at which its relative paths start. Options read
  // from it are above; the server reads its streams, functions and deliveryStreams.
  std::string configuration;
  std::string configuration_file;  // for messages; may be empty when the text was not read from one
  std::string configuration_folder = ".";
};

}  // namespace hydrant
