// A whole server in this process, on a port of its own, for tests that speak HTTP to it.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "hydrant/server.h"
#include "net/http_client.h"

namespace hydrant::testing {

using Json = nlohmann::ordered_json;

struct Answer {
  int status = 0;
  Json body;
};

// A configuration: direct puts to "logs" are in the bucket "logs" within five minutes.
inline constexpr const char* kDirectToS3 = R"({
  "deliveryStreams": [{"DeliveryStreamName": "logs", "ExtendedS3DestinationConfiguration": {
    "RoleARN": "arn:aws:iam::000000000000:role/r", "BucketARN": "arn:aws:s3:::logs",
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300}}}]})";

class RunningServer {
 public:
  // `configuration`: the text of a configuration file; the clock is virtual unless `options`
  // differ.
  explicit RunningServer(const std::string& configuration = "{}", Options options = quiet());
  ~RunningServer();

  static Options quiet();  // port 0, virtual clock, no delays, no log, a data directory of its own

  Server& server() { return *server_; }
  const std::filesystem::path& directory() const { return directory_; }

  using Headers = std::vector<std::pair<std::string, std::string>>;
  Answer send(const std::string& method, const std::string& path, const std::string& body = "",
              const Headers& headers = {}) const;
  Answer admin(const std::string& path, const Json& body = Json::object()) const;  // POST /_hydrant
  Answer look(const std::string& path) const;                                      // GET /_hydrant
  Answer kinesis(const std::string& operation, const Json& body) const;
  Answer firehose(const std::string& operation, const Json& body) const;
  Answer advance(double seconds) const { return admin("/clock/advance", {{"seconds", seconds}}); }

  // The bytes of the objects of a bucket, in the order of their keys.
  std::vector<std::string> objects(const std::string& bucket) const;

 private:
  std::filesystem::path directory_;
  std::unique_ptr<Server> server_;
};

}  // namespace hydrant::testing
