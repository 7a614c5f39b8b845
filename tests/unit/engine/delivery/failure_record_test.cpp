#include "engine/delivery/failure_record.h"

#include <gtest/gtest.h>

namespace hydrant::delivery {
namespace {

TimePoint at_millis(std::int64_t millis) { return TimePoint(std::chrono::milliseconds(millis)); }

// Recorded on the service.
TEST(FailureRecordTest, TheCurrentStyle) {
  const FailureRecord record{.failure = Failure::processing_failed,
                             .attempts = 1,
                             .arrival = at_millis(1789014240448),
                             .attempt_ended = at_millis(1789014301529),
                             .raw_data = "FAIL this one\n",
                             .lambda_arn = "arn:aws:lambda:us-west-2:123456789012:function:probe"};
  EXPECT_EQ(failure_json(record, FailureRecordStyle::current),
            R"({"rawData":"RkFJTCB0aGlzIG9uZQo=","errorCode":"Lambda.ProcessingFailedStatus",)"
            R"("errorMessage":"ProcessingFailed status set for record","attemptsMade":1,)"
            R"("arrivalTimestamp":1789014240448,"attemptEndingTimestamp":1789014301529,)"
            R"("lambdaARN":"arn:aws:lambda:us-west-2:123456789012:function:probe"})");
}

TEST(FailureRecordTest, TheStyleOf2019) {
  const FailureRecord record{.failure = Failure::missing_record_id,
                             .attempts = 1,
                             .arrival = at_millis(1575020067711),
                             .attempt_ended = at_millis(1575020129986),
                             .raw_data = "{\"dat",
                             .lambda_arn = ""};
  EXPECT_EQ(failure_json(record, FailureRecordStyle::style_2019),
            R"({"attemptsMade":1,"arrivalTimestamp":1575020067711,)"
            R"("errorCode":"Lambda.MissingRecordId","errorMessage":"One or more record Ids were )"
            R"(not returned. Ensure that the Lambda function returns all received record Ids.",)"
            R"("attemptEndingTimestamp":1575020129986,"rawData":"eyJkYXQ=","lambdaArn":""})");
}

}  // namespace
}  // namespace hydrant::delivery
