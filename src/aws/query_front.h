// The query protocol's front end: a form names its operation by Action and its service by Version,
// and is answered in XML. Services that are older than AWS JSON are still called so.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/codec/query.h"
#include "aws/error.h"
#include "aws/service.h"
#include "net/message.h"

namespace hydrant::aws {

bool is_form(const net::Request& request);

// What a body with Content-Encoding: gzip holds, with the padding that readers need behind it. None
// if it is no gzip, cut short, or larger than `bytes_max`.
std::optional<std::string> gunzip(std::string_view packed, std::size_t bytes_max);

// The service of that API version; null if there is none.
Service* service_of_version(std::span<Service* const> services, std::string_view version);

net::Reply query_reply(std::string_view operation, const QueryFace& face, std::string_view result,
                       std::string_view request_id);
// Names and statuses differ from those of AWS JSON: MissingAuthenticationToken with 403.
net::Reply query_error_reply(const Error& error, const QueryFace& face,
                             std::string_view request_id);

}  // namespace hydrant::aws
