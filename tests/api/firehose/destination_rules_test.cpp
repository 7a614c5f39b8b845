// The rules that every destination in S3 has to keep: of its members (ValidationException), of its
// processors and of its conversion (InvalidArgumentException).
#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

class DestinationRulesTest : public FirehoseTest {
 protected:
  static constexpr const char* kHead = "extendedS3DestinationConfiguration.";

  // `violations`: each "path: constraint".
  void expect_invalid(const Json& more, const std::vector<std::string>& violations) {
    std::string items;
    for (const auto& text : violations) {
      const auto colon = text.find(": ");
      if (!items.empty()) items += "; ";
      items += "Value at '" + (kHead + text.substr(0, colon)) +
               "' failed to satisfy constraint: " + text.substr(colon + 2);
    }
    const std::string errors = violations.size() == 1 ? "error" : "errors";
    const auto count = std::to_string(violations.size());
    EXPECT_THAT(
        create("s1", more),
        RefusedAs("ValidationException", count + " validation " + errors + " detected: " + items))
        << more;
  }
  void expect_refused(const Json& more, const std::string& message) {
    EXPECT_THAT(create("s1", more), RefusedAs("InvalidArgumentException", message)) << more;
  }
  void expect_processors_refused(const std::vector<Json>& processors, const std::string& message) {
    expect_refused(processing(processors), message);
  }
  // A complete conversion to Parquet, with `more` in place of its members; null takes one away.
  static Json conversion(const Json& more = Json::object()) {
    Json configuration = Json::parse(R"({
      "Enabled": true,
      "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
      "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
      "SchemaConfiguration": {"RoleARN": "arn:aws:iam::123456789012:role/firehose-role",
                              "DatabaseName": "db", "TableName": "t", "Region": "us-east-1"}})");
    configuration.update(more);
    return {{"DataFormatConversionConfiguration", configuration}};
  }
};

TEST_F(DestinationRulesTest, EnumsAreListedInTheServicesOrder) {
  expect_invalid(
      processing({processor("Nope")}),
      {"processingConfiguration.processors.1.member.type: Member must satisfy enum value set: "
       "[Decompression, Lambda, RecordDeAggregation, MetadataExtraction, AppendDelimiterToRecord, "
       "CloudWatchLogProcessing]"});
  expect_invalid(
      processing({lambda({parameter("Nope", "x")})}),
      {"processingConfiguration.processors.1.member.parameters.2.member.parameterName: Member must "
       "satisfy enum value set: [DataMessageExtraction, NumberOfRetries, Delimiter, RoleArn, "
       "JsonParsingEngine, SubRecordType, MetadataExtractionQuery, BufferIntervalInSeconds, "
       "LambdaArn, BufferSizeInMBs, CompressionFormat]"});
}

TEST_F(DestinationRulesTest, ABlankParameterBreaksItsLengthBeforeItsPattern) {
  const std::string path =
      "processingConfiguration.processors.1.member.parameters.1.member.parameterValue: ";
  const auto blank = [](const std::string& value) {
    return processing({processor("Lambda", {parameter("LambdaArn", value)})});
  };
  expect_invalid(blank(""),
                 {path + "Member must have length greater than or equal to 1",
                  path + "Member must satisfy regular expression pattern: ^(?!\\s*$).+"});
  expect_invalid(blank(" \t"),
                 {path + "Member must satisfy regular expression pattern: ^(?!\\s*$).+"});
  expect_invalid(blank(std::string(5121, 'x')),
                 {path + "Member must have length less than or equal to 5120"});
}

TEST_F(DestinationRulesTest, AFileExtensionThatIsTooLongIsOnlyThat) {
  expect_invalid({{"FileExtension", std::string(129, 'X')}},
                 {"fileExtension: Member must have length less than or equal to 128"});
  expect_invalid({{"FileExtension", "json"}},
                 {"fileExtension: Member must satisfy regular expression pattern: "
                  "^(|\\.[0-9a-z!\\-_.*'()]+)$"});
  EXPECT_TRUE(create("none", {{"FileExtension", ""}}));
  EXPECT_TRUE(create("some", {{"FileExtension", ".tar.gz"}}));
}

