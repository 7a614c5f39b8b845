"""A network of the benchmark's own: two of the peers bind every address and cannot be told otherwise."""

import ctypes
import fcntl
import os
import socket
import struct
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP_LOOPBACK_RUNNING = 0x8914, 0x1 | 0x8 | 0x40


def isolate():
    """Moves this process, and what it will start, to a network that has loopback and nothing else.

    Needs root or a kernel that lets users have namespaces. Returns whether it worked; if not, nothing
    has changed. Must be called before the first thread.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if user == 0:
        if libc.unshare(CLONE_NEWNET) != 0:
            return False
    else:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            return False
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", IFF_UP_LOOPBACK_RUNNING))
    control_congestion_simply()
    return True


def control_congestion_simply():
    """By reno, which every Linux has and every network may use, for all servers and clients alike.

    There is no congestion on loopback, but a machine that was set to bbr paces what is sent all the same,
    with a timer for each answer.
    """
    try:
        Path("/proc/sys/net/ipv4/tcp_congestion_control").write_text("reno", encoding="ascii")
    except OSError:
        pass  # it stays as the machine has it
