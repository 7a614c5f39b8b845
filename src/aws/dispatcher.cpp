#include "aws/dispatcher.h"

#include <algorithm>
#include <exception>

#include "aws/authentication.h"
#include "aws/codec/codec.h"
#include "aws/codec/xml.h"
#include "aws/envelope.h"
#include "aws/event_stream.h"
#include "aws/query_front.h"
#include "core/base64.h"
#include "core/clock.h"

namespace hydrant::aws {
namespace {

constexpr std::size_t kId2Bytes = 72;
constexpr std::size_t kHeaderBytes = 256, kBodyBytes = 256;  // of the usual reply
constexpr std::string_view kServicePath = "/service/";
constexpr std::string_view kOperationPath = "/operation/";
constexpr std::size_t kResultDepth = 2;  // of what an operation writes, in the XML of an answer
constexpr std::size_t kTargetShownMax = 100;  // in the log
constexpr std::size_t kInflatedBytesMax = 16 * 1024 * 1024;

net::Reply preflight(const net::Request& request) {
  net::Reply reply;
  reply.header("Access-Control-Allow-Origin", "*").header("Access-Control-Max-Age", "172800");
  if (const auto asked = request.header("access-control-request-headers"); !asked.empty())
    reply.header("Access-Control-Allow-Headers", asked);
  if (const auto asked = request.header("access-control-request-method"); !asked.empty())
    reply.header("Access-Control-Allow-Methods", asked);
  return reply;
}

bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

// A client's text must not look like a member of the line of its request, nor like a line.
std::string shown_target(std::string_view target) {
  if (target.empty()) return "-";
  std::string text;
  for (const char c : target.substr(0, kTargetShownMax)) text.push_back(is_of_a_name(c) ? c : '?');
  return target.size() > kTargetShownMax ? text + "..." : text;
}

// Kinesis itself takes a packed body for what it is: no document.
bool may_be_packed(const net::Request& request) {
  return is_form(request) || is_of_older_services(codec_of(request.header("content-type")));
}

}  // namespace

Dispatcher::Dispatcher(DispatcherSettings settings, std::vector<Service*> services, Random& random,
                       std::shared_ptr<Logger> logger)
    : settings_(std::move(settings)),
      services_(std::move(services)),
      random_(random),
      logger_(std::move(logger)) {}

net::Reply Dispatcher::serve(const net::Request& request, net::Later& later) {
  const auto started = steady_now();
  char request_id[36];
  random_.uuid_to(request_id);
  const std::string_view id(request_id, sizeof request_id);

  const bool has_origin = request.header("origin").data() != nullptr;
  const bool is_preflight = has_origin && request.method == "OPTIONS";
  net::Reply reply = is_preflight ? preflight(request) : answer(request, id, later);
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

Dispatcher::Target Dispatcher::target_of(const net::Request& request) const {
  Target target;
  auto header = request.header("x-amz-target");
  auto dot = header.find('.');
  // Smithy RPC v2 names both in the path: /service/<service>/operation/<operation>
  const auto path = request.path();
  if (header.empty() && path.starts_with(kServicePath)) {
    header = path.substr(kServicePath.size());
    dot = header.find(kOperationPath);
  }
  if (dot == std::string_view::npos) return target;
  const auto operation = header.substr(header[dot] == '.' ? dot + 1 : dot + kOperationPath.size());
  for (auto* service : services_) {
    if (service->target_prefix() != header.substr(0, dot)) continue;
    target.service = service;
    target.operation = service->find(operation);
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

// A key that belongs to an account makes the call one of that account.
std::optional<Error> Dispatcher::authenticate(const net::Request& request, const Service& service,
                                              Call& call) const {
  if (settings_.auth == AuthMode::off) return std::nullopt;
  if (auto error = missing_signature(request)) return error;
  if (settings_.auth == AuthMode::required) return std::nullopt;
  const auto credential = settings_.verifier->verify(request, service.signing_name());
  if (!credential) return credential.error();
  if (!(*credential)->account.empty()) call.account = (*credential)->account;
  return std::nullopt;
}

// A GET that names an operation is told apart by what it names, whatever its signature.
net::Reply Dispatcher::answer_get(const net::Request& request, const Target& target) {
  if (target.operation != nullptr) return xml_reply(404, "UnknownOperationException");
  if (target.service != nullptr) return xml_reply(500, "InternalFailure");
  const auto named = request.header("x-amz-target");
  const auto dot = named.find('.');
  if (dot == std::string_view::npos) return undetermined_reply();
  return xml_reply(
      403, "UnrecognizedClientException",
      "No authorization strategy was found for service: " + std::string(named.substr(0, dot)) +
          ", operation: " + std::string(named.substr(dot + 1)));
}

net::Reply Dispatcher::answer(const net::Request& request, std::string_view request_id,
                              net::Later& later) {
  if (request.method == "GET") return answer_get(request, target_of(request));
  if (request.method != "POST") return undetermined_reply();
  const bool is_packed = request.header("content-encoding") == "gzip";
  if (!is_packed || !may_be_packed(request)) return answer_post(request, request_id, later);
  const auto plain = gunzip(request.body, kInflatedBytesMax);
  if (!plain) return undetermined_reply();
  net::Request inflated = request;
  inflated.packed_body = request.body;
  inflated.body = std::string_view(*plain).substr(0, plain->size() - net::kBodyPadding);
  return answer_post(inflated, request_id, later);
}

net::Reply Dispatcher::answer_post(const net::Request& request, std::string_view request_id,
                                   net::Later& later) {
  if (is_form(request)) return answer_form(request, request_id);
  const Target target = target_of(request);
  Codec codec = codec_of(request.header("content-type"));
  const bool is_older = target.service != nullptr && target.service->query_face();
  if (is_of_older_services(codec) && !is_older) codec = Codec::none;

  if (request.body.empty()) {
    const auto* type = target.operation ? "SerializationException" : "UnknownOperationException";
    return error_reply({type, std::nullopt}, codec == Codec::json ? Codec::json : Codec::cbor);
  }
  if (codec == Codec::none)
    return target.operation ? xml_reply(404, "UnknownOperationException") : undetermined_reply();
  if (codec == Codec::plain_json) {
    return well_formed_map(request.body, codec) ? coral_reply(404, "UnknownOperationException")
                                                : coral_reply(400, "SerializationException");
  }
  return answer_call(request, target, codec, request_id, later);
}

// Which service a form means is known from its version only.
net::Reply Dispatcher::answer_form(const net::Request& request, std::string_view request_id) {
  const QueryDocument form(request.body);
  auto* service = service_of_version(services_, form.field("Version"));
  if (service == nullptr) return undetermined_reply();
  const auto face = *service->query_face();
  std::string result;
  const auto outcome = run_form(request, form, *service, request_id, result);
  if (!outcome) return query_error_reply(outcome.error(), face, request_id);
  return query_reply(form.field("Action"), face, result, request_id);
}

Result<void> Dispatcher::run_form(const net::Request& request, const QueryDocument& form,
                                  Service& service, std::string_view request_id,
                                  std::string& result) {
  const auto action = form.field("Action");
  try {
    Call call = call_of(request, request_id);
    const auto* operation = service.find(action);
    if (operation == nullptr)
      return Error{"InvalidAction", "Could not find operation " + std::string(action) +
                                        " for version " + std::string(form.field("Version"))};
    if (auto error = authenticate(request, service, call)) return *std::move(error);
    QueryReader reader(form.root());
    XmlWriter writer(result, kResultDepth);
    return service.run(*operation, call, reader, writer);
  } catch (const std::exception& bug) {
    logger_->error("request={} op={} internal failure: {}", request_id, action, bug.what());
    return Error{"InternalFailure", std::nullopt, 500};
  }
}

net::Reply Dispatcher::answer_call(const net::Request& request, const Target& target, Codec codec,
                                   std::string_view request_id, net::Later& later) {
  net::Reply reply = later.spare_reply();
  reply.body.reserve(kBodyBytes);
  reply.headers.reserve(kHeaderBytes);
  const Result<void> outcome = [&]() -> Result<void> {
    if (target.operation == nullptr) return Error{"UnknownOperationException", std::nullopt};
    return run(request, target, codec, request_id, reply);
  }();
  if (outcome) {
    reply.header("Content-Type", reply.stream ? kEventStreamType : content_type(codec));
    if (codec == Codec::rpc_cbor) reply.header("smithy-protocol", "rpc-v2-cbor");
    return reply;
  }
  // The service parses a document before it looks at anything in it, so that of two faults the
  // broken syntax is named. Decoding stops at the first wrong type; only now is the rest looked at.
  const bool readable = well_formed_map(request.body, codec);
  return error_reply(readable ? outcome.error() : Error::malformed(), codec);
}

// The one place that catches: an exception here is a bug of ours, and must not take the server
// along.
Result<void> Dispatcher::run(const net::Request& request, const Target& target, Codec codec,
                             std::string_view request_id, net::Reply& reply) {
  try {
    Call call = call_of(request, request_id);
    if (auto error = authenticate(request, *target.service, call)) return *std::move(error);
    return read_body(request.body, codec, [&](Reader& reader) -> Result<void> {
      if (target.operation->open != nullptr) {
        auto stream = target.service->open(*target.operation, call, reader);
        if (!stream) return stream.error();
        reply.stream = *std::move(stream);
        return {};
      }
      return write_body(reply.body, codec, [&](Writer& writer) -> Result<void> {
        auto outcome = target.service->run(*target.operation, call, reader, writer);
        if (outcome && reply.body.empty() && target.service->empty_reply_is_document())
          writer.begin_map().end_map();
        return outcome;
      });
    });
  } catch (const std::exception& bug) {
    logger_->error("request={} op={} internal failure: {}", request_id, target.operation->name,
                   bug.what());
    return Error{"InternalFailure", std::nullopt, 500};
  }
}

void Dispatcher::log(const net::Request& request, const net::Reply& reply,
                     std::string_view request_id, long long micros) const {
  const auto target = request.header("x-amz-target");
  const auto unlike = std::ranges::find_if_not(target, is_of_a_name);
  const bool plain = !target.empty() && target.size() <= kTargetShownMax && unlike == target.end();
  logger_->info("request={} target={} status={} in={} out={} us={}", request_id,
                plain ? target : std::string_view(shown_target(target)), reply.status,
                request.body.size(), reply.body.size(), micros);
}

}  // namespace hydrant::aws
