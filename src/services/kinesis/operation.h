// What the operations of Kinesis share: their context, the rules of common members, common
// refusals.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/operation.h"
#include "aws/rules.h"
#include "aws/shape.h"
#include "engine/streams/registry.h"
#include "services/kinesis/service.h"

namespace hydrant::kinesis {

using aws::Blob;
using aws::Error;
using aws::field;
using aws::fields;
using aws::length;
using aws::one_of;
using aws::Operation;
using aws::operation;
using aws::range;
using aws::Result;
using aws::Rules;
using aws::Writer;
using Text = std::string_view;
using streams::kMiB;
using StreamPtr = std::shared_ptr<streams::Stream>;

bool is_resource_name(Text text);
bool is_stream_arn(Text text);
bool is_stream_id(Text text);
bool is_hash_key(Text text);
bool is_sequence_number(Text text);

inline constexpr aws::Pattern kNamePattern{"[a-zA-Z0-9_.-]+", &is_resource_name};
inline constexpr aws::Pattern kStreamArnPattern{R"(arn:aws.*:kinesis:.*:\d{12}:stream/\S+)",
                                                &is_stream_arn};
inline constexpr aws::Pattern kStreamIdPattern{"[a-z0-9]{20}-[a-z0-9]{3}", &is_stream_id};
inline constexpr aws::Pattern kHashKeyPattern{R"(0|([1-9]\d{0,38}))", &is_hash_key};
inline constexpr aws::Pattern kSequenceNumberPattern{R"(0|([1-9]\d{0,128}))", &is_sequence_number};

inline constexpr Rules kStreamName = aws::matching(kNamePattern).with_length(1, 128);
inline constexpr Rules kShardId = kStreamName;
inline constexpr Rules kStreamArn = aws::matching(kStreamArnPattern).with_length(1, 2048);
inline constexpr Rules kStreamId = aws::matching(kStreamIdPattern).with_length(1, 24);
inline constexpr Rules kHashKey = aws::matching(kHashKeyPattern);
inline constexpr Rules kSequenceNumber = aws::matching(kSequenceNumberPattern);
inline constexpr Rules kPartitionKey = length(1, 256);
inline constexpr Rules kData = length(0, 10 * kMiB);
inline constexpr Rules kNextToken = length(1, 1'048'576);

// NextToken and shard iterators live this long.
inline constexpr std::chrono::seconds kTokenLife{300};

struct Context {
  Environment& environment;
  const aws::Call& call;
  AccountSettings& accounts;
  Text operation = {};  // its name, for the limits of calls

  TimePoint now() const { return environment.clock.now(); }

  // The stream that a request names: by name in the caller's account and region, by ARN in its own,
  // whatever its status.
  Result<StreamPtr> find(std::optional<Text> name, std::optional<Text> arn) const;
  Result<StreamPtr> find(const streams::StreamIdView& id) const;
  // The same for a change, which needs an ACTIVE stream.
  Result<StreamPtr> find_active(std::optional<Text> name, std::optional<Text> arn) const;
  // The same for data: a stream that is CREATING does not exist yet.
  Result<StreamPtr> find_for_data(std::optional<Text> name, std::optional<Text> arn) const;
  // Only what was named, whether it exists or not. The view is of the call and its document.
  Result<streams::StreamIdView> named(std::optional<Text> name, std::optional<Text> arn) const;
  Result<streams::StreamId> identify(std::optional<Text> name, std::optional<Text> arn) const;

  std::int64_t open_shards_in_account() const;  // those of provisioned streams
  std::int64_t on_demand_streams_in_account() const;

  // None, or that this operation is called too often: in the account and region, or (of changes
  // that may be made only so often a day) of the stream. find() looks at its calls of a stream.
  std::optional<Error> admit_of_account() const;
  // What the key of an encrypted stream has against it; see key_refusal().
  std::optional<Error> check_key(const streams::Stream& stream, Text action) const;
  std::optional<Error> admit_change(const streams::Stream& stream) const;
};

// None, or that the stream is not ACTIVE, which a change needs.
std::optional<Error> check_active(const streams::Stream& stream);

Error stream_not_found(const streams::StreamId& id);
Error not_active(const streams::StreamId& id, streams::Status status);
Error shard_unreadable(Text given, const streams::StreamId& id);  // "Could not find shard ..."
Error shard_does_not_exist(std::int32_t shard, const streams::StreamId& id);
Error already_resharded(const streams::Shard& shard, const streams::StreamId& id);
Error on_demand_refusal(const streams::StreamId& id);
Error shard_quota_exceeded(const Context& context, std::int64_t additional);
std::string write_throttled(const streams::StreamId& id, std::int32_t shard);  // the sentence
std::string memory_full(const Context& context);                               // the sentence

// A key of the ring: the explicit one if it is given, else the digest of the partition key.
Result<streams::HashKey> route(Text partition_key, std::optional<Text> explicit_hash_key);
// Refuses a record that is larger than its stream allows.
std::optional<Error> check_record_size(const streams::Stream& stream, std::size_t bytes);

// A Shard of DescribeStream and ListShards.
void write_shard(Writer& reply, const streams::Shard& shard);
// The shard was closed before the horizon, and so has none but records that have aged out: the
// service lists it no more.
bool aged_out(const streams::Shard& shard, TimePoint horizon);
// Shards that are shown: none while CREATING, nor of a stream that was never ACTIVE.
streams::ShardList visible_shards(const streams::Stream& stream, TimePoint now);
// StreamCreationTimestamp: the service tells whole seconds.
TimePoint creation_timestamp(const streams::Stream& stream);
// The members that DescribeStream and DescribeStreamSummary have in common.
void write_description(Writer& reply, const streams::Stream& stream);
Text mode_name(streams::Mode mode);

// What a shard iterator carries.
struct Iterator {
  streams::StreamId stream;
  std::int32_t shard = 0;
  std::int64_t shard_created_s =
      0;                       // tells a re-created stream's shard from the one it was made for
  std::uint64_t position = 0;  // index to read from
  TimePoint issued;
};
std::string seal_iterator(const Context& context, const Iterator& iterator);
std::optional<Iterator> open_iterator(const Context& context, Text token);

// The NextToken of a list of that kind: what it needs to go on, valid for kTokenLife.
std::string seal_page_token(const Context& context, std::string_view kind,
                            std::vector<std::string> values);
Result<std::vector<std::string>> open_page_token(const Context& context, Text token,
                                                 std::string_view kind);
Error invalid_next_token();

// Fields joined into a token, and back. None: not a token of ours, or of another kind.
std::string seal_fields(const Context& context, const std::vector<std::string>& values);
std::optional<std::vector<std::string>> open_fields(const Context& context, Text token);

}  // namespace hydrant::kinesis
