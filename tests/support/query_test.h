// QueryTest: services that speak the query protocol behind the front end, in-process.
#pragma once
#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "aws/dispatcher.h"
#include "core/clock.h"
#include "core/logging.h"
#include "core/random.h"
#include "net/message.h"

namespace hydrant::aws {

class QueryTest : public testing::Test {
 protected:
  explicit QueryTest(Service& service, AuthMode auth = AuthMode::off)
      : dispatcher_(settings_of(auth), {&service}, random_, Logger::silent()) {}

  using Headers = std::vector<std::pair<std::string, std::string>>;

  // A form as the SDKs send it.
  net::Reply post(const std::string& form, const Headers& more = {}) {
    Headers headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return send("/", headers, form);
  }
  net::Reply send(const std::string& target, const Headers& headers, std::string body) {
    net::Request request;
    request.method = "POST";
    request.target = target;
    for (const auto& [name, value] : headers) request.headers.push_back({name, value});
    const auto size = body.size();
    body.append(net::kBodyPadding, '\0');
    request.body = std::string_view(body).substr(0, size);
    return dispatcher_.serve(request, later_);
  }
  static std::string authorization(const std::string& account, const std::string& service) {
    return "AWS4-HMAC-SHA256 Credential=" + account + "/20260101/us-east-1/" + service +
           "/aws4_request, SignedHeaders=host, Signature=0";
  }

 private:
  class NeverLater final : public net::Later {
   public:
    Give defer() override {
      ADD_FAILURE() << "asked for more time";
      return [](net::Reply) {};
    }
  };
  static DispatcherSettings settings_of(AuthMode auth) {
    DispatcherSettings settings;
    settings.account = "123456789012";
    settings.auth = auth;
    return settings;
  }

  Random random_{1};
  NeverLater later_;
  Dispatcher dispatcher_;
};

}  // namespace hydrant::aws
