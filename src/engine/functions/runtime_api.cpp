#include "engine/functions/runtime_api.h"

#include <utility>

#include "core/clock.h"
#include "core/json_writer.h"
#include "engine/functions/failures.h"

namespace hydrant::functions {
namespace {

constexpr std::string_view kBase = "/2018-06-01/runtime/";

net::Reply json_reply(int status, std::string body) {
  net::Reply reply;
  reply.status = status;
  reply.header("Content-Type", "application/json");
  reply.body = std::move(body);
  return reply;
}

net::Reply accepted() { return json_reply(202, "{\"status\":\"OK\"}\n"); }

net::Reply refused(int status, std::string_view type, std::string_view message) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .member("errorMessage", message)
      .member("errorType", type)
      .end_object();
  return json_reply(status, std::move(body));
}

net::Reply wrong_state() {
  return refused(403, "InvalidStateTransition", "Another request for an invocation came first");
}

std::string error_or_default(std::string_view body) {
  return body.empty() ? R"({"errorType":"Runtime.Unknown","errorMessage":""})" : std::string(body);
}

}  // namespace

Outcome RuntimeApi::invoke(const Invocation& invocation) {
  net::Later::Give give;
  net::Reply reply;
  {
    const MutexLock lock(mutex_);
    current_ = &invocation;
    given_ = false;
    outcome_.reset();
    deadline_ = steady_now() + init_time_max_;
    if (waiting_ && !exited_ && !abandoned_) {
      give = std::exchange(waiting_, nullptr);
      reply = hand_over();
    }
  }
  if (give) give(std::move(reply));

  const MutexLock lock(mutex_);
  auto outcome = ending();
  while (!outcome) {
    const Time deadline = deadline_;  // the member may change while this waits
    changed_.wait_until(mutex_, deadline);
    outcome = ending();
  }
  current_ = nullptr;
  return std::move(*outcome);
}

// An answer counts also when the process has exited or run out of time right behind it.
std::optional<Outcome> RuntimeApi::ending() {
  if (outcome_) return std::exchange(outcome_, std::nullopt);
  if (abandoned_) return Outcome{Ending::abandoned, ""};
  const bool warm_and_idle = has_served_ && !given_;
  if (exited_) return Outcome{warm_and_idle ? Ending::not_taken : Ending::exited, *exited_};
  if (steady_now() < deadline_) return std::nullopt;
  if (warm_and_idle) return Outcome{Ending::not_taken, ""};
  return Outcome{given_ ? Ending::timed_out : Ending::init_timed_out, ""};
}

void RuntimeApi::process_exited(const std::string& how) {
  const MutexLock lock(mutex_);
  exited_ = how;
  changed_.notify_all();
}

void RuntimeApi::abandon() {
  const MutexLock lock(mutex_);
  abandoned_ = true;
  changed_.notify_all();
}

void RuntimeApi::drop_waiting() {
  const MutexLock lock(mutex_);
  waiting_ = nullptr;
}

net::Reply RuntimeApi::hand_over() {
  given_ = true;
  deadline_ = steady_now() + current_->time_max;
  const auto deadline_ms = epoch_millis(system_now()) + current_->time_max.count();
  auto reply = json_reply(200, current_->payload);
  reply.header("Lambda-Runtime-Aws-Request-Id", current_->id)
      .header("Lambda-Runtime-Deadline-Ms", std::to_string(deadline_ms))
      .header("Lambda-Runtime-Invoked-Function-Arn", current_->arn)
      .header("Lambda-Runtime-Trace-Id", current_->trace_id);
  changed_.notify_all();  // the deadline is another now
  return reply;
}

net::Reply RuntimeApi::serve(const net::Request& request, net::Later& later) {
  std::string_view path = request.path();
  if (!path.starts_with(kBase)) return refused(404, "NotFound", "This is the Lambda Runtime API");
  path.remove_prefix(kBase.size());
  if (request.method == "GET" && path == "invocation/next") return serve_next(later);
  if (request.method == "POST" && path == "init/error") return serve_init_error(request.body);

  constexpr std::string_view kInvocation = "invocation/";
  const auto slash = path.rfind('/');
  if (request.method == "POST" && path.starts_with(kInvocation) && slash >= kInvocation.size()) {
    const auto id = path.substr(kInvocation.size(), slash - kInvocation.size());
    const auto what = path.substr(slash + 1);
    if (what == "response" || what == "error") return serve_result(id, what, request.body);
  }
  return refused(404, "NotFound", "The Lambda Runtime API has no such call");
}

// A process that asks twice has lost its first connection, so the later request is the one to
// answer.
net::Reply RuntimeApi::serve_next(net::Later& later) {
  auto give = later.defer();
  net::Later::Give earlier;
  net::Reply reply;
  {
    const MutexLock lock(mutex_);
    earlier = std::exchange(waiting_, nullptr);
    if (current_ && !given_) {
      reply = hand_over();
    } else if (current_ && !outcome_) {
      reply = wrong_state();  // it has not answered what it was given
    } else {
      waiting_ = std::exchange(give, nullptr);
    }
  }
  if (earlier) earlier(wrong_state());
  if (give) give(std::move(reply));
  return {};
}

net::Reply RuntimeApi::serve_result(std::string_view id, std::string_view what,
                                    std::string_view body) {
  const bool too_large = body.size() > kPayloadBytesMax;
  const MutexLock lock(mutex_);
  if (!current_ || !given_ || outcome_ || current_->id != id) {
    return refused(400, "InvalidRequestID", "Invalid request ID");
  }
  has_served_ = true;
  if (too_large) {
    outcome_ = Outcome{Ending::too_large, ""};
  } else if (what == "response") {
    outcome_ = Outcome{Ending::answered, std::string(body)};
  } else {
    outcome_ = Outcome{Ending::failed, error_or_default(body)};
  }
  changed_.notify_all();
  if (!too_large) return accepted();
  return refused(
      413, "RequestEntityTooLarge",
      "Exceeded maximum allowed payload size (" + std::to_string(kPayloadBytesMax) + " bytes).");
}

net::Reply RuntimeApi::serve_init_error(std::string_view body) {
  const MutexLock lock(mutex_);
  if (current_ && !given_ && !outcome_) {
    outcome_ = Outcome{Ending::init_failed, error_or_default(body)};
    changed_.notify_all();
  }
  return accepted();
}

}  // namespace hydrant::functions
