#include "services/kinesis/operation.h"

#include <algorithm>
#include <charconv>

#include "aws/arn.h"
#include "services/kinesis/monitoring.h"

namespace hydrant::kinesis {
namespace {

constexpr char kFieldSeparator = '\n';  // no name or number holds one

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }
bool is_name_character(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
}
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_number_text(Text text, std::size_t digits_max) {
  if (text == "0") return true;
  return !text.empty() && text.size() <= digits_max && text[0] != '0' &&
         std::ranges::all_of(text, is_digit);
}

std::int64_t to_integer(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// A name that exists under another account or region is most often a client set up for the other
// one.
void hint_at_namesake(const Environment& environment, const streams::StreamId& id) {
  if (environment.hints == nullptr) return;
  for (const auto& stream : environment.registry.all()) {
    const auto& other = stream->id();
    if (other.name == id.name)
      environment.hints->found_elsewhere("stream", id.name, id.account + "/" + id.region,
                                         other.account + "/" + other.region);
  }
}

// How long the service's own iterators are: a frame and whole blocks of a cipher.
std::size_t iterator_bytes(Text stream) { return 152 + (stream.size() + 2) / 16 * 16; }

std::string under_account(const streams::StreamId& id) {
  return "stream " + id.name + " under account " + id.account;
}

Error rate_exceeded(const streams::StreamId& id) {
  return Error::limit_exceeded("Rate exceeded for " + under_account(id) + ".");
}

}  // namespace

bool is_resource_name(Text text) {
  return !text.empty() && std::ranges::all_of(text, is_name_character);
}

// arn:aws.*:kinesis:.*:\d{12}:stream/\S+ : the parts that match anything may hold colons.
bool is_stream_arn(Text text) {
  constexpr Text kHead = "arn:aws", kService = ":kinesis:", kResource = ":stream/";
  if (!text.starts_with(kHead) || text.find('\n') != Text::npos) return false;
  const auto service = text.find(kService, kHead.size());
  if (service == Text::npos) return false;
  const auto region = service + kService.size();
  for (auto at = text.find(kResource, region); at != Text::npos;
       at = text.find(kResource, at + 1)) {
    const auto rest = text.substr(at + kResource.size());
    constexpr std::size_t kAccount = 12;
    const bool account_fits = at >= region + kAccount + 1 && text[at - kAccount - 1] == ':' &&
                              std::ranges::all_of(text.substr(at - kAccount, kAccount), is_digit);
    if (account_fits && !rest.empty() && std::ranges::none_of(rest, is_space)) return true;
  }
  return false;
}

bool is_stream_id(Text text) {
  return text.size() == 24 && text[20] == '-' &&
         std::ranges::all_of(text.substr(0, 20), is_lower_or_digit) &&
         std::ranges::all_of(text.substr(21), is_lower_or_digit);
}

bool is_hash_key(Text text) { return is_number_text(text, 39); }
bool is_sequence_number(Text text) { return is_number_text(text, 129); }

Result<streams::StreamIdView> Context::named(std::optional<Text> name,
                                             std::optional<Text> arn) const {
  if (!name && !arn)
    return Error::invalid_argument("Either StreamName or StreamARN must be provided.");
  if (!arn) return streams::StreamIdView(call.account, call.region, *name);
  const auto parts = aws::Arn::parse(*arn);
  const auto slash = parts ? parts->resource.find('/') : Text::npos;
  if (slash == Text::npos) return Error::invalid_argument("Invalid StreamARN.");
  const streams::StreamIdView id(parts->account, parts->region, parts->resource.substr(slash + 1));
  if (name && *name != id.name)
    return Error::invalid_argument("StreamName and StreamARN do not match.");
  return id;
}

Result<streams::StreamId> Context::identify(std::optional<Text> name,
                                            std::optional<Text> arn) const {
  const auto id = named(name, arn);
  if (!id) return id.error();
  return streams::StreamId(*id);
}

Result<StreamPtr> Context::find(std::optional<Text> name, std::optional<Text> arn) const {
  const auto id = named(name, arn);
  if (!id) return id.error();
  return find(*id);
}

Result<StreamPtr> Context::find(const streams::StreamIdView& id) const {
  auto stream = environment.registry.find(id);
  if (stream && environment.rates && !environment.rates->admit(operation, *stream))
    return rate_exceeded(stream->id());
  if (stream) return stream;
  const streams::StreamId missing(id);
  hint_at_namesake(environment, missing);
  return stream_not_found(missing);
}

Result<StreamPtr> Context::find_active(std::optional<Text> name, std::optional<Text> arn) const {
  auto stream = find(name, arn);
  if (!stream) return stream;
  if (auto error = check_active(**stream)) return *std::move(error);
  return stream;
}

Result<StreamPtr> Context::find_for_data(std::optional<Text> name, std::optional<Text> arn) const {
  auto stream = find(name, arn);
  if (stream && !(*stream)->readable()) return stream_not_found((*stream)->id());
  return stream;
}

std::optional<Error> Context::admit_of_account() const {
  if (!environment.rates || environment.rates->admit(operation, call.account, call.region))
    return std::nullopt;
  return Error::limit_exceeded("Rate exceeded for account " + call.account + ".");
}

std::optional<Error> Context::admit_change(const streams::Stream& stream) const {
  if (!environment.rates || environment.rates->admit_of_day(operation, stream)) return std::nullopt;
  return rate_exceeded(stream.id());
}

std::optional<Error> Context::check_key(const streams::Stream& stream, Text action) const {
  if (!environment.kms_keys || environment.kms_keys->empty()) return std::nullopt;
  const auto settings = stream.settings();
  if (!settings.kms_key_id) return std::nullopt;
  return key_refusal(*environment.kms_keys, *settings.kms_key_id, stream.id(), action);
}

std::int64_t Context::open_shards_in_account() const {
  return environment.registry.usage(call.account, call.region).open_shards;
}

std::int64_t Context::on_demand_streams_in_account() const {
  return environment.registry.usage(call.account, call.region).on_demand;
}

std::optional<Error> check_active(const streams::Stream& stream) {
  const auto status = stream.status();
  if (status == streams::Status::active) return std::nullopt;
  return not_active(stream.id(), status);
}

Error stream_not_found(const streams::StreamId& id) {
  return Error::not_found("Stream " + id.name + " under account " + id.account + " not found.");
}

Error not_active(const streams::StreamId& id, streams::Status status) {
  return Error::in_use("Stream " + id.name + " under account " + id.account +
                       " not ACTIVE, instead in state " +
                       std::string(streams::status_name(status)));
}

Error shard_unreadable(Text given, const streams::StreamId& id) {
  return Error::not_found("Could not find shard " + std::string(given) + " in " +
                          under_account(id) + ".");
}

Error shard_does_not_exist(std::int32_t shard, const streams::StreamId& id) {
  return Error::not_found("Shard " + streams::shard_id(shard) + " in " + under_account(id) +
                          " does not exist");
}

Error already_resharded(const streams::Shard& shard, const streams::StreamId& id) {
  return Error::invalid_argument("Shard " + shard.id() + " in " + under_account(id) +
                                 " has already been merged or split, and thus is not eligible for "
                                 "merging or splitting.");
}

Error on_demand_refusal(const streams::StreamId& id) {
  return Error::validation("Request is invalid. Stream " + id.name + " under account " +
                           id.account + " is in On-Demand mode.");
}

Error shard_quota_exceeded(const Context& context, std::int64_t additional) {
  return Error::limit_exceeded(
      "This request would exceed the shard limit for the account " + context.call.account + " in " +
      context.call.region +
      ". Current shard count for the account: " + std::to_string(context.open_shards_in_account()) +
      ". Limit: " + std::to_string(context.environment.quotas.shards_in(context.call.region)) +
      ". Number of additional shards that would have resulted from this request: " +
      std::to_string(additional) +
      ". Refer to the AWS Service Limits page "
      "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits "
      "and "
      "how to request higher limits.");
}

std::string write_throttled(const streams::StreamId& id, std::int32_t shard) {
  return "Rate exceeded for shard " + streams::shard_id(shard) + " in " + under_account(id) + ".";
}

std::string memory_full(const Context& context) {
  const auto& memory = context.environment.registry.environment().memory;
  return "The records held in memory have reached memory.maxMiB (" +
         std::to_string(memory.bytes_max() / kMiB) + " MiB).";
}

Result<streams::HashKey> route(Text partition_key, std::optional<Text> explicit_hash_key) {
  if (!explicit_hash_key) return streams::HashKey::of_partition_key(partition_key);
  const auto key = streams::HashKey::parse(*explicit_hash_key);
  if (key) return *key;
  return Error::invalid_argument(
      "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified "
      "value "
      "was " +
      std::string(*explicit_hash_key));
}

std::optional<Error> check_record_size(const streams::Stream& stream, std::size_t bytes) {
  const auto limit = stream.record_bytes_max();
  if (static_cast<std::int64_t>(bytes) <= limit) return std::nullopt;
  return Error::invalid_argument(
      "Record size of " + std::to_string(bytes) + " bytes exceeds the maximum record size of " +
      std::to_string(limit) + " bytes of " + under_account(stream.id()) + ".");
}

void write_shard(Writer& reply, const streams::Shard& shard) {
  reply.begin_map().key("ShardId").plain(shard.id());
  if (const auto parent = shard.lineage().parent)
    reply.key("ParentShardId").plain(streams::shard_id(*parent));
  if (const auto parent = shard.lineage().adjacent_parent)
    reply.key("AdjacentParentShardId").plain(streams::shard_id(*parent));
  reply.key("HashKeyRange").begin_map();
  reply.key("StartingHashKey").plain(shard.range().first.str());
  reply.key("EndingHashKey").plain(shard.range().last.str()).end_map();
  reply.key("SequenceNumberRange").begin_map();
  reply.key("StartingSequenceNumber").plain(shard.starting_number().str());
  if (const auto ending = shard.ending_number())
    reply.key("EndingSequenceNumber").plain(ending->str());
  reply.end_map().end_map();
}

bool aged_out(const streams::Shard& shard, TimePoint horizon) {
  const auto closed_at = shard.closed_at();
  return closed_at && *closed_at < horizon;
}

streams::ShardList visible_shards(const streams::Stream& stream, TimePoint now) {
  if (!stream.was_active()) return {};
  auto shards = stream.shards();
  std::erase_if(shards, [horizon = stream.horizon(now)](const auto& shard) {
    return aged_out(*shard, horizon);
  });
  return shards;
}

TimePoint creation_timestamp(const streams::Stream& stream) {
  return std::chrono::floor<std::chrono::seconds>(stream.created_at());
}

Text mode_name(streams::Mode mode) {
  return mode == streams::Mode::provisioned ? "PROVISIONED" : "ON_DEMAND";
}

void write_description(Writer& reply, const streams::Stream& stream) {
  const auto settings = stream.settings();
  reply.member("StreamName", stream.id().name).member("StreamARN", stream.arn());
  reply.member("StreamStatus", streams::status_name(stream.status()));
  reply.key("StreamModeDetails").begin_map();
  reply.member("StreamMode", mode_name(settings.mode)).end_map();
  reply.member("RetentionPeriodHours", settings.retention_hours);
  reply.member("StreamCreationTimestamp", creation_timestamp(stream));
  reply.key("EnhancedMonitoring").begin_list().begin_map();
  reply.key("ShardLevelMetrics");
  write_metrics(reply, settings.shard_metrics);
  reply.end_map().end_list();
  reply.member("EncryptionType", settings.kms_key_id ? "KMS" : "NONE");
  if (settings.kms_key_id) reply.member("KeyId", *settings.kms_key_id);
}

std::string seal_fields(const Context& context, const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text += value + kFieldSeparator;
  return context.environment.tokens.seal(text);
}

std::optional<std::vector<std::string>> open_fields(const Context& context, Text token) {
  const auto text = context.environment.tokens.open(token);
  if (!text) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t at = 0; at < text->size();) {
    const auto end = text->find(kFieldSeparator, at);
    values.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  return values;
}

std::string seal_page_token(const Context& context, std::string_view kind,
                            std::vector<std::string> values) {
  values.insert(values.begin(),
                {std::string(kind), std::to_string(context.now().time_since_epoch().count())});
  return seal_fields(context, values);
}

Result<std::vector<std::string>> open_page_token(const Context& context, Text token,
                                                 std::string_view kind) {
  auto values = open_fields(context, token);
  if (!values || values->size() < 2 || values->at(0) != kind) return invalid_next_token();
  const TimePoint issued{Duration(to_integer(values->at(1)))};
  if (context.now() - issued > kTokenLife)
    return Error{"ExpiredNextTokenException",
                 "NextToken expired. It is valid for 300 seconds after it was issued."};
  values->erase(values->begin(), values->begin() + 2);
  return *std::move(values);
}

Error invalid_next_token() { return Error::invalid_argument("NextToken is invalid."); }

std::string seal_iterator(const Context& context, const Iterator& iterator) {
  const std::size_t bytes = iterator_bytes(iterator.stream.name) - aws::TokenSealer::kFrameBytes;
  std::string text;
  text.reserve(bytes);
  const auto add = [&text](const std::string& value) { text.append(value) += kFieldSeparator; };
  add("iterator");
  add(std::to_string(iterator.issued.time_since_epoch().count()));
  add(iterator.stream.account);
  add(iterator.stream.region);
  add(iterator.stream.name);
  add(std::to_string(iterator.shard));
  add(std::to_string(iterator.shard_created_s));
  add(std::to_string(iterator.position));
  if (text.size() < bytes) add(std::string(bytes - text.size() - 1, '0'));
  return context.environment.tokens.seal(text);
}

std::optional<Iterator> open_iterator(const Context& context, Text token) {
  const auto values = open_fields(context, token);
  if (!values || values->size() < 8 || values->at(0) != "iterator") return std::nullopt;
  Iterator iterator;
  iterator.issued = TimePoint(Duration(to_integer(values->at(1))));
  iterator.stream = {values->at(2), values->at(3), values->at(4)};
  iterator.shard = static_cast<std::int32_t>(to_integer(values->at(5)));
  iterator.shard_created_s = to_integer(values->at(6));
  iterator.position = static_cast<std::uint64_t>(to_integer(values->at(7)));
  return iterator;
}

}  // namespace hydrant::kinesis
