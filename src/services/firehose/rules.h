// The constraints of the service model that several members share, and the patterns behind them.
#pragma once
#include <string_view>

#include "aws/rules.h"

namespace hydrant::firehose {

bool is_delivery_stream_name(std::string_view text);
bool is_role_arn(std::string_view text);
bool is_bucket_arn(std::string_view text);
bool is_kinesis_stream_arn(std::string_view text);
bool is_kms_key_arn(std::string_view text);
bool is_one_line(std::string_view text);
bool is_without_space(std::string_view text);
bool is_not_blank(std::string_view text);
bool is_log_group_name(std::string_view text);
bool is_log_stream_name(std::string_view text);
bool is_file_extension(std::string_view text);
bool is_time_zone_text(std::string_view text);
bool is_version_id(std::string_view text);
bool is_destination_id(std::string_view text);
bool is_tag_key(std::string_view text);
bool is_tag_value(std::string_view text);

inline constexpr aws::Pattern kNamePattern{"[a-zA-Z0-9_.-]+", &is_delivery_stream_name};
inline constexpr aws::Pattern kRoleArnPattern{R"(arn:.*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-_/]+)",
                                              &is_role_arn};
inline constexpr aws::Pattern kBucketArnPattern{R"(arn:.*:s3:::[\w\.\-]{1,255})", &is_bucket_arn};
inline constexpr aws::Pattern kKinesisStreamArnPattern{
    R"(arn:.*:kinesis:[a-zA-Z0-9\-]+:\d{12}:stream/[a-zA-Z0-9_.-]+)", &is_kinesis_stream_arn};
inline constexpr aws::Pattern kKmsKeyArnPattern{
    R"(arn:.*:kms:[a-zA-Z0-9\-]+:\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\-_/]+)", &is_kms_key_arn};
inline constexpr aws::Pattern kOneLinePattern{".*", &is_one_line};
inline constexpr aws::Pattern kWithoutSpacePattern{R"(^\S+$)", &is_without_space};
inline constexpr aws::Pattern kNotBlankPattern{R"(^(?!\s*$).+)", &is_not_blank};
inline constexpr aws::Pattern kLogGroupPattern{R"([\.\-_/#A-Za-z0-9]*)", &is_log_group_name};
inline constexpr aws::Pattern kLogStreamPattern{"[^:*]*", &is_log_stream_name};
// The model spells it otherwise; this is how the service does.
inline constexpr aws::Pattern kFileExtensionPattern{R"(^(|\.[0-9a-z!\-_.*'()]+)$)",
                                                    &is_file_extension};
inline constexpr aws::Pattern kTimeZonePattern{"^$|[a-zA-Z/_]+", &is_time_zone_text};
inline constexpr aws::Pattern kVersionIdPattern{"[0-9]+", &is_version_id};
inline constexpr aws::Pattern kDestinationIdPattern{"[a-zA-Z0-9-]+", &is_destination_id};
inline constexpr aws::Pattern kTagKeyPattern{R"(^(?!aws:)[\p{L}\p{Z}\p{N}_.:\/=+\-@%]*$)",
                                             &is_tag_key};
inline constexpr aws::Pattern kTagValuePattern{R"(^[\p{L}\p{Z}\p{N}_.:\/=+\-@%]*$)", &is_tag_value};

inline constexpr aws::Rules kAny{};
inline constexpr aws::Rules kDeliveryStreamName = aws::matching(kNamePattern).with_length(1, 64);
inline constexpr aws::Rules kRoleArn = aws::matching(kRoleArnPattern).with_length(1, 512);
inline constexpr aws::Rules kBucketArn = aws::matching(kBucketArnPattern).with_length(1, 2048);
inline constexpr aws::Rules kKinesisStreamArn =
    aws::matching(kKinesisStreamArnPattern).with_length(1, 512);
inline constexpr aws::Rules kKmsKeyArn = aws::matching(kKmsKeyArnPattern).with_length(1, 512);
inline constexpr aws::Rules kPrefix = aws::matching(kOneLinePattern).with_length(0, 1024);
inline constexpr aws::Rules kWithoutSpace =
    aws::matching(kWithoutSpacePattern).with_length(1, 1024);
inline constexpr aws::Rules kNotBlank = aws::matching(kNotBlankPattern).with_length(1, 1024);
inline constexpr aws::Rules kLogGroup = aws::matching(kLogGroupPattern).with_length(0, 512);
inline constexpr aws::Rules kLogStream = aws::matching(kLogStreamPattern).with_length(0, 512);
inline constexpr aws::Rules kParameterValue =
    aws::naming_length_first(aws::matching(kNotBlankPattern).with_length(1, 5120));
inline constexpr aws::Rules kFileExtension =
    aws::matching(kFileExtensionPattern).with_length(0, 128);
inline constexpr aws::Rules kTimeZone = aws::matching(kTimeZonePattern).with_length(0, 50);
inline constexpr aws::Rules kVersionId = aws::matching(kVersionIdPattern).with_length(1, 50);
inline constexpr aws::Rules kDestinationIdRules =
    aws::matching(kDestinationIdPattern).with_length(1, 100);
inline constexpr aws::Rules kTagKey = aws::matching(kTagKeyPattern).with_length(1, 128);
inline constexpr aws::Rules kTagValue = aws::matching(kTagValuePattern).with_length(0, 256);
inline constexpr aws::Rules kData = aws::length(0, 1'024'000);

inline constexpr std::string_view kDeliveryStreamTypes[] = {"DirectPut", "KinesisStreamAsSource",
                                                            "MSKAsSource", "DatabaseAsSource"};

}  // namespace hydrant::firehose
