#include "engine/delivery/errors.h"

#include <array>

namespace hydrant::delivery {
namespace {

struct Words {
  std::string_view code, message;
};

// In the order of the enumeration. The wording of the objects, which is not always that of the
// documentation ("record Ids").
constexpr std::array<Words, 21> kWords{{
    {"Lambda.MissingRecordId",
     "One or more record Ids were not returned. Ensure that the Lambda function returns all "
     "received record Ids."},
    {"Lambda.DuplicatedRecordId",
     "Multiple records were returned with the same record Id. Ensure that the Lambda function "
     "returns a unique record Id for each record."},
    {"Lambda.ProcessingFailedStatus", "ProcessingFailed status set for record"},
    {"Lambda.InvalidReturnFormat",
     "The data field cannot be null when the SourceType is DirectPut or KinesisStreamAsSource and "
     "processing result is Ok. The value field cannot be null when the SourceType is MSKAsSource "
     "and processing result is Ok."},
    {"Lambda.InvalidReturnFormat",
     "Check your function and make sure the output is in required format. In addition to that, "
     "make sure the processed records contain valid result status of Dropped, Ok, or "
     "ProcessingFailed"},
    {"Lambda.FunctionError",
     "The Lambda function was successfully invoked but it returned an error result."},
    {"Lambda.FunctionTimedOut",
     "The Lambda function invocation timed out. Increase the Timeout setting in the Lambda "
     "function."},
    {"Lambda.InvokeAccessDenied",
     "Access was denied. Ensure that the access policy allows access to the Lambda function."},
    {"Lambda.InvokeLimitExceeded",
     "The Lambda concurrent execution limit is exceeded. Increase the concurrent execution "
     "limit."},
    {"Lambda.ResourceNotFound",
     "The specified Lambda function does not exist. Use a different function that does exist."},
    {"Lambda.JsonProcessingException",
     "There was an error parsing returned records from the Lambda function. Ensure that the "
     "returned records follow the status model required by Kinesis Data Firehose."},
    {"Lambda.InvalidSubnetIDException",
     "The specified subnet ID in the Lambda function VPC configuration is invalid. Ensure that "
     "the subnet ID is valid."},
    {"Lambda.InvalidSecurityGroupIDException",
     "The specified security group ID in the Lambda function VPC configuration is invalid. Ensure "
     "that the security group ID is valid."},
    {"Lambda.SubnetIPAddressLimitReachedException",
     "AWS Lambda was not able to set up the VPC access for the Lambda function because one or more "
     "configured subnets have no available IP addresses. Increase the IP address limit."},
    {"Lambda.ENILimitReachedException",
     "AWS Lambda was not able to create an Elastic Network Interface (ENI) in the VPC, specified "
     "as part of the Lambda function configuration, because the limit for network interfaces has "
     "been reached. Increase the network interface limit."},
    {"DynamicPartitioning.MetadataExtractionFailed",
     "partitionKeys values must not be null or empty"},
    {"DynamicPartitioning.ActivePartitionsLimitExceeded",
     "The number of active partitions is over the limit of the delivery stream."},
    {"Decompression.Failed", "The record could not be decompressed. Ensure that it is GZIP data."},
    {"CloudWatchLogProcessing.Failed", "The record is not a CloudWatch Logs subscription message."},
    {"RecordDeAggregation.Failed", "The record is not a sequence of JSON values."},
    {"InternalError", "An internal error occurred while attempting to deliver data."},
}};

}  // namespace

std::string_view failure_code(Failure failure) {
  return kWords.at(static_cast<std::size_t>(failure)).code;
}

std::string_view failure_message(Failure failure) {
  return kWords.at(static_cast<std::size_t>(failure)).message;
}

std::string_view error_output_type(ErrorOutput output) {
  return output == ErrorOutput::processing_failed ? "processing-failed" : "decompression-failed";
}

ErrorOutput error_output_of(Failure failure) {
  return failure == Failure::decompression ? ErrorOutput::decompression_failed
                                           : ErrorOutput::processing_failed;
}

bool is_lambda_failure(Failure failure) { return failure < Failure::metadata_extraction; }

}  // namespace hydrant::delivery
