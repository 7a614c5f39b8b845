// What the tests of functions have in common: handlers in a folder of their own, and a registry
// that runs them.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "core/clock.h"
#include "engine/functions/function_registry.h"

namespace hydrant::functions {

class FunctionsTest : public testing::Test {
 protected:
  FunctionsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hydrant-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    start_registry(std::chrono::seconds(10));
  }
  ~FunctionsTest() override {
    registry_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void start_registry(std::chrono::milliseconds init_time_max,
                      std::chrono::milliseconds invoke_time_max = std::chrono::minutes(5)) {
    FunctionEnvironment environment;
    environment.endpoint_url = "http://127.0.0.1:4566";
    environment.region = "eu-west-1";
    environment.account = "123456789012";
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(log_);
    auto logger = std::make_shared<spdlog::logger>("test", std::move(sink));
    logger->set_pattern("%v");
    environment.logger = std::make_shared<Logger>(std::move(logger));
    environment.random = &random_;
    environment.init_time_max = init_time_max;
    environment.invoke_time_max = invoke_time_max;
    registry_ = std::make_unique<FunctionRegistry>(std::move(environment));
  }

  void write(const std::filesystem::path& name, const std::string& text) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
  }
  std::string read(const std::filesystem::path& name) const {
    std::ifstream file(folder_ / name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  // The python3 on PATH may be a script that chooses among several, and slow.
  static std::string python_path() {
    return std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  }
  FunctionSettings python(const std::string& source) const {
    write("app.py", source);
    auto settings = handler("python3", "app.handler");
    settings.interpreter = python_path();
    return settings;
  }
  FunctionSettings node(const std::string& source, const std::string& file = "app.js") const {
    write(file, source);
    return handler("nodejs20.x", "app.handler");
  }
  FunctionSettings handler(const std::string& runtime, const std::string& name) const {
    FunctionSettings settings;
    settings.name = "f";
    settings.directory = folder_;
    settings.runtime = runtime;
    settings.handler = name;
    return settings;
  }
  FunctionSettings command(std::vector<std::string> arguments) const {
    FunctionSettings settings;
    settings.name = "f";
    settings.directory = folder_;
    settings.command = std::move(arguments);
    return settings;
  }
  // A program that talks the Runtime API itself: `next()`, `post(path, body)` and `request_id` are
  // given, `body` is the event.
  FunctionSettings custom_runtime(const std::string& source) const {
    write("bootstrap", "#!/usr/bin/env " + python_path() + R"(
import http.client, json, os, signal, subprocess, sys, time
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
def call(method, path, body=None):
    api.request(method, "/2018-06-01/runtime/" + path, body)
    reply = api.getresponse()
    return reply.status, reply.headers, reply.read()
def next():
    global headers, request_id
    status, headers, body = call("GET", "invocation/next")
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    return body
def answer(body):
    return call("POST", "invocation/" + request_id + "/response", body)
)" + source);
    return command({"./bootstrap"});
  }

  // The function "f" is this from now on.
  void add(const FunctionSettings& settings) {
    const auto wrong = registry_->add(settings);
    ASSERT_EQ(wrong, std::nullopt);
  }
  InvokeResult invoke(const std::string& event = "{}", const std::string& name = "f") {
    const auto function = registry_->find(name);
    if (!function) return {404, "ResourceNotFoundException", "", ""};
    return function->invoke(name, event);
  }
  std::future<InvokeResult> invoke_async(const std::string& event = "{}") {
    return std::async(std::launch::async, [this, event] { return invoke(event); });
  }
  // Adds the function, invokes it and tells what it answered.
  std::string answer_of(const FunctionSettings& settings, const std::string& event = "{}") {
    add(settings);
    const auto result = invoke(event);
    return result.function_error.empty() ? result.payload
                                         : result.function_error + ": " + result.payload;
  }

  std::filesystem::path folder_;
  std::ostringstream log_;
  Random random_{1};
  std::unique_ptr<FunctionRegistry> registry_;
};

// Until it is so, or half a minute has passed (false).
inline bool eventually(const std::function<bool()>& is_so) {
  const auto deadline = steady_now() + std::chrono::seconds(30);
  while (!is_so()) {
    if (steady_now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

// A zombie does not live, whoever is to reap it.
inline bool process_lives(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string text;
  if (!std::getline(file, text)) return false;
  const char state = text[text.rfind(')') + 2];
  return state != 'Z' && state != 'X';
}

}  // namespace hydrant::functions
