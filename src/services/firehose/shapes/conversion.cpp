#include "services/firehose/shapes/conversion.h"

#include <string>

#include "services/firehose/json_access.h"
#include "services/firehose/shapes/build.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr std::string_view kParquetCompressions[] = {"SNAPPY", "GZIP", "UNCOMPRESSED"};
constexpr std::string_view kWriterVersions[] = {"V1", "V2"};
constexpr std::string_view kOrcCompressions[] = {"ZLIB", "SNAPPY", "NONE"};
constexpr std::string_view kFormatVersions[] = {"V0_11", "V0_12"};
constexpr aws::Rules kParquetCompression = aws::one_of(kParquetCompressions);
constexpr aws::Rules kWriterVersion = aws::one_of(kWriterVersions);
constexpr aws::Rules kOrcCompression = aws::one_of(kOrcCompressions);
constexpr aws::Rules kFormatVersion = aws::one_of(kFormatVersions);
constexpr aws::Rules kBlockSize = aws::range(64 * 1024 * 1024);
constexpr aws::Rules kPageSize = aws::range(64 * 1024);
constexpr aws::Rules kStripeSize = aws::range(8 * 1024 * 1024);
constexpr aws::Rules kRowIndexStride = aws::range(1000);
constexpr aws::Rules kNotNegative = aws::range(0);
constexpr aws::Rules kMappings =
    aws::map_of(kWithoutSpace, kNotBlank, aws::Rules::kNoMin, aws::Rules::kNoMax);
constexpr aws::Rules kTimestampFormats =
    aws::list_of(kNotBlank, aws::Rules::kNoMin, aws::Rules::kNoMax);
constexpr aws::Rules kSchemaText = aws::naming_length_first(kWithoutSpace);
constexpr aws::Rules kColumns = aws::list_of(kWithoutSpace, aws::Rules::kNoMin, aws::Rules::kNoMax);

const Shape* proportion() {
  static const Shape shape = [] {
    Shape number = make(Target::floating, {});
    number.double_max = 1;
    return number;
  }();
  return &shape;
}

const Shape* parquet() {
  static const Shape shape = structure({{"MaxPaddingBytes", integer<kNotNegative>()},
                                        {"BlockSizeBytes", integer<kBlockSize>()},
                                        {"PageSizeBytes", integer<kPageSize>()},
                                        {"Compression", text<kParquetCompression>()},
                                        {"WriterVersion", text<kWriterVersion>()},
                                        {"EnableDictionaryCompression", boolean()}});
  return &shape;
}

const Shape* orc() {
  static const Shape columns = list(text<kWithoutSpace>(), kColumns);
  static const Shape shape = structure({{"DictionaryKeyThreshold", proportion()},
                                        {"BlockSizeBytes", integer<kBlockSize>()},
                                        {"RowIndexStride", integer<kRowIndexStride>()},
                                        {"PaddingTolerance", proportion()},
                                        {"StripeSizeBytes", integer<kStripeSize>()},
                                        {"Compression", text<kOrcCompression>()},
                                        {"FormatVersion", text<kFormatVersion>()},
                                        {"BloomFilterFalsePositiveProbability", proportion()},
                                        {"EnablePadding", boolean()},
                                        {"BloomFilterColumns", &columns}});
  return &shape;
}

const Shape* output_format() {
  static const Shape serializer = structure({{"ParquetSerDe", parquet()}, {"OrcSerDe", orc()}});
  static const Shape shape = structure({{"Serializer", &serializer}});
  return &shape;
}

const Shape* input_format() {
  static const Shape mappings = make(Target::map, kMappings);
  static const Shape formats = list(text<kNotBlank>(), kTimestampFormats);
  static const Shape open_x = structure({{"ColumnToJsonKeyMappings", &mappings},
                                         {"CaseInsensitive", boolean()},
                                         {"ConvertDotsInJsonKeysToUnderscores", boolean()}});
  static const Shape hive = structure({{"TimestampFormats", &formats}});
  static const Shape deserializer =
      structure({{"OpenXJsonSerDe", &open_x}, {"HiveJsonSerDe", &hive}});
  static const Shape shape = structure({{"Deserializer", &deserializer}});
  return &shape;
}

const Shape* schema() {
  static const Shape shape = structure({{"VersionId", text<kSchemaText>()},
                                        {"CatalogId", text<kSchemaText>()},
                                        {"DatabaseName", text<kSchemaText>()},
                                        {"RoleARN", text<kSchemaText>()},
                                        {"Region", text<kSchemaText>()},
                                        {"TableName", text<kSchemaText>()}});
  return &shape;
}

}  // namespace

const Shape* data_format_conversion_configuration() {
  static const Shape shape = structure({{"OutputFormatConfiguration", output_format()},
                                        {"InputFormatConfiguration", input_format()},
                                        {"SchemaConfiguration", schema()},
                                        {"Enabled", boolean()}});
  return &shape;
}

// An empty ARN names no role, so that its rules have the word.
std::optional<aws::Error> check_schema_role(const aws::Json& request) {
  const aws::Json nothing = aws::Json::object();
  const auto within = [&](const aws::Json& object, std::string_view name) -> const aws::Json& {
    const auto* inner = member(object, name);
    return inner == nullptr ? nothing : *inner;
  };
  for (const auto* name : {"ExtendedS3DestinationConfiguration", "ExtendedS3DestinationUpdate"}) {
    const auto& conversion = within(within(request, name), "DataFormatConversionConfiguration");
    const auto role = text_of(within(conversion, "SchemaConfiguration"), "RoleARN");
    if (!role.empty() && !is_role_arn(role))
      return aws::Error("InvalidParameterValueException", "Invalid role ARN.");
  }
  return std::nullopt;
}

}  // namespace hydrant::firehose::shapes
