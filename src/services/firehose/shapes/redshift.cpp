#include "services/firehose/shapes/destinations.h"
#include "services/firehose/shapes/parts.h"
#include "services/firehose/shapes/processing.h"

namespace hydrant::firehose::shapes {
namespace {

const Shape* copy_command() {
  static const Shape shape = structure({{"DataTableName", text<kLine<1, 512>>(), kRequired},
                                        {"DataTableColumns", text<kLine<0, 10240>>()},
                                        {"CopyOptions", text<kLine<0, 10240>>()}});
  return &shape;
}

}  // namespace

Shape redshift(const Wording& wording) {
  return structure({{"RoleARN", text<kRoleArn>(), wording.required},
                    {"ClusterJDBCURL", text<kJdbcUrl>(), wording.required},
                    {"CopyCommand", copy_command(), wording.required},
                    {"Username", text<kLine<1, 512>>()},
                    {"Password", text<kLine<6, 512>>()},
                    {"RetryOptions", retry_options()},
                    {wording.s3, wording.s3_shape(), wording.required},
                    {"ProcessingConfiguration", processing_configuration()},
                    {"S3BackupMode", backup_mode<kDisabledOrEnabled>()},
                    {wording.s3_backup, wording.s3_shape()},
                    {"CloudWatchLoggingOptions", cloud_watch_logging_options()},
                    {"SecretsManagerConfiguration", secrets_manager_configuration()}});
}

}  // namespace hydrant::firehose::shapes
