// OpenSearch and what it was called before: domains, and the serverless kind.
#include "services/firehose/shapes/destinations.h"
#include "services/firehose/shapes/parts.h"
#include "services/firehose/shapes/processing.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr std::string_view kRotations[] = {"NoRotation", "OneHour", "OneDay", "OneWeek",
                                           "OneMonth"};
constexpr std::string_view kIdFormats[] = {"FIREHOSE_DEFAULT", "NO_DOCUMENT_ID"};
constexpr aws::Rules kRotation = aws::one_of(kRotations);
constexpr aws::Rules kIdFormat = aws::one_of(kIdFormats);
constexpr std::int64_t kSizeMaxMb = 100, kIntervalMaxS = 900;

const Shape* document_id_options() {
  static const Shape shape = structure({{"DefaultDocumentIdFormat", text<kIdFormat>(), kRequired}});
  return &shape;
}

// What only Create takes.
void add_of_creation(std::vector<ShapeMember>& members, const Wording& wording) {
  if (!wording.required) return;
  members.push_back({"S3BackupMode", backup_mode<kDocumentsBackedUp>()});
  members.push_back({"VpcConfiguration", vpc_configuration()});
}

}  // namespace

Shape search_domain(const Wording& wording) {
  std::vector<ShapeMember> members = {
      {"RoleARN", text<kRoleArn>(), wording.required},
      {"DomainARN", text<kSearchDomainArn>()},
      {"ClusterEndpoint", text<kHttpsText>()},
      {"IndexName", text<kLine<1, 80>>(), wording.required},
      {"TypeName", text<kLine<0, 100>>()},
      {"IndexRotationPeriod", text<kRotation>()},
      {"BufferingHints", buffering_hints<kSizeMaxMb, kIntervalMaxS>()},
      {"RetryOptions", retry_options()},
      {wording.s3, wording.s3_shape(), wording.required},
      {"ProcessingConfiguration", processing_configuration()},
      {"CloudWatchLoggingOptions", cloud_watch_logging_options()},
      {"DocumentIdOptions", document_id_options()}};
  add_of_creation(members, wording);
  return structure(std::move(members));
}

Shape search_serverless(const Wording& wording) {
  std::vector<ShapeMember> members = {
      {"RoleARN", text<kRoleArn>(), wording.required},
      {"CollectionEndpoint", text<kHttpsText>()},
      {"IndexName", text<kLine<1, 80>>(), wording.required},
      {"BufferingHints", buffering_hints<kSizeMaxMb, kIntervalMaxS>()},
      {"RetryOptions", retry_options()},
      {wording.s3, wording.s3_shape(), wording.required},
      {"ProcessingConfiguration", processing_configuration()},
      {"CloudWatchLoggingOptions", cloud_watch_logging_options()}};
  add_of_creation(members, wording);
  return structure(std::move(members));
}

}  // namespace hydrant::firehose::shapes
