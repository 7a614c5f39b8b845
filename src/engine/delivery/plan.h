// Plan: the settings of a delivery stream under one version, with what is worked out from them
// once.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "engine/delivery/prefix.h"
#include "engine/delivery/process/query.h"
#include "engine/delivery/settings.h"
#include "engine/delivery/time_zone.h"

namespace hydrant::delivery {

// Immutable, and shared by all that was cut under its version.
struct Plan {
  Plan(const DeliveryStreamSettings& settings, std::uint32_t version);

  const DeliveryStreamSettings settings;
  const std::uint32_t version;
  const Prefix prefix, error_prefix, backup_prefix;
  const TimeZone zone;  // of the destination; a backup has UTC
  // Null: there is no MetadataExtraction, or its query is one that jq does not take.
  const std::shared_ptr<const Query> query;

  const S3Settings& s3() const { return settings.s3; }
  const ProcessingSettings& processing() const { return settings.s3.processing; }
  bool has_lambda() const { return processing().lambda.has_value(); }
  bool has_partitions() const { return settings.s3.dynamic_partitioning.has_value(); }
  // Whether records are worked on before the function, or instead of it.
  bool has_intake() const;
};
using PlanPtr = std::shared_ptr<const Plan>;

}  // namespace hydrant::delivery
