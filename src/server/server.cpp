#include "hydrant/server.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "net/http_server.h"
#include "server/admin/admin.h"
#include "server/configuration.h"
#include "server/parts.h"

namespace hydrant {
namespace {

using server::Admin;
using server::Parts;
using server::Resources;

// For the requests under way. Container engines kill ten seconds after they have asked for the end;
// what is buffered is delivered in what is left of these.
constexpr std::chrono::seconds kStopGrace{5};

// The admin interface, or a service. Handlers' requests come in by a port of their own, and to the
// admin interface by a door of their own: so they are known for what they are, and are still
// answered while the server stops and delivers what is left.
class Router final : public net::Handler {
 public:
  using Door = net::Reply (Admin::*)(const net::Request&, net::Later&);

  Router(Admin& admin, Door door, net::Handler& services)
      : admin_(admin), door_(door), services_(services) {}
  net::Reply serve(const net::Request& request, net::Later& later) override {
    if (Admin::is_admin(request)) return (admin_.*door_)(request, later);
    return admin_.resetting() ? Admin::busy_reply() : services_.serve(request, later);
  }

 private:
  Admin& admin_;
  const Door door_;
  net::Handler& services_;
};

// A call of the admin interface from this process, which waits for what it would answer.
class LocalCall final : public net::Later {
 public:
  using Json = nlohmann::json;

  Give defer() override {
    deferred_ = true;
    return [answer = answer_](net::Reply reply) { answer->set_value(std::move(reply)); };
  }
  Json answer(const net::Reply& at_once = {}) {
    return Json::parse(deferred_ ? answer_->get_future().get().body : at_once.body);
  }
  std::optional<std::string> refusal(const net::Reply& at_once = {}) {
    const Json body = answer(at_once);
    if (!body.contains("error")) return std::nullopt;
    return body["error"].get<std::string>();
  }

 private:
  std::shared_ptr<std::promise<net::Reply>> answer_ = std::make_shared<std::promise<net::Reply>>();
  bool deferred_ = false;
};

constexpr const char* kNotStarted = "The server has not been started.";

std::optional<std::string> check_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error && ::access(directory.c_str(), W_OK) != 0)
    error.assign(errno, std::generic_category());
  if (!error) return std::nullopt;
  return "The data directory \"" + directory + "\" is not writable: " + error.message() + ".";
}

// Options need not come from a command line, which looks at them together.
std::optional<std::string> contradiction(const Options& options) {
  if (!net::is_listen_host(options.host))
    return "host: expected an IP address or localhost, got \"" + options.host + "\".";
  if (options.auth == Auth::verify && options.credentials.empty())
    return "auth: verify needs credentials to verify with.";
  return std::nullopt;
}

net::TlsSettings tls_settings(const Options& options) {
  return {options.tls_cert, options.tls_key,
          (std::filesystem::path(options.data_dir) / "tls").string()};
}

bool runs_locally(const functions::FunctionSettings& function) { return function.url.empty(); }

}  // namespace

class Server::Impl {
 public:
  explicit Impl(Options options) : options_(std::move(options)) {}

  std::optional<Failure> start();
  std::optional<Failure> check();
  bool stop();
  std::optional<std::string> advance(std::chrono::microseconds by);
  Flushed flush(const std::string& delivery_stream);
  std::optional<std::string> reset();
  std::uint16_t port() const { return http_ ? http_->port() : 0; }
  const std::string& host() const { return options_.host; }

 private:
  std::optional<Failure> prepare();
  std::optional<Failure> listen();

  const Options options_;
  Resources resources_;
  std::unique_ptr<Parts> parts_;
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<Router> router_;
  std::unique_ptr<Router> handler_router_;
  std::unique_ptr<net::HttpServer> handler_http_;
  std::unique_ptr<net::HttpServer> http_;
};

std::optional<Server::Failure> Server::Impl::prepare() {
  if (auto sentence = contradiction(options_)) return Failure{*sentence, 2};
  if (auto wrong = net::check_certificate(tls_settings(options_))) return Failure{*wrong, 2};
  auto resources = server::read_resources(options_);
  if (auto* error = std::get_if<server::ConfigurationError>(&resources))
    return Failure{error->sentence, 2};
  resources_ = std::get<Resources>(std::move(resources));
  parts_ = std::make_unique<Parts>(options_);
  parts_->kms_keys = resources_.kms_keys;
  if (auto wrong = parts_->declare_functions(resources_)) return Failure{*wrong, 2};
  return std::nullopt;
}

