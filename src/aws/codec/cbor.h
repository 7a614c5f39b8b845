// The part of the CBOR codec that the front end itself needs: the envelope of an error.
#pragma once
#include <string>

#include "aws/error.h"

namespace hydrant::aws {

std::string cbor_error(const Error& error);

}  // namespace hydrant::aws
