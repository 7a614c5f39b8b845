// ProcessingConfiguration.
#pragma once
#include "aws/document.h"

namespace hydrant::firehose::shapes {

const aws::Shape* processing_configuration();

}  // namespace hydrant::firehose::shapes
