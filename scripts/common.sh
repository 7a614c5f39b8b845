# Sourced by the other scripts: where things are, and how a step is told.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export root

step() { printf '== %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Compiled objects are shared by all presets and clones of a user, and lie outside of the clone.
use_ccache() {
  if command -v ccache >/dev/null; then
    export HYDRANT_COMPILER_LAUNCHER=ccache
    export CCACHE_DIR=${CCACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ccache}
    export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root}
    export CCACHE_NOHASHDIR=1
    export CCACHE_SLOPPINESS=pch_defines,time_macros  # or precompiled headers are never found again
  fi
}
