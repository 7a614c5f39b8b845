// The patterns of destinations other than S3 and of sources.
#pragma once
#include "services/firehose/rules.h"

namespace hydrant::firehose::shapes {

bool is_search_domain_arn(std::string_view text);
bool is_https_url(std::string_view text);
bool is_https_text(std::string_view text);
bool is_jdbc_url(std::string_view text);
bool is_secret_arn(std::string_view text);
bool is_snowflake_url(std::string_view text);
bool is_base64_key(std::string_view text);
bool is_endpoint_service_name(std::string_view text);
bool is_catalog_arn(std::string_view text);
bool is_s3_url(std::string_view text);
bool is_table_name(std::string_view text);
bool is_any_arn(std::string_view text);
bool is_topic_name(std::string_view text);
bool has_no_nul(std::string_view text);

inline constexpr aws::Pattern kSearchDomainArnPattern{
    R"(arn:.*:es:[a-zA-Z0-9\-]+:\d{12}:domain/[a-z][-0-9a-z]{2,27})", &is_search_domain_arn};
inline constexpr aws::Pattern kHttpsTextPattern{"https:.*", &is_https_text};
inline constexpr aws::Pattern kHttpsUrlPattern{"https://.*", &is_https_url};
inline constexpr aws::Pattern kJdbcUrlPattern{
    R"(jdbc:(redshift|postgresql)://((?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+)"
    R"((redshift(-serverless)?)\.([a-zA-Z0-9\.\-]+):\d{1,5}/[a-zA-Z0-9_$-]+)",
    &is_jdbc_url};
inline constexpr aws::Pattern kSecretArnPattern{
    R"(arn:.*:secretsmanager:[a-zA-Z0-9\-]+:\d{12}:secret:[a-zA-Z0-9\-/_+=.@!]+)", &is_secret_arn};
inline constexpr aws::Pattern kSnowflakeUrlPattern{R"(.+?\.snowflakecomputing\.com)",
                                                   &is_snowflake_url};
inline constexpr aws::Pattern kBase64KeyPattern{
    R"(^(?:[A-Za-z0-9+\/]{4})*(?:[A-Za-z0-9+\/]{2}==|[A-Za-z0-9+\/]{3}=)?$)", &is_base64_key};
inline constexpr aws::Pattern kEndpointServicePattern{
    R"(([a-zA-Z0-9\-\_]+\.){2,3}vpce\.[a-zA-Z0-9\-]*\.vpce-svc\-[a-zA-Z0-9\-]{17}$)",
    &is_endpoint_service_name};
inline constexpr aws::Pattern kCatalogArnPattern{
    R"(arn:.*:glue:.*:\d{12}:catalog(?:(/[a-z0-9_-]+){1,2})?)", &is_catalog_arn};
inline constexpr aws::Pattern kS3UrlPattern{R"(s3:\/\/.*)", &is_s3_url};
inline constexpr aws::Pattern kTableNamePattern{R"([a-zA-Z0-9\.\_]+)", &is_table_name};
inline constexpr aws::Pattern kAnyArnPattern{"arn:.*", &is_any_arn};
inline constexpr aws::Pattern kTopicNamePattern{R"([a-zA-Z0-9\\._\\-]+)", &is_topic_name};
inline constexpr aws::Pattern kNoNulPattern{R"([\u0001-\uFFFF]*)", &has_no_nul};

inline constexpr aws::Rules kSearchDomainArn =
    aws::matching(kSearchDomainArnPattern).with_length(1, 512);
inline constexpr aws::Rules kHttpsText = aws::matching(kHttpsTextPattern).with_length(1, 512);
inline constexpr aws::Rules kHttpsUrl = aws::matching(kHttpsUrlPattern).with_length(1, 1000);
inline constexpr aws::Rules kJdbcUrl = aws::matching(kJdbcUrlPattern).with_length(1, 512);
inline constexpr aws::Rules kSecretArn = aws::matching(kSecretArnPattern).with_length(1, 2048);
inline constexpr aws::Rules kSnowflakeUrl =
    aws::matching(kSnowflakeUrlPattern).with_length(24, 2048);
inline constexpr aws::Rules kBase64Key = aws::matching(kBase64KeyPattern).with_length(256, 4096);
inline constexpr aws::Rules kEndpointService =
    aws::matching(kEndpointServicePattern).with_length(47, 255);
inline constexpr aws::Rules kCatalogArn = aws::matching(kCatalogArnPattern).with_length(1, 512);
inline constexpr aws::Rules kS3Url = aws::matching(kS3UrlPattern).with_length(1, 2048);
inline constexpr aws::Rules kTableName = aws::matching(kTableNamePattern).with_length(1, 255);
inline constexpr aws::Rules kAnyArn = aws::matching(kAnyArnPattern).with_length(1, 512);
inline constexpr aws::Rules kTopicName = aws::matching(kTopicNamePattern).with_length(1, 255);

// Text of one line with a length; text without any pattern.
template <std::int64_t kMin, std::int64_t kMax>
inline constexpr aws::Rules kLine = aws::matching(kOneLinePattern).with_length(kMin, kMax);
template <std::int64_t kMin, std::int64_t kMax>
inline constexpr aws::Rules kLength = aws::length(kMin, kMax);
template <std::int64_t kMin, std::int64_t kMax>
inline constexpr aws::Rules kNotBlankOf = aws::matching(kNotBlankPattern).with_length(kMin, kMax);
template <std::int64_t kMax>
inline constexpr aws::Rules kNoNul = aws::matching(kNoNulPattern).with_length(1, kMax);
template <std::int64_t kMin, std::int64_t kMax>
inline constexpr aws::Rules kRange = aws::range(kMin, kMax);

}  // namespace hydrant::firehose::shapes
