#include "aws/dispatcher.h"

#include <exception>

#include "aws/authentication.h"
#include "aws/codec/cbor.h"
#include "aws/codec/json.h"
#include "core/base64.h"
#include "core/clock.h"
#include "core/json_writer.h"

namespace hydrant::aws {
namespace {

constexpr std::string_view kJson = "application/x-amz-json-1.1";
constexpr std::string_view kPlainJson = "application/json";
constexpr std::string_view kCbor = "application/x-amz-cbor-1.1";
constexpr std::size_t kId2Bytes = 72;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The front end's own refusals, from before it knows a codec.
net::Reply xml(int status, std::string_view type, std::string_view message = {}) {
  net::Reply reply;
  reply.status = status;
  reply.body.append("<").append(type);
  if (message.empty()) {
    reply.body += "/>\n";
  } else {
    reply.body.append(">\n  <Message>")
        .append(message)
        .append("</Message>\n</")
        .append(type)
        .append(">\n");
  }
  return reply;
}

net::Reply undetermined() {
  return xml(403, "AccessDeniedException",
             "Unable to determine service/operation name to be authorized");
}

net::Reply json_error(const Error& error) {
  net::Reply reply;
  reply.status = error.status;
  JsonWriter writer(reply.body);
  writer.begin_object().member("__type", error.code);
  if (error.message) writer.member(error.capital_message ? "Message" : "message", *error.message);
  writer.end_object();
  reply.header("Content-Type", kJson);
  return reply;
}

net::Reply error_reply(const Error& error, bool as_cbor) {
  if (!as_cbor) return json_error(error);
  net::Reply reply;
  reply.status = error.status;
  reply.body = cbor_error(error);
  reply.header("Content-Type", kCbor);
  return reply;
}

// What application/json gets: it is recognised but never reaches an operation.
net::Reply coral_reply(int status, std::string_view type) {
  net::Reply reply;
  reply.status = status;
  reply.body = R"({"Output":{"__type":"com.amazon.coral.service#)" + std::string(type) +
               R"("},"Version":"1.0"})";
  reply.header("Content-Type", kPlainJson);
  return reply;
}

net::Reply preflight(const net::Request& request) {
  net::Reply reply;
  reply.header("Access-Control-Allow-Origin", "*").header("Access-Control-Max-Age", "172800");
  if (const auto asked = request.header("access-control-request-headers"); !asked.empty())
    reply.header("Access-Control-Allow-Headers", asked);
  if (const auto asked = request.header("access-control-request-method"); !asked.empty())
    reply.header("Access-Control-Allow-Methods", asked);
  return reply;
}

// Buffers of simdjson and of decoded blobs are worth keeping, and an I/O thread serves one request
// at a time: one set a thread. It holds nothing between two requests.
JsonScratch& scratch_of_thread() {
  thread_local JsonScratch scratch;
  return scratch;
}

// The service parses a document before it looks at anything in it, so that of two faults the broken
// syntax is named. Decoding stops at the first wrong type; only then is the rest looked at.
bool well_formed_map(std::string_view body) {
  JsonReader reader(body, scratch_of_thread());
  if (reader.kind() != Kind::map) return false;
  reader.skip();
  return reader.finished();
}

}  // namespace

Dispatcher::Dispatcher(DispatcherSettings settings, std::vector<Service*> services, Random& random,
                       std::shared_ptr<Logger> logger)
    : settings_(std::move(settings)),
      services_(std::move(services)),
      random_(random),
      logger_(std::move(logger)) {}

net::Reply Dispatcher::serve(const net::Request& request, net::Later&) {
  const auto started = steady_now();
  char request_id[36];
  random_.uuid_to(request_id);
  const std::string_view id(request_id, sizeof request_id);

  const bool has_origin = request.header("origin").data() != nullptr;
  const bool is_preflight = has_origin && request.method == "OPTIONS";
  net::Reply reply = is_preflight ? preflight(request) : answer(request, id);
  reply.header("x-amzn-RequestId", id);
  if (!is_preflight) {
    char noise[kId2Bytes];
    random_.bytes(noise, sizeof noise);
    reply.headers += "x-amz-id-2: ";
    append_base64(reply.headers, {noise, sizeof noise});
    reply.headers += "\r\n";
  }
  if (has_origin && !is_preflight) {
    reply.header("Access-Control-Allow-Origin", "*")
        .header("Access-Control-Expose-Headers",
                "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,"
                "Date");
  }
  if (logger_->info_enabled()) {
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - started);
    log(request, reply, id, elapsed.count());
  }
  return reply;
}

