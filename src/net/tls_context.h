// TlsContext: what the TLS connections of a server have in common: certificate, versions, ALPN.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/logging.h"
#include "net/http_server.h"

struct ssl_ctx_st;

namespace hydrant::net {

// Thread-safe.
class TlsContext {
 public:
  TlsContext(const ServerSettings& settings, std::shared_ptr<Logger> logger);
  ~TlsContext();

  // The first call reads or makes the certificate, which takes about a millisecond. Null if that
  // failed; the log says why.
  ssl_ctx_st* get();

 private:
  struct Owned;
  void open();

  const ServerSettings& settings_;
  const std::shared_ptr<Logger> logger_;
  std::once_flag opened_;
  std::unique_ptr<Owned> owned_;
};

}  // namespace hydrant::net