std::optional<Server::Failure> Server::Impl::check() {
  if (auto failure = prepare()) return failure;
  if (auto wrong = parts_->create_resources(resources_)) return Failure{*wrong, 2};
  return std::nullopt;
}

std::optional<Server::Failure> Server::Impl::listen() {
  net::ServerSettings settings;
  settings.host = options_.host;
  settings.port = options_.port;
  settings.tls = tls_settings(options_);
  settings.threads =
      options_.threads != 0 ? options_.threads : std::max(1U, std::thread::hardware_concurrency());
  http_ = std::make_unique<net::HttpServer>(settings, *router_, parts_->logger);
  if (auto sentence = http_->start()) return Failure{*sentence, 1};

  if (std::ranges::any_of(resources_.functions, runs_locally)) {
    settings = {};
    handler_http_ = std::make_unique<net::HttpServer>(settings, *handler_router_, parts_->logger);
    if (auto sentence = handler_http_->start()) return Failure{*sentence, 1};
    parts_->functions.set_endpoint_url(server::url_of(settings.host, handler_http_->port()));
  }
  return std::nullopt;
}

std::optional<Server::Failure> Server::Impl::start() {
  if (auto failure = prepare()) return failure;
  if (auto sentence = check_directory(options_.data_dir)) return Failure{*sentence, 1};
  admin_ = std::make_unique<Admin>(*parts_, resources_);
  router_ = std::make_unique<Router>(*admin_, &Admin::serve, parts_->dispatcher);
  handler_router_ =
      std::make_unique<Router>(*admin_, &Admin::serve_handler, parts_->handler_dispatcher);
  if (auto wrong = parts_->create_resources(resources_)) return Failure{*wrong, 2};
  return listen();
}

bool Server::Impl::stop() {
  if (!parts_) return true;
  if (http_) {
    parts_->logger->info(
        "stopping: the requests under way end, then {}",
        options_.flush_on_exit ? "what is buffered is delivered" : "what is buffered is dropped");
    http_->stop(kStopGrace);
  }
  bool delivered = true;
  for (const auto& left : parts_->deliveries.stop(options_.flush_on_exit)) {
    delivered = false;
    parts_->logger->error("delivery_stream={} undelivered records={} bytes={} of the backup={}{}",
                          left.id.name, left.records, left.bytes, left.backup_records,
                          left.error.empty() ? "" : " error=" + left.error);
  }
  if (handler_http_) handler_http_->stop(std::chrono::milliseconds(0));
  return delivered || !options_.flush_on_exit;
}

std::optional<std::string> Server::Impl::advance(std::chrono::microseconds by) {
  if (!admin_) return kNotStarted;
  LocalCall call;
  const auto at_once = admin_->advance(by, call);
  return call.refusal(at_once);
}

Server::Flushed Server::Impl::flush(const std::string& delivery_stream) {
  if (!admin_) return {{}, kNotStarted};
  LocalCall call;
  admin_->flush(delivery_stream, call);
  const auto answer = call.answer();
  return {answer.value("objects", std::vector<std::string>{}), answer.value("error", "")};
}

std::optional<std::string> Server::Impl::reset() {
  if (!admin_) return kNotStarted;
  LocalCall call;
  admin_->reset(call);
  return call.refusal();
}

Server::Server(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Server::~Server() = default;

std::optional<Server::Failure> Server::start() { return impl_->start(); }

std::optional<Server::Failure> Server::check() { return impl_->check(); }

std::uint16_t Server::port() const { return impl_->port(); }

std::string Server::url() const { return server::url_of(impl_->host(), impl_->port()); }

std::optional<std::string> Server::advance(std::chrono::microseconds by) {
  return impl_->advance(by);
}

Server::Flushed Server::flush(const std::string& delivery_stream) {
  return impl_->flush(delivery_stream);
}

std::optional<std::string> Server::reset() { return impl_->reset(); }

bool Server::stop() { return impl_->stop(); }

}  // namespace hydrant
