// What the operations of STS share.
#pragma once
#include "aws/operation.h"

namespace hydrant::sts {

using aws::Operation;
using aws::operation;
using aws::Result;
using aws::Writer;

struct Context {
  const aws::Call& call;
};

}  // namespace hydrant::sts
