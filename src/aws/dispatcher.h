// Dispatcher: the front end of the services. It takes a request through the checks in the order in
// which AWS makes them, finds the operation, and puts the outcome into its envelope.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/codec/codec.h"
#include "aws/codec/query.h"
#include "aws/service.h"
#include "aws/signature.h"
#include "core/logging.h"
#include "core/random.h"
#include "net/message.h"

namespace hydrant::aws {

enum class AuthMode {
  off,       // anybody may call
  required,  // a signature must be complete
  verify,    // and right
};

struct DispatcherSettings {
  std::string account = "000000000000";  // of callers whose credentials name none
  std::string region = "us-east-1";
  AuthMode auth = AuthMode::off;
  const SignatureVerifier* verifier = nullptr;  // for AuthMode::verify; outlives the dispatcher
};

// Thread-safe.
class Dispatcher final : public net::Handler {
 public:
  Dispatcher(DispatcherSettings settings, std::vector<Service*> services, Random& random,
             std::shared_ptr<Logger> logger);

  net::Reply serve(const net::Request& request, net::Later& later) override;

 private:
  struct Target {
    Service* service = nullptr;
    const Operation* operation = nullptr;
  };
  Target target_of(const net::Request& request) const;
  Call call_of(const net::Request& request, std::string_view request_id) const;
  std::optional<Error> authenticate(const net::Request& request, const Service& service,
                                    Call& call) const;

  net::Reply answer(const net::Request& request, std::string_view request_id, net::Later& later);
  static net::Reply answer_get(const net::Request& request, const Target& target);
  net::Reply answer_post(const net::Request& request, std::string_view request_id,
                         net::Later& later);
  net::Reply answer_form(const net::Request& request, std::string_view request_id);
  net::Reply answer_call(const net::Request& request, const Target& target, Codec codec,
                         std::string_view request_id, net::Later& later);
  Result<void> run(const net::Request& request, const Target& target, Codec codec,
                   std::string_view request_id, net::Reply& reply);
  Result<void> run_form(const net::Request& request, const QueryDocument& form, Service& service,
                        std::string_view request_id, std::string& result);
  void log(const net::Request& request, const net::Reply& reply, std::string_view request_id,
           long long micros) const;

  const DispatcherSettings settings_;
  const std::vector<Service*> services_;
  Random& random_;
  const std::shared_ptr<Logger> logger_;
};

}  // namespace hydrant::aws