TEST_F(DestinationRulesTest, WordsAreBooleans) {
  ASSERT_TRUE(create("off", {{"CloudWatchLoggingOptions", {{"Enabled", "false"}}}}));
  EXPECT_EQ(extended("off")["CloudWatchLoggingOptions"], Json({{"Enabled", false}}));
  Json more = processing({lambda()});
  more["ProcessingConfiguration"]["Enabled"] = "True";
  ASSERT_TRUE(create("on", more));
  EXPECT_TRUE(settings("on").processing.lambda);
}

TEST_F(DestinationRulesTest, ViolationsComeInTheServicesOrder) {
  const std::string head = "dataFormatConversionConfiguration.";
  const std::string parquet = head + "outputFormatConfiguration.serializer.parquetSerDe.";
  Json more = conversion(
      {{"OutputFormatConfiguration",
        {{"Serializer", {{"ParquetSerDe", {{"BlockSizeBytes", 1}, {"PageSizeBytes", 1}}}}}}},
       {"SchemaConfiguration", {{"TableName", "a b"}, {"VersionId", ""}}}});
  more.update(processing({processor("Nope")}));
  more["FileExtension"] = "x";
  more["CompressionFormat"] = "gzip";
  expect_invalid(
      more,
      {"compressionFormat: Member must satisfy enum value set: [ZIP, HADOOP_SNAPPY, Snappy, GZIP, "
       "UNCOMPRESSED]",
       "fileExtension: Member must satisfy regular expression pattern: "
       "^(|\\.[0-9a-z!\\-_.*'()]+)$",
       parquet + "blockSizeBytes: Member must have value greater than or equal to 67108864",
       parquet + "pageSizeBytes: Member must have value greater than or equal to 65536",
       head + "schemaConfiguration.versionId: Member must have length greater than or equal to 1",
       head + "schemaConfiguration.versionId: Member must satisfy regular expression pattern: "
              "^\\S+$",
       head + "schemaConfiguration.tableName: Member must satisfy regular expression pattern: "
              "^\\S+$",
       "processingConfiguration.processors.1.member.type: Member must satisfy enum value set: "
       "[Decompression, Lambda, RecordDeAggregation, MetadataExtraction, AppendDelimiterToRecord, "
       "CloudWatchLogProcessing]"});
}

TEST_F(DestinationRulesTest, AProportionLiesBetweenNoneAndAll) {
  const auto orc = [](const Json& options) {
    return conversion({{"OutputFormatConfiguration", {{"Serializer", {{"OrcSerDe", options}}}}}});
  };
  const std::string path =
      "dataFormatConversionConfiguration.outputFormatConfiguration.serializer.orcSerDe."
      "paddingTolerance: ";
  const std::string upper = path + "Member must have value less than or equal to 1";
  const std::string lower = path + "Member must have value greater than or equal to 0";
  expect_invalid(orc({{"PaddingTolerance", 1.5}}), {upper});
  expect_invalid(orc({{"PaddingTolerance", -0.5}}), {lower});
  expect_invalid(orc({{"PaddingTolerance", "NaN"}}), {upper, lower});
}

TEST_F(DestinationRulesTest, MappingsHaveRulesForKeysAndValues) {
  expect_invalid(
      conversion({{"InputFormatConfiguration",
                   {{"Deserializer",
                     {{"OpenXJsonSerDe", {{"ColumnToJsonKeyMappings", {{"a b", "x"}}}}}}}}}}),
      {"dataFormatConversionConfiguration.inputFormatConfiguration.deserializer.openXJsonSerDe."
       "columnToJsonKeyMappings: Map keys must satisfy constraint: [Member must have length less "
       "than or equal to 1024, Member must have length greater than or equal to 1, Member must "
       "satisfy regular expression pattern: ^\\S+$]"});
}

