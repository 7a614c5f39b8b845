// The access keys that auth=verify knows, as flag and file hold them. Messages show no secrets.
#pragma once
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

#include "hydrant/options.h"

namespace hydrant::server {

// ID:SECRET,ID:SECRET, the form of flag and variable. None: it is something else, or an id comes
// twice.
std::optional<std::vector<AccessKey>> parse_credentials(const std::string& value);
// The id that comes twice; empty: none does.
std::string repeated_id(const std::string& value);

// The list of the file: [{"accessKeyId": ..., "secretAccessKey": ..., "sessionToken"?, "account"?,
// "expiration"?}]. None, or what is wrong with which: "[0].account: expected 12 digits".
std::optional<std::string> read_credentials(const nlohmann::json& list,
                                            std::vector<AccessKey>& credentials);

}  // namespace hydrant::server
