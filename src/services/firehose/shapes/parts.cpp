#include "services/firehose/shapes/parts.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr aws::Rules kSubnetCount = aws::length(1, 16);
constexpr aws::Rules kGroupCount = aws::length(1, 5);

}  // namespace

const Shape* cloud_watch_logging_options() {
  static const Shape shape = structure({{"Enabled", boolean()},
                                        {"LogGroupName", text<kLogGroup>()},
                                        {"LogStreamName", text<kLogStream>()}});
  return &shape;
}

const Shape* vpc_configuration() {
  static const Shape subnets = list(text<kWithoutSpace>(), kSubnetCount);
  static const Shape groups = list(text<kWithoutSpace>(), kGroupCount);
  static const Shape shape = structure({{"SubnetIds", &subnets, kRequired},
                                        {"RoleARN", text<kRoleArn>(), kRequired},
                                        {"SecurityGroupIds", &groups, kRequired}});
  return &shape;
}

const Shape* secrets_manager_configuration() {
  static const Shape shape = structure({{"SecretARN", text<kSecretArn>()},
                                        {"RoleARN", text<kRoleArn>()},
                                        {"Enabled", boolean(), kRequired}});
  return &shape;
}

const Shape* retry_options() {
  static const Shape shape = structure({{"DurationInSeconds", integer<kRange<0, 7200>>()}});
  return &shape;
}

}  // namespace hydrant::firehose::shapes
