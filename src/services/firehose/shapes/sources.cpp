#include "services/firehose/shapes/sources.h"

#include "services/firehose/shapes/parts.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr std::string_view kConnectivities[] = {"PUBLIC", "PRIVATE"};
constexpr std::string_view kDatabaseTypes[] = {"MySQL", "PostgreSQL"};
constexpr aws::Rules kConnectivity = aws::one_of(kConnectivities);
constexpr aws::Rules kDatabaseType = aws::one_of(kDatabaseTypes);

const Shape* timestamp() {
  static const Shape shape = make(Target::timestamp, {});
  return &shape;
}

// What to take and what to leave out, by name.
template <std::int64_t kNameMax>
const Shape* selection() {
  static const Shape names = list(text<kNoNul<kNameMax>>());
  static const Shape shape = structure({{"Include", &names}, {"Exclude", &names}});
  return &shape;
}

const Shape* database_authentication() {
  static const Shape shape =
      structure({{"SecretsManagerConfiguration", secrets_manager_configuration(), kRequired}});
  return &shape;
}

const Shape* database_network() {
  static const Shape shape =
      structure({{"VpcEndpointServiceName", text<kEndpointService>(), kRequired}});
  return &shape;
}

}  // namespace

const Shape* direct_put_source() {
  static const Shape shape =
      structure({{"ThroughputHintInMBs", integer<kRange<1, 100>>(), kRequired}});
  return &shape;
}

const Shape* kinesis_stream_source() {
  static const Shape shape = structure({{"KinesisStreamARN", text<kKinesisStreamArn>(), kRequired},
                                        {"RoleARN", text<kRoleArn>(), kRequired}});
  return &shape;
}

const Shape* msk_source() {
  static const Shape authentication =
      structure({{"RoleARN", text<kRoleArn>(), kRequired},
                 {"Connectivity", text<kConnectivity>(), kRequired}});
  static const Shape shape = structure({{"MSKClusterARN", text<kAnyArn>(), kRequired},
                                        {"TopicName", text<kTopicName>(), kRequired},
                                        {"AuthenticationConfiguration", &authentication, kRequired},
                                        {"ReadFromTimestamp", timestamp()}});
  return &shape;
}

const Shape* database_source() {
  constexpr std::int64_t kDatabaseMax = 64, kTableMax = 129, kColumnMax = 194;
  static constexpr std::string_view kModes[] = {"Disabled", "Enabled"};
  static constexpr aws::Rules kMode = aws::one_of(kModes);
  static const Shape keys = list(text<kWithoutSpace>());
  static const Shape shape = structure(
      {{"Type", text<kDatabaseType>(), kRequired},
       {"Endpoint", text<kNotBlankOf<1, 255>>(), kRequired},
       {"Port", integer<kRange<0, 65535>>(), kRequired},
       {"SSLMode", text<kMode>()},
       {"Databases", selection<kDatabaseMax>(), kRequired},
       {"Tables", selection<kTableMax>(), kRequired},
       {"Columns", selection<kColumnMax>()},
       {"SurrogateKeys", &keys},
       {"SnapshotWatermarkTable", text<kNoNul<kTableMax>>(), kRequired},
       {"DatabaseSourceAuthenticationConfiguration", database_authentication(), kRequired},
       {"DatabaseSourceVPCConfiguration", database_network(), kRequired}});
  return &shape;
}

}  // namespace hydrant::firehose::shapes
