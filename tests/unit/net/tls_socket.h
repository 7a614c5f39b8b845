// A client's end of a TLS connection, over a plain socket.
#pragma once
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "net/openssl.h"
#include "raw_socket.h"

namespace hydrant::net {

struct TlsChoice {
  std::string alpn = {};       // one protocol, or none
  std::string trust_pem = {};  // the only authority that is trusted; empty: all
  std::string name = "localhost";
  int version_max = TLS1_3_VERSION;
};

class TlsSocket final : public RawSocket {
 public:
  // Connected and through the handshake, unless failed().
  explicit TlsSocket(std::uint16_t port, const TlsChoice& choice = {}) {
    if (!connect(port)) return;
    SSL_CTX_set_max_proto_version(context_.get(), choice.version_max);
    if (!choice.trust_pem.empty()) trust(choice.trust_pem);
    ssl_.reset(SSL_new(context_.get()));
    if (!choice.trust_pem.empty()) set_name(choice.name);
    if (!choice.alpn.empty()) {
      const std::string offered = static_cast<char>(choice.alpn.size()) + choice.alpn;
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                          static_cast<unsigned>(offered.size()));
    }
    SSL_set_fd(ssl_.get(), fd());
    failed_ = SSL_connect(ssl_.get()) != 1;
  }

  bool failed() const { return failed_; }
  std::string version() const { return SSL_get_version(ssl_.get()); }
  std::string alpn() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  // The peer said that nothing was cut off.
  bool farewell() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

 private:
  ssize_t transmit(std::string_view bytes) override {
    const int sent = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    return sent > 0 ? sent : -1;
  }
  ssize_t receive(char* into, std::size_t bytes_max) override {
    const int got = SSL_read(ssl_.get(), into, static_cast<int>(bytes_max));
    if (got > 0) return got;
    return farewell() ? 0 : -1;
  }

  void trust(const std::string& pem) {
    const openssl::Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const openssl::Certificate authority(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), authority.get());
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context_.get()), X509_V_FLAG_X509_STRICT);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  }
  void set_name(const std::string& name) {
    const bool is_address = name.find_first_not_of("0123456789.:") == std::string::npos;
    if (is_address) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), name.c_str());
    } else {
      SSL_set1_host(ssl_.get(), name.c_str());
    }
  }

  const openssl::Context context_{SSL_CTX_new(TLS_client_method())};
  openssl::Ssl ssl_;
  bool failed_ = true;
};

}  // namespace hydrant::net