TEST_F(DestinationRulesTest, ArnsHaveTheirForms) {
  const auto fits = [&](const char* member, const std::string& arn) {
    Json request = creation("arn", {{member, arn}});
    const auto reply = call("CreateDeliveryStream", request);
    if (reply) world.registry.remove({kTestAccount, kTestRegion, "arn"});
    return reply.has_value();
  };
  EXPECT_TRUE(fits("RoleARN", "arn:aws-cn:iam::123456789012:role/path/to/role+=,.@-_"));
  EXPECT_FALSE(fits("RoleARN", "arn:aws:iam::12345:role/x"));
  EXPECT_FALSE(fits("RoleARN", "arn:aws:iam::123456789012:user/x"));
  EXPECT_FALSE(fits("RoleARN", "arn:aws:iam::123456789012:role/"));
  EXPECT_TRUE(fits("BucketARN", "arn:aws:s3:::my_bucket.x-1"));
  EXPECT_FALSE(fits("BucketARN", "arn:aws:s3:::a/b"));
  EXPECT_FALSE(fits("BucketARN", "arn:aws:s3:us-east-1::bucket"));
}

TEST_F(DestinationRulesTest, ThereAreOneToFiveProcessors) {
  const auto message =
      "A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is "
      "enabled.";
  expect_processors_refused({}, message);
  expect_processors_refused(std::vector<Json>(6, processor("AppendDelimiterToRecord")), message);
}

TEST_F(DestinationRulesTest, ThereIsOneProcessorOfAType) {
  expect_processors_refused({lambda(), lambda()}, "Cannot have more than 1 Lambda processor.");
  expect_processors_refused({processor("Decompression"), processor("Decompression")},
                            "Cannot have more than 1 Decompression processor.");
}

TEST_F(DestinationRulesTest, ADuplicateIsNamedBeforeAMissingFunction) {
  expect_processors_refused(
      {processor("Lambda", {parameter("NumberOfRetries", "1"), parameter("NumberOfRetries", "2")})},
      "Duplicate ProcessorParameter passed to ProcessingConfiguration.");
  expect_processors_refused({processor("Lambda")},
                            "LambdaArn is required when Lambda processor is used.");
}

TEST_F(DestinationRulesTest, AFunctionIsNamedByItsArn) {
  const auto of = [](const std::string& arn) {
    return processing({processor("Lambda", {parameter("LambdaArn", arn)})});
  };
  for (const auto* wrong : {"transform", "arn:aws:lambda:us-east-1:123456789012:function:bad name",
                            "arn:aws:lambda:us-east-1:123456789012:function:name/with/slashes",
                            "arn:aws:lambda:us-east-1:1234:function:x",
                            "arn:aws:lambda:us-east-1:123456789012:function:x:"})
    expect_refused(of(wrong), "Invalid lambda ARN.");
  EXPECT_TRUE(create("plain", of(kTestFunction)));
  EXPECT_TRUE(create("latest", of(std::string(kTestFunction) + ":$LATEST")));
}

TEST_F(DestinationRulesTest, ParametersOfLambdaHaveTheirBounds) {
  const auto retries = "Number of retries for lambda must be between 0 and 300.";
  expect_processors_refused({lambda({parameter("NumberOfRetries", "301")})}, retries);
  expect_processors_refused({lambda({parameter("NumberOfRetries", "x")})}, retries);
  EXPECT_TRUE(create("many", processing({lambda({parameter("NumberOfRetries", "300")})})));
  expect_processors_refused(
      {lambda({parameter("BufferSizeInMBs", "2")})},
      "Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for "
      "lambda processor.");
  const auto buffer = [](const std::string& size, const std::string& interval) {
    return lambda(
        {parameter("BufferSizeInMBs", size), parameter("BufferIntervalInSeconds", interval)});
  };
  expect_processors_refused({buffer("4", "60")},
                            "BufferSizeInMBs for lambda processor must be between 0.2 and 3.");
  expect_processors_refused({buffer("1", "901")},
                            "BufferIntervalInSeconds for lambda processor must be between 0 and "
                            "900.");
  EXPECT_TRUE(create("small", processing({buffer("0.2", "0")})));
}

