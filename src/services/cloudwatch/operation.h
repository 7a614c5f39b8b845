// What the operations of CloudWatch share.
#pragma once
#include "aws/operation.h"
#include "services/cloudwatch/service.h"

namespace hydrant::cloudwatch {

using aws::Operation;
using aws::operation;
using aws::Result;
using aws::Writer;
using Text = std::string_view;

struct Context {
  Sink& sink;
};

}  // namespace hydrant::cloudwatch
