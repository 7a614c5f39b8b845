// The certificate of a server that was given none: made at its first start, signed by an authority
// of its own that clients can trust, and kept in a folder.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"

namespace hydrant::net {

// Both as PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

// What a server on `host` is called by its clients: names and IP addresses.
std::vector<std::string> names_of_server(const std::string& host, const std::string& machine);

// P-256, for ten years; it can sign servers and nothing else.
Identity make_authority(TimePoint now);
// For 397 days, the most that every client takes.
Identity make_server_identity(const Identity& authority, const std::vector<std::string>& names,
                              TimePoint now);

// Whether the key is the certificate's and there are 30 days left at least.
bool is_good_authority(const Identity& authority, TimePoint now);
// The same, and signed by the authority, for exactly these names.
bool is_good_server_identity(const Identity& server, const Identity& authority,
                             const std::vector<std::string>& names, TimePoint now);

struct KeptIdentity {
  Identity server;
  std::string authority_certificate;    // PEM
  bool made_authority = false;          // now, so nobody trusts it yet
  std::optional<std::string> not_kept;  // why it could not be written, as one sentence
};

// Reads ca.pem, ca-key.pem, server.pem and server-key.pem of the folder, and makes anew what is
// missing, unreadable, about to expire or for other names. Keys are readable by their owner alone.
// With an empty folder nothing is kept.
KeptIdentity keep_identity(const std::string& folder, const std::vector<std::string>& names,
                           TimePoint now);

}  // namespace hydrant::net
