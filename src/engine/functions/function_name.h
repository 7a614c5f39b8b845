// The forms in which callers name a function.
#pragma once
#include <string>
#include <string_view>

namespace hydrant::functions {

// name, name:qualifier, function:name, 123456789012:function:name, with or without a region before
// it, or a whole ARN; each with or without a qualifier behind it. Empty if there is no name in it.
std::string function_name_of(std::string_view name_or_arn);

bool is_function_name(std::string_view name);

}  // namespace hydrant::functions
