#include "services/firehose/shapes/processing.h"

#include "services/firehose/shapes/build.h"

namespace hydrant::firehose::shapes {
namespace {

// In the order in which the service prints them.
constexpr std::string_view kTypes[] = {"Decompression",           "Lambda",
                                       "RecordDeAggregation",     "MetadataExtraction",
                                       "AppendDelimiterToRecord", "CloudWatchLogProcessing"};
constexpr std::string_view kNames[] = {"DataMessageExtraction",
                                       "NumberOfRetries",
                                       "Delimiter",
                                       "RoleArn",
                                       "JsonParsingEngine",
                                       "SubRecordType",
                                       "MetadataExtractionQuery",
                                       "BufferIntervalInSeconds",
                                       "LambdaArn",
                                       "BufferSizeInMBs",
                                       "CompressionFormat"};
constexpr aws::Rules kType = aws::one_of(kTypes);
constexpr aws::Rules kName = aws::one_of(kNames);

const Shape* parameters() {
  static const Shape parameter =
      structure({{"ParameterName", text<kName>(), kRequired},
                 {"ParameterValue", text<kParameterValue>(), kRequired}});
  static const Shape shape = list(&parameter);
  return &shape;
}

const Shape* processors() {
  static const Shape processor =
      structure({{"Type", text<kType>(), kRequired}, {"Parameters", parameters()}});
  static const Shape shape = list(&processor);
  return &shape;
}

}  // namespace

const Shape* processing_configuration() {
  static const Shape shape = structure({{"Enabled", boolean()}, {"Processors", processors()}});
  return &shape;
}

}  // namespace hydrant::firehose::shapes
