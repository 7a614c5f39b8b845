#include "server/admin/admin.h"

#include <nlohmann/json.hpp>

#include "core/json_writer.h"
#include "hydrant/version.h"
#include "server/admin/metrics.h"
#include "server/admin/state.h"

namespace hydrant::server {
namespace {

using Json = nlohmann::ordered_json;

// A year and a bit of retention is the longest wait that there is; this is three.
constexpr std::chrono::seconds kAdvanceMax{3 * 366 * 86'400};
constexpr const char* kResetUnderWay = "A reset is under way.";
constexpr std::size_t kAdvanceBytesMax = 4096;  // of the body that says how long

net::Reply json_reply(int status, std::string body) {
  net::Reply reply;
  reply.status = status;
  reply.body = std::move(body) + "\n";  // curl leaves the prompt on a line of its own
  reply.header("Content-Type", "application/json");
  return reply;
}

net::Reply json_reply(int status, const Json& body) {
  return json_reply(status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

net::Reply refusal(int status, const std::string& sentence) {
  return json_reply(status, Json{{"error", sentence}});
}

net::Reply flush_reply(const delivery::FlushResult& result) {
  Json body{{"objects", result.written}};
  if (result.unwritten.empty()) return json_reply(200, body);
  body["error"] =
      "Not everything could be written; what was not stays buffered and is tried again.";
  body["unwritten"] = Json::array();
  for (const auto& unwritten : result.unwritten)
    body["unwritten"].push_back({{"object", unwritten.object}, {"error", unwritten.error}});
  return json_reply(503, body);
}

// The host of "http://localhost:3000" or "http://[::1]:80".
std::string_view origin_host(std::string_view origin) {
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return {};
  origin.remove_prefix(scheme + 3);
  if (origin.starts_with('[')) return origin.substr(1, origin.find(']') - 1);
  return origin.substr(0, origin.find_first_of(":/"));
}

// An address that begins with 127 has nothing but digits and dots: 127.0.0.1.example.com is a name.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") &&
          host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

Admin::~Admin() {
  if (parts_.virtual_clock != nullptr) parts_.virtual_clock->interrupt();
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return working_ == 0 && !resetting_; });
}

net::Reply Admin::serve(const net::Request& request, net::Later& later) {
  return route(request, later, false);
}

net::Reply Admin::serve_handler(const net::Request& request, net::Later& later) {
  return route(request, later, true);
}

// A page of another site, open in the user's browser, must not drive the server.
bool Admin::origin_allowed(const net::Request& request) const {
  const auto origin = request.header("origin");
  if (origin.data() == nullptr) return true;
  const auto host = origin_host(origin);
  return is_loopback(host) || (!host.empty() && host == parts_.options.host);
}

net::Reply Admin::route(const net::Request& request, net::Later& later, bool from_handler) {
  if (!origin_allowed(request)) return refusal(403, "Requests of another origin are refused.");
  constexpr std::string_view kRoot = "/_hydrant";
  const auto path = request.path().substr(kRoot.size());
  // Of what HEAD asks for, the connection sends no body.
  const bool get = request.method == "GET" || request.method == "HEAD";
  const bool post = request.method == "POST";

  if (get && path == "/health")
    return json_reply(200, Json{{"status", "ok"}, {"version", kVersion}});
  if (get && path == "/clock") return clock_reply();
  if (get && path == "/gaps") return gaps_reply();
  if (get && path == "/state") return json_reply(200, state_json(parts_));
  if (get && path == "/metrics") {
    net::Reply reply;
    reply.body = metrics_text(parts_);
    return reply.header("Content-Type", "text/plain; version=0.0.4");
  }
  const bool waits = path == "/clock/advance" || path == "/reset" || path.starts_with("/flush");
  if (post && waits && from_handler)
    return refusal(409, "A handler cannot ask for what would wait for the handler itself.");
  if (post && path == "/clock/advance") return advance_reply(request, later);
  if (post && path == "/reset") return reset(later), net::Reply{};
  if (post && (path == "/flush" || path.starts_with("/flush/"))) {
    const auto name = path == "/flush" ? std::string_view{} : path.substr(sizeof "/flush/" - 1);
    flush(net::percent_decode(name), later);
    return {};
  }
  return refusal(
      404, "There is no " + std::string(request.method) + " " + std::string(request.path()) + ".");
}

net::Reply Admin::clock_reply() const {
  const auto& choice = parts_.options.clock;
  Json body{{"now", format_utc(parts_.clock->now())},
            {"mode", choice.is_virtual      ? "virtual"
                     : choice.factor == 1.0 ? "real"
                                            : "scaled"}};
  if (!choice.is_virtual && choice.factor != 1.0) body["factor"] = choice.factor;
  return json_reply(200, body);
}

net::Reply Admin::gaps_reply() const {
  Json list = Json::array();
  for (const auto& gap : parts_.gaps.list())
    list.push_back({{"where", gap.where}, {"setting", gap.setting}, {"why", gap.why}});
  return json_reply(200, Json{{"gaps", list}, {"dropped", parts_.gaps.dropped()}});
}

bool Admin::begin_work(std::uint64_t& epoch) {
  std::lock_guard lock(mutex_);
  if (resetting_) return false;
  epoch = epoch_;
  ++working_;
  return true;
}

// False if a reset took place since the work began.
bool Admin::end_work(std::uint64_t epoch) {
  std::lock_guard lock(mutex_);
  if (--working_ == 0) idle_.notify_all();
  return epoch == epoch_;
}

void Admin::run_later(net::Later& later, std::function<net::Reply()> work) {
  parts_.pool.post_waiter([this, give = later.defer(), work = std::move(work)] {
    std::uint64_t epoch = 0;
    if (!begin_work(epoch)) return give(refusal(409, kResetUnderWay));
    auto reply = work();
    if (!end_work(epoch)) reply = refusal(409, "A reset took place meanwhile.");
    give(std::move(reply));
  });
}

void Admin::flush(const std::string& name, net::Later& later) {
  run_later(later, [this, name] {
    if (name.empty()) return flush_reply(parts_.deliveries.flush());
    const auto result = parts_.deliveries.flush(name);
    if (!result) return refusal(404, "There is no delivery stream " + name + ".");
    return flush_reply(*result);
  });
}

net::Reply Admin::advance_reply(const net::Request& request, net::Later& later) {
  // What is longer is none, and would take far more memory than it has bytes.
  const auto text = request.body.substr(0, kAdvanceBytesMax);
  const auto body = Json::parse(text, nullptr, false);
  const bool has_seconds =
      body.is_object() && body.contains("seconds") && body["seconds"].is_number();
  double seconds = has_seconds ? body["seconds"].get<double>() : -1;
  // What does not fit into microseconds is out of range as well.
  if (!(seconds >= 0 && seconds <= static_cast<double>(kAdvanceMax.count()))) seconds = -1;
  return advance(Duration(static_cast<std::int64_t>(seconds * 1e6)), later);
}

net::Reply Admin::advance(Duration by, net::Later& later) {
  if (parts_.virtual_clock == nullptr)
    return refusal(409, "The clock is not virtual: start hydrant with --clock virtual.");
  if (by < Duration(0) || by > kAdvanceMax)
    return refusal(400, "Expected {\"seconds\": N} with N from 0 to " +
                            std::to_string(kAdvanceMax.count()) + ".");
  run_later(later, [this, by] {
    std::uint64_t interruptions = 0;
    {
      std::lock_guard lock(mutex_);
      // A reset that begins from here on interrupts what follows; one that has begun waits for it.
      if (resetting_) return refusal(409, kResetUnderWay);
      if (advancing_) return refusal(409, "The clock is being advanced already.");
      advancing_ = true;
      interruptions = parts_.virtual_clock->interruptions();
    }
    parts_.virtual_clock->advance(
        by, [this] { parts_.pool.wait_idle(); }, interruptions);
    std::lock_guard lock(mutex_);
    advancing_ = false;
    return clock_reply();
  });
  return {};
}

net::Reply Admin::busy_reply() {
  return json_reply(503,
                    Json{{"__type", "ServiceUnavailableException"}, {"message", kResetUnderWay}});
}

void Admin::forget_resources() {
  parts_.deliveries.clear();
  parts_.streams.clear();
  parts_.kinesis.reset();
}

// A new epoch: what waits is told so, what is in flight is dropped, and then all begins again.
// Services are called no more meanwhile; what a call that had begun has created still is not the
// configuration's.
void Admin::reset(net::Later& later) {
  parts_.pool.post_waiter([this, give = later.defer()] {
    {
      std::lock_guard lock(mutex_);
      if (resetting_.exchange(true)) return give(refusal(409, "A reset is under way already."));
      ++epoch_;
    }
    if (parts_.virtual_clock != nullptr) parts_.virtual_clock->interrupt();
    forget_resources();
    parts_.functions.reset();
    {
      std::unique_lock lock(mutex_);
      idle_.wait(lock, [this] { return working_ == 0; });
    }
    parts_.pool.wait_idle();
    forget_resources();
    parts_.objects.clear();
    parts_.error_log.clear();
    parts_.gaps.clear();
    parts_.call_rates.clear();
    parts_.metrics_sink.clear();
    parts_.random.restart();
    parts_.tokens.renew();
    const auto wrong = parts_.create_resources(resources_);
    {
      std::lock_guard lock(mutex_);
      resetting_ = false;
      idle_.notify_all();
    }
    give(wrong ? refusal(500, *wrong) : json_reply(200, Json{{"status", "ok"}}));
  });
}

}  // namespace hydrant::server
