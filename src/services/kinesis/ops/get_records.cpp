// GetRecords. The end of a closed shard is told by its children and the missing NextShardIterator.
#include <cstdio>

#include "services/kinesis/not_emulated.h"
#include "services/kinesis/operation.h"
#include "services/kinesis/read_reply.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  Text shard_iterator;
  std::optional<std::int32_t> limit;
  std::optional<Text> stream_arn, stream_id;
  std::optional<bool> dry_run;

  static constexpr auto shape() {
    return fields(field("ShardIterator", &Input::shard_iterator, length(1, 512)),
                  field("Limit", &Input::limit, range(1, streams::kReadRecordsMax)),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId),
                  field("DryRun", &Input::dry_run));
  }
};

// Java's Date.toString() in UTC: "Thu Jan 22 01:22:02 UTC 2015".
std::string java_date(TimePoint time) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  char text[80];
  std::snprintf(text, sizeof text, "%s %s %02u %02d:%02d:%02d UTC %d",
                kDays[std::chrono::weekday(day).c_encoding()], kMonths[unsigned(date.month()) - 1],
                unsigned(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), int(date.year()));
  return text;
}

Result<Iterator> usable_iterator(const Context& ctx, const Input& in) {
  const auto invalid = Error::invalid_argument("Invalid ShardIterator.");
  auto token = in.shard_iterator;
  // Shells and templates leave quotes around it, and the service does not mind.
  if (token.size() >= 2 && token.front() == '"' && token.back() == '"')
    token = token.substr(1, token.size() - 2);
  auto iterator = open_iterator(ctx, token);
  if (!iterator || iterator->issued > ctx.now()) return invalid;
  if (ctx.now() - iterator->issued > kTokenLife)
    return Error{
        "ExpiredIteratorException",
        "Iterator expired. The iterator was created at time " + java_date(iterator->issued) +
            " while right now it is " + java_date(ctx.now()) +
            " which is further in the future than the tolerated delay of 300000 milliseconds."};
  if (in.stream_arn) {
    const auto id = ctx.identify(std::nullopt, in.stream_arn);
    if (!id) return id.error();
    if (*id != iterator->stream) return invalid;
  }
  return *std::move(iterator);
}

Result<void> get_records(Context& ctx, const Input& in, Writer& reply) {
  auto iterator = usable_iterator(ctx, in);
  if (!iterator) return iterator.error();
  const auto stream = ctx.environment.registry.find(iterator->stream);
  const auto shard = stream ? stream->shard(iterator->shard) : nullptr;
  if (!shard) return shard_does_not_exist(iterator->shard, iterator->stream);
  if (auto error = ctx.check_key(*stream, "Decrypt")) return *std::move(error);
  if (auto refused = note_dry_run(ctx, in.dry_run, iterator->stream)) return *std::move(refused);
  // A stream that was deleted and created anew answers from its start.
  const auto created_s = shard->starting_number().created_s;
  if (iterator->shard_created_s != created_s) iterator->position = 0;

  const auto now = ctx.now();
  streams::ReadLimits limits;
  limits.records_max = in.limit.value_or(static_cast<std::int32_t>(streams::kReadRecordsMax));
  const auto outcome = shard->read(iterator->position, limits, now, stream->horizon(now));
  if (std::holds_alternative<streams::ReadRefused>(outcome))
    return Error{"ProvisionedThroughputExceededException",
                 "Rate exceeded for Shard - " + iterator->stream.account + "/" +
                     iterator->stream.name + "/" + shard->id()};

  const auto& read = std::get<streams::Read>(outcome);
  reply.begin_map();
  write_records(reply, read);
  if (!read.at_end)
    reply.key("NextShardIterator")
        .plain(seal_iterator(ctx, {iterator->stream, iterator->shard, created_s, read.next, now}));
  reply.member("MillisBehindLatest", read.millis_behind);
  if (read.at_end) write_children(reply, *stream, shard->number());
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kGetRecords = operation<&get_records>("GetRecords");

}  // namespace hydrant::kinesis
