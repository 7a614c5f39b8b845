#include "services/firehose/shapes/destinations.h"
#include "services/firehose/shapes/parts.h"
#include "services/firehose/shapes/processing.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr std::string_view kEndpointTypes[] = {"Raw", "Event"};
constexpr aws::Rules kEndpointType = aws::one_of(kEndpointTypes);

}  // namespace

Shape splunk(const Wording& wording) {
  return structure({{"HECEndpoint", text<kLine<0, 2048>>(), wording.required},
                    {"HECEndpointType", text<kEndpointType>(), wording.required},
                    {"HECToken", text<kLine<0, 2048>>()},
                    {"HECAcknowledgmentTimeoutInSeconds", integer<kRange<180, 600>>()},
                    {"RetryOptions", retry_options()},
                    {"S3BackupMode", backup_mode<kEventsBackedUp>()},
                    {wording.s3, wording.s3_shape(), wording.required},
                    {"ProcessingConfiguration", processing_configuration()},
                    {"CloudWatchLoggingOptions", cloud_watch_logging_options()},
                    {"BufferingHints", buffering_hints<5, 60>()},
                    {"SecretsManagerConfiguration", secrets_manager_configuration()}});
}

}  // namespace hydrant::firehose::shapes
