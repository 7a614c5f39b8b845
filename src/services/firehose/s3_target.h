// What every place in S3 has, be it a destination, a backup, or where another destination's records
// and failures go: S3DestinationConfiguration, its defaults, its rules and its settings.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/document.h"
#include "aws/error.h"
#include "engine/delivery/settings.h"

namespace hydrant::firehose {

inline constexpr int kS3SizeDefaultMb = 5;

// The members of S3DestinationDescription, in its order.
std::span<const std::string_view> s3_target_members();

// Size and interval come in pairs. `holder`: what may have BufferingHints.
std::optional<aws::Error> check_hints(const aws::Json& holder);

// The defaults that Describe shows.
void fill_in_logging(aws::Json& members);
void fill_in_s3_target(aws::Json& members, int size_default_mb);

// Of members that have their defaults.
std::optional<aws::Error> check_logging(const aws::Json& members);
std::optional<aws::Error> check_s3_target(const aws::Json& members);
std::optional<aws::Error> check_prefixes(const aws::Json& members);
// A prefix that breaks a rule, in the service's wrapper.
aws::Error refused_prefix(const std::string& constraint);

// S3BackupMode and S3BackupDescription of what has them, and how the mode may change.
std::optional<aws::Error> check_s3_backup(const aws::Json& members);
std::optional<aws::Error> check_backup_mode_change(const aws::Json& from, const aws::Json& to);

delivery::CloudWatchLoggingSettings logging_settings(const aws::Json& members);
delivery::S3TargetSettings s3_target_settings(const aws::Json& description);

}  // namespace hydrant::firehose
