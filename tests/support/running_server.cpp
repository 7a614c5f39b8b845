#include "support/running_server.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace hydrant::testing {
namespace {

std::filesystem::path fresh_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "hydrant-test-XXXXXX").string();
  return ::mkdtemp(name.data());
}

}  // namespace

Options RunningServer::quiet() {
  Options options;
  options.port = 0;
  options.threads = 2;
  options.clock.is_virtual = true;
  options.seed = 1;
  options.log_level = "off";
  options.delays = {std::chrono::milliseconds(0), std::chrono::milliseconds(0),
                    std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
  return options;
}

RunningServer::RunningServer(const std::string& configuration, Options options)
    : directory_(fresh_directory()) {
  options.data_dir = directory_ / "data";
  options.configuration = configuration;
  options.configuration_folder = directory_;
  server_ = std::make_unique<Server>(std::move(options));
  if (const auto failure = server_->start()) ADD_FAILURE() << failure->sentence;
}

RunningServer::~RunningServer() {
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Answer RunningServer::send(const std::string& method, const std::string& path,
                           const std::string& body, const Headers& headers) const {
  net::ClientRequest request;
  request.method = method;
  request.url = server_->url() + path;
  request.headers = headers;
  request.body = body;
  const auto reply = net::HttpClient().send(request);
  return {reply.status, Json::parse(reply.body, nullptr, false)};
}

Answer RunningServer::admin(const std::string& path, const Json& body) const {
  return send("POST", "/_hydrant" + path, body.dump());
}

Answer RunningServer::look(const std::string& path) const {
  return send("GET", "/_hydrant" + path);
}

Answer RunningServer::kinesis(const std::string& operation, const Json& body) const {
  return send("POST", "/", body.dump(),
              {{"Content-Type", "application/x-amz-json-1.1"},
               {"X-Amz-Target", "Kinesis_20131202." + operation}});
}

Answer RunningServer::firehose(const std::string& operation, const Json& body) const {
  return send("POST", "/", body.dump(),
              {{"Content-Type", "application/x-amz-json-1.1"},
               {"X-Amz-Target", "Firehose_20150804." + operation}});
}

std::vector<std::string> RunningServer::objects(const std::string& bucket) const {
  std::vector<std::filesystem::path> paths;
  const auto root = directory_ / "data" / "s3" / bucket;
  if (!std::filesystem::exists(root)) return {};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    if (entry.is_regular_file()) paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<std::string> contents;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    contents.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return contents;
}

}  // namespace hydrant::testing
