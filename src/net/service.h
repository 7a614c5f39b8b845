// What a server's connections have in common.
#pragma once
#include <memory>

#include "core/logging.h"
#include "net/http_server.h"
#include "net/message.h"
#include "net/tls_context.h"

namespace hydrant::net {

// Outlives the connections.
struct Service {
  const ServerSettings& settings;
  Handler& handler;
  std::shared_ptr<Logger> logger;
  TlsContext& tls;
};

// For how long a streamed body that its peer does not take may hold up the end of the server.
inline constexpr std::chrono::milliseconds kStreamEndTimeMax{1'000};
// For how long a request that is still coming in may: nothing of it has been acknowledged.
inline constexpr std::chrono::milliseconds kRequestEndTimeMax{1'000};
// For how long what a peer still sends is read and dropped behind the last reply.
inline constexpr std::chrono::milliseconds kLingerTimeMax{5'000};

}  // namespace hydrant::net
