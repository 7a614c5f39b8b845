// Prints the declared inputs of every operation of every service, for a comparison with the
// services' own models: {"Kinesis_20131202": {"PutRecord": {"type": "structure", ...}}}
#include <iostream>
#include <string>

#include "core/json_writer.h"
#include "server/parts.h"

int main() {
  const hydrant::server::Parts parts(hydrant::Options{});
  std::string text;
  hydrant::JsonWriter out(text);
  out.begin_object();
  for (const auto* service : parts.services) {
    out.key(service->target_prefix()).begin_object();
    for (const auto* operation : service->operations()) {
      out.key(operation->name);
      operation->describe(out);
    }
    out.end_object();
  }
  out.end_object();
  std::cout << text << '\n';
}
