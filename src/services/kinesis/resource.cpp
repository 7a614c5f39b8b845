#include "services/kinesis/resource.h"

#include <algorithm>

#include "aws/arn.h"
#include "services/kinesis/consumers.h"

namespace hydrant::kinesis {
namespace {

constexpr Text kConsumer = "/consumer/";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

// arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+ : the parts that match anything may hold colons.
bool is_resource_arn(Text text) {
  constexpr Text kHead = "arn:aws", kService = ":kinesis:", kStream = "stream/";
  constexpr std::size_t kAccount = 12;
  if (!text.starts_with(kHead) || text.find('\n') != Text::npos) return false;
  const auto service = text.find(kService, kHead.size());
  if (service == Text::npos) return false;
  // The earliest account leaves the most room for what follows.
  auto at = service + kService.size();
  const auto is_account = [&] {
    return at + kAccount + 1 < text.size() && text[at] == ':' && text[at + kAccount + 1] == ':' &&
           std::ranges::all_of(text.substr(at + 1, kAccount), is_digit);
  };
  while (at < text.size() && !is_account()) ++at;
  if (at >= text.size()) return false;
  // The last "stream/" leaves the fewest characters that must not be white space.
  const auto resource = text.substr(at + kAccount + 2);
  for (auto stream = resource.rfind(kStream); stream != Text::npos;
       stream = stream == 0 ? Text::npos : resource.rfind(kStream, stream - 1)) {
    const auto name = resource.substr(stream + kStream.size());
    if (!name.empty() && std::ranges::none_of(name, is_space)) return true;
  }
  return false;
}

Result<Resource> find_resource(const Context& ctx, Text arn) {
  constexpr Text kStream = "stream/";
  const auto parts = aws::Arn::parse(arn);
  if (!parts || !parts->resource.starts_with(kStream))
    return Error::invalid_argument("Invalid ResourceARN.");
  const auto stream_end = std::min(parts->resource.find(kConsumer), parts->resource.size());
  const auto stream = ctx.find({}, arn.substr(0, arn.size() - parts->resource.size() + stream_end));
  if (!stream) return stream.error();
  if (stream_end == parts->resource.size()) return Resource{*stream, nullptr};

  const auto given = parts->resource.substr(stream_end + kConsumer.size());
  const auto name = given.substr(0, given.find(':'));
  const auto consumer = (*stream)->consumer(name);
  // Its ARN ends in the second in which it was created: a namesake is another one.
  if (!consumer || !consumer->arn().ends_with(kConsumer.data() + std::string(given)))
    return consumer_not_found(name, (*stream)->id());
  return Resource{*stream, consumer};
}

Result<Resource> find_active_resource(const Context& ctx, Text arn) {
  auto found = find_resource(ctx, arn);
  if (!found) return found;
  const auto& id = found->stream->id();
  if (found->consumer && found->consumer->status() != streams::ConsumerStatus::active)
    return Error::in_use("Consumer " + found->consumer->name() + " with creation timestamp " +
                         std::to_string(epoch_seconds(found->consumer->created_at())) +
                         " under stream " + id.name + " and account " + id.account +
                         " is not in ACTIVE status.");
  const auto status = found->stream->status();
  if (!found->consumer && status != streams::Status::active) return not_active(id, status);
  return found;
}

}  // namespace hydrant::kinesis
