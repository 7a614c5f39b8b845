// spawn: starts a program as the leader of a process group of its own.
//
// The server has many threads and may hold gigabytes. So this is vfork, which copies no page tables
// and turns no page into copy-on-write; all memory the child needs is made before, and in the child
// there are system calls only.
#pragma once
#include <sys/types.h>

#include <boost/system/result.hpp>
#include <string>
#include <vector>

#include "engine/functions/file_descriptor.h"

namespace hydrant::functions {

struct Program {
  // The first is the program: with a slash a path that starts at `directory`, else looked for on
  // the PATH of `environment`.
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=value
  std::string directory;                 // empty: that of the server
};

struct Spawned {
  pid_t pid = 0;          // of the process and of its group; the caller reaps it
  FileDescriptor pidfd;   // readable when it has exited
  FileDescriptor output;  // what it writes to stdout and stderr; does not block
};

struct SpawnFailure {
  std::string text;  // "fork/exec ./bootstrap: No such file or directory"
};

// Returns once the program runs, or cannot. The child is killed when the thread that called this
// ends (which is what PR_SET_PDEATHSIG says, whatever its name): so call it on a thread that lives
// as long as the process may. Its stdin is empty, all other descriptors are closed.
boost::system::result<Spawned, SpawnFailure> spawn(const Program& program);

}  // namespace hydrant::functions
