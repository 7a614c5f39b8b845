#include "services/firehose/shapes/destinations.h"
#include "services/firehose/shapes/parts.h"
#include "services/firehose/shapes/processing.h"
#include "services/firehose/shapes/s3.h"

namespace hydrant::firehose::shapes {
namespace {

const Shape* partition_spec() {
  static const Shape field = structure({{"SourceName", text<kWithoutSpace>(), kRequired}});
  static const Shape fields = list(&field);
  static const Shape shape = structure({{"Identity", &fields}});
  return &shape;
}

const Shape* tables() {
  static const Shape keys = list(text<kWithoutSpace>());
  static const Shape table = structure({{"DestinationTableName", text<kTableName>(), kRequired},
                                        {"DestinationDatabaseName", text<kTableName>(), kRequired},
                                        {"UniqueKeys", &keys},
                                        {"PartitionSpec", partition_spec()},
                                        {"S3ErrorOutputPrefix", text<kPrefix>()}});
  static const Shape shape = list(&table);
  return &shape;
}

const Shape* on_or_off() {
  static const Shape shape = structure({{"Enabled", boolean(), kRequired}});
  return &shape;
}

const Shape* catalog() {
  static const Shape shape =
      structure({{"CatalogARN", text<kCatalogArn>()}, {"WarehouseLocation", text<kS3Url>()}});
  return &shape;
}

}  // namespace

// The only update that is told of its place in S3 as a creation is.
Shape iceberg(const Wording& wording) {
  return structure({{"DestinationTableConfigurationList", tables()},
                    {"SchemaEvolutionConfiguration", on_or_off()},
                    {"TableCreationConfiguration", on_or_off()},
                    {"BufferingHints", buffering_hints<128, 900>()},
                    {"CloudWatchLoggingOptions", cloud_watch_logging_options()},
                    {"ProcessingConfiguration", processing_configuration()},
                    {"S3BackupMode", backup_mode<kDataBackedUp>()},
                    {"RetryOptions", retry_options()},
                    {"RoleARN", text<kRoleArn>(), wording.required},
                    {"AppendOnly", boolean()},
                    {"CatalogConfiguration", catalog(), wording.required},
                    {"S3Configuration", s3_destination_configuration(), wording.required}});
}

}  // namespace hydrant::firehose::shapes
