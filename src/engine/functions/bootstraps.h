// The programs that run a handler: they load the user's code, ask the Runtime API for events and
// post what the handler returns, as the runtimes of the service do. They need nothing but the
// interpreter.
#pragma once

namespace hydrant::functions {

extern const char* const kPythonBootstrap;  // for python3 -c
extern const char* const kNodeBootstrap;    // for node --eval

}  // namespace hydrant::functions
