// What destinations have in common.
#pragma once
#include "services/firehose/shapes/build.h"
#include "services/firehose/shapes/patterns.h"

namespace hydrant::firehose::shapes {

const Shape* cloud_watch_logging_options();
const Shape* vpc_configuration();
const Shape* secrets_manager_configuration();
const Shape* retry_options();  // DurationInSeconds, 0 to 7200

template <std::int64_t kSizeMaxMb, std::int64_t kIntervalMaxS>
const Shape* buffering_hints() {
  static const Shape shape =
      structure({{"SizeInMBs", integer<kRange<1, kSizeMaxMb>>()},
                 {"IntervalInSeconds", integer<kRange<0, kIntervalMaxS>>()}});
  return &shape;
}

// One of two words; the first is the one that a delivery stream may leave for the other.
template <const std::string_view (&kWords)[2]>
const Shape* backup_mode() {
  static constexpr aws::Rules kMode = aws::one_of(kWords);
  return text<kMode>();
}

inline constexpr std::string_view kDisabledOrEnabled[] = {"Disabled", "Enabled"};
inline constexpr std::string_view kDocumentsBackedUp[] = {"FailedDocumentsOnly", "AllDocuments"};
inline constexpr std::string_view kEventsBackedUp[] = {"FailedEventsOnly", "AllEvents"};
inline constexpr std::string_view kDataBackedUp[] = {"FailedDataOnly", "AllData"};

}  // namespace hydrant::firehose::shapes