Dispatcher::Codec Dispatcher::codec_of(const net::Request& request) {
  const auto header = request.header("content-type");
  const auto type = trim(header.substr(0, header.find(';')));
  if (type == kJson) return Codec::json;
  if (type == kPlainJson) return Codec::plain_json;
  if (type == kCbor) return Codec::cbor;
  return Codec::none;
}

Dispatcher::Target Dispatcher::target_of(const net::Request& request) const {
  Target target;
  const auto header = request.header("x-amz-target");
  const auto dot = header.find('.');
  if (dot == std::string_view::npos) return target;
  for (auto* service : services_) {
    if (service->target_prefix() != header.substr(0, dot)) continue;
    target.service = service;
    target.operation = service->find(header.substr(dot + 1));
  }
  return target;
}

Call Dispatcher::call_of(const net::Request& request, std::string_view request_id) const {
  Call call{request_id, settings_.account, settings_.region};
  if (const auto scope = credential_scope(request)) {
    if (is_account_id(scope->access_key)) call.account = scope->access_key;
    if (!scope->region.empty()) call.region = scope->region;
  }
  return call;
}

net::Reply Dispatcher::answer(const net::Request& request, std::string_view request_id) {
  if (request.method != "POST") return undetermined();
  const Codec codec = codec_of(request);
  const Target target = target_of(request);

  if (request.body.empty()) {
    const bool as_cbor = codec != Codec::json;
    return error_reply(
        {target.operation ? "SerializationException" : "UnknownOperationException", std::nullopt},
        as_cbor);
  }
  if (codec == Codec::none)
    return target.operation ? xml(404, "UnknownOperationException") : undetermined();
  if (codec == Codec::plain_json) {
    return well_formed_map(request.body) ? coral_reply(404, "UnknownOperationException")
                                         : coral_reply(400, "SerializationException");
  }
  return answer_call(request, target, codec, request_id);
}

net::Reply Dispatcher::answer_call(const net::Request& request, const Target& target, Codec codec,
                                   std::string_view request_id) {
  // Requests in CBOR are not read yet (docs/differences.md): to the client they are unreadable.
  if (codec == Codec::cbor) return error_reply(Error::malformed(), true);
  net::Reply reply;
  Result<void> outcome = [&]() -> Result<void> {
    if (target.operation == nullptr) return Error{"UnknownOperationException", std::nullopt};
    if (settings_.auth == AuthMode::required) {
      if (auto error = missing_signature(request)) return *std::move(error);
    }
    return run(request, target, request_id, reply.body);
  }();
  if (outcome) {
    if (reply.body.empty() && target.service->empty_reply_is_document()) reply.body = "{}";
    reply.header("Content-Type", kJson);
    return reply;
  }
  if (!well_formed_map(request.body)) return json_error(Error::malformed());
  return json_error(outcome.error());
}

// The one place that catches: an exception here is a bug of ours, and must not take the server
// along.
Result<void> Dispatcher::run(const net::Request& request, const Target& target,
                             std::string_view request_id, std::string& reply) {
  try {
    JsonReader reader(request.body, scratch_of_thread());
    JsonReplyWriter writer(reply);
    auto outcome =
        target.service->run(*target.operation, call_of(request, request_id), reader, writer);
    if (!outcome) reply.clear();
    return outcome;
  } catch (const std::exception& bug) {
    logger_->error("request={} op={} internal failure: {}", request_id, target.operation->name,
                   bug.what());
    reply.clear();
    return Error{"InternalFailure", std::nullopt, 500};
  }
}

void Dispatcher::log(const net::Request& request, const net::Reply& reply,
                     std::string_view request_id, long long micros) const {
  const auto target = request.header("x-amz-target");
  logger_->info("request={} target={} status={} in={} out={} us={}", request_id,
                target.empty() ? std::string_view("-") : target, reply.status, request.body.size(),
                reply.body.size(), micros);
}

}  // namespace hydrant::aws
