// The resources of a configuration file, each written as the AWS request that creates it.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "aws/kms_keys.h"
#include "engine/functions/function.h"
#include "server/options.h"

namespace hydrant::server {

struct StreamResource {
  std::string name;
  std::int32_t shards = 1;
  bool on_demand = false;
  std::int32_t record_size_max_kib = 1024;
  std::int32_t warm_throughput_mibps = 0;  // 0: none was asked for
  std::map<std::string, std::string> tags;
};

// In the order of the file, which is the order in which they are created.
struct Resources {
  aws::KmsKeys kms_keys;
  std::vector<StreamResource> streams;
  std::vector<functions::FunctionSettings> functions;
  std::vector<nlohmann::json> delivery_streams;  // bodies of CreateDeliveryStream
};

// `options.configuration` with its relative paths made absolute by `options.configuration_folder`.
// An empty text has no resources. Messages lead to the place: "functions[1].Timeout: expected ...".
Parsed<Resources> read_resources(const Options& options);

}  // namespace hydrant::server