TEST_F(DestinationRulesTest, SomeProcessorsNeedPartitioning) {
  const std::string package = "class com.amazonaws.services.firehose.internal.model.";
  const std::string rest = " can only be present when Dynamic Partitioning is enabled.";
  expect_processors_refused(
      {processor("RecordDeAggregation", {parameter("SubRecordType", "JSON")})},
      package + "RecordDeAggregationProcessor" + rest);
  expect_processors_refused(
      {processor("MetadataExtraction", {parameter("MetadataExtractionQuery", "{a:.a}"),
                                        parameter("JsonParsingEngine", "JQ-1.6")})},
      package + "MetadataExtractionProcessor" + rest);
}

TEST_F(DestinationRulesTest, OtherProcessorsHaveRulesOfTheirOwn) {
  expect_processors_refused({processor("RecordDeAggregation", {parameter("SubRecordType", "XML")})},
                            "SubRecordType has to be one of JSON, DELIMITED");
  expect_processors_refused(
      {processor("RecordDeAggregation", {parameter("SubRecordType", "DELIMITED")})},
      "Delimiter should be present for DELIMITED");
  expect_processors_refused(
      {processor("RecordDeAggregation",
                 {parameter("SubRecordType", "DELIMITED"), parameter("Delimiter", "####")})},
      "Delimiter should be base64 encoded for DELIMITED");
  expect_processors_refused(
      {processor("Decompression", {parameter("CompressionFormat", "ZIP")})},
      "Invalid parameter value for CompressionFormat. Allowed values are GZIP.");
  expect_processors_refused(
      {processor("MetadataExtraction", {parameter("JsonParsingEngine", "JQ-1.5")})},
      "MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6");
  expect_processors_refused(
      {processor("CloudWatchLogProcessing")},
      "CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor");
  Json bare = processor("CloudWatchLogProcessing");
  bare.erase("Parameters");
  for (const auto& given :
       {processor("CloudWatchLogProcessing", {parameter("DataMessageExtraction", "maybe")}),
        processor("CloudWatchLogProcessing"), bare})
    expect_processors_refused(
        {processor("Decompression"), given},
        "Invalid parameter value for DataMessageExtraction. Allowed values are True and False.");
}

TEST_F(DestinationRulesTest, ADelimiterStandsBehindEveryRecord) {
  const auto written = [this](const std::string& name, const Json& more) {
    EXPECT_TRUE(create(name, processing({more})));
    EXPECT_TRUE(call("PutRecordBatch",
                     {{"DeliveryStreamName", name}, {"Records", {record("a"), record("b")}}}));
    advance(300s);
    return world.sink.objects().back().second;
  };
  EXPECT_EQ(written("plain", processor("AppendDelimiterToRecord")), "a\nb\n");
  EXPECT_EQ(
      written("escaped", processor("AppendDelimiterToRecord", {parameter("Delimiter", "\\n")})),
      "a\nb\n");
  EXPECT_EQ(written("own", processor("AppendDelimiterToRecord", {parameter("Delimiter", ";")})),
            "a;b;");
}

