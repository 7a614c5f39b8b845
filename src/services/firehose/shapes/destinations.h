// The destinations other than S3. Create and update take nearly the same members, but only Create
// requires any.
#pragma once
#include "services/firehose/shapes/build.h"

namespace hydrant::firehose::shapes {

// How the request calls the places in S3, and whether it has to be complete.
struct Wording {
  std::string_view s3 = "S3Configuration";
  std::string_view s3_backup = "S3BackupConfiguration";
  bool required = true;

  static Wording of_update() { return {"S3Update", "S3BackupUpdate", false}; }
  static Wording of_complete_update() { return {"S3Update", "S3BackupUpdate", true}; }
  const Shape* s3_shape() const;
};

Shape redshift(const Wording& wording);
Shape search_domain(const Wording& wording);  // Elasticsearch, Amazonopensearchservice
Shape search_serverless(const Wording& wording);
Shape splunk(const Wording& wording);
Shape http_endpoint(const Wording& wording);
Shape snowflake(const Wording& wording);
Shape iceberg(const Wording& wording);

}  // namespace hydrant::firehose::shapes