TEST_F(DestinationRulesTest, AConversionIsCheckedStepByStep) {
  Json more = conversion();
  more["CompressionFormat"] = "GZIP";
  more["BufferingHints"] = {{"SizeInMBs", 63}, {"IntervalInSeconds", 60}};
  expect_refused(more,
                 "The S3 destination's compression format must be set to UNCOMPRESSED when data "
                 "format conversion is enabled. To enable compression within the converted output "
                 "format, set the appropriate serialization option in the output format "
                 "configuration.");
  more["CompressionFormat"] = "UNCOMPRESSED";
  expect_refused(
      more, "BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.");
  expect_refused(conversion({{"OutputFormatConfiguration", nullptr}}),
                 "OutputFormatConfiguration must not be null");
  expect_refused(conversion({{"SchemaConfiguration", nullptr}, {"Enabled", nullptr}}),
                 "SchemaConfiguration must not be null");
  expect_refused(conversion({{"OutputFormatConfiguration", {{"Serializer", Json::object()}}}}),
                 "Serializer must not be null");
  expect_refused(
      conversion({{"InputFormatConfiguration",
                   {{"Deserializer",
                     {{"OpenXJsonSerDe", Json::object()}, {"HiveJsonSerDe", Json::object()}}}}}}),
      "More than one deserializer specified. Only one may be chosen.");
  expect_refused(conversion({{"SchemaConfiguration", {{"TableName", "t"}}}}),
                 "SchemaConfiguration.RoleArn must not be null or empty");
  EXPECT_TRUE(create("on", conversion()));
  EXPECT_TRUE(create("off", conversion({{"Enabled", false}})));
}

TEST_F(DestinationRulesTest, FormatsOfTimesArePatternsOfAPrefix) {
  const auto hive = [](const std::vector<std::string>& formats) {
    return conversion({{"InputFormatConfiguration",
                        {{"Deserializer", {{"HiveJsonSerDe", {{"TimestampFormats", formats}}}}}}}});
  };
  EXPECT_TRUE(create("good", hive({"millis", "yyyy-MM-dd'T'HH:mm:ss", "LL"})));
  for (const auto* format : {"bbbb", "yyyy-MM-ddTHH:mm:ss", "C"})
    expect_refused(hive({"yyyy", format}),
                   "Invalid deserializer option(s): One or more SerDe options are invalid for "
                   "org.apache.hcatalog.data.JsonSerDe: [Key: timestamp.formats Value: yyyy," +
                       std::string(format) + "]");
}

TEST_F(DestinationRulesTest, ASchemaIsReadWithARoleOfTheAccount) {
  const Json schema{{"RoleARN", "arn:aws:iam::210987654321:role/other"},
                    {"DatabaseName", "db"},
                    {"TableName", "t"}};
  const auto refused = create("s1", conversion({{"SchemaConfiguration", schema}}));
  EXPECT_THAT(refused,
              RefusedAs("AccessDeniedException", "Cross-account pass role is not allowed."));
  EXPECT_TRUE(refused.error().capital_message);
}

TEST_F(DestinationRulesTest, TheRoleOfASchemaIsLookedAtBeforeAnyRule) {
  const auto invalid = RefusedAs("InvalidParameterValueException", "Invalid role ARN.");
  for (const auto& role :
       {std::string("role"), std::string(1100, 'r'), std::string(kTestRole) + " "}) {
    Json more = conversion({{"SchemaConfiguration", {{"RoleARN", role}}}});
    more["CompressionFormat"] = "gzip";
    EXPECT_THAT(create("s1", more), invalid) << role;
    Json two = creation("s1", more);
    two["S3DestinationConfiguration"] = {{"RoleARN", kTestRole}, {"BucketARN", kTestBucket}};
    EXPECT_THAT(call("CreateDeliveryStream", two), invalid) << role;
    EXPECT_THAT(update("none", more, "7"), invalid) << role;
  }
}

TEST_F(DestinationRulesTest, AnEmptyRoleOfASchemaBreaksItsRules) {
  const std::string path = "dataFormatConversionConfiguration.schemaConfiguration.roleARN: ";
  expect_invalid(conversion({{"SchemaConfiguration", {{"RoleARN", ""}}}}),
                 {path + "Member must have length greater than or equal to 1",
                  path + "Member must satisfy regular expression pattern: ^\\S+$"});
}

}  // namespace
}  // namespace hydrant::firehose
