"""What arrives at ports that two processes share goes to one of them alone (SO_ATTACH_REUSEPORT_CBPF, socket(7))."""

import ctypes
import os
import socket
import struct

SO_ATTACH_REUSEPORT_CBPF, SO_DETACH_REUSEPORT_BPF = 51, 68
SYS_PIDFD_GETFD = 438
# linux/bpf_common.h and linux/filter.h: a random number, modulo K, plus K, is the answer.
LOAD_RANDOM, MODULO, ADD, RETURN = (0x20, 0xFFFFF000 + 56), 0x94, 0x04, (0x16, 0)

_libc = ctypes.CDLL(None, use_errno=True)


def steer(pid, first, count):
    """
    Connections and datagrams from now on go to the sockets `first` to `first + count - 1` of each port, in the order in which
    they were opened: those of the process that came last. Without `first`, to all of them again.
    """
    process = os.pidfd_open(pid)
    try:
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            copy = _libc.syscall(SYS_PIDFD_GETFD, process, int(descriptor), 0)
            if copy < 0:
                code = ctypes.get_errno()
                raise OSError(code, f"pidfd_getfd: {os.strerror(code)}")
            try:
                candidate = socket.socket(fileno=copy)
            except OSError:
                os.close(copy)
                continue  # no socket
            with candidate:
                if _is_shared(candidate):
                    _steer_socket(candidate, first, count)
    finally:
        os.close(process)


def _steer_socket(shared, first, count):
    if first is None:
        try:
            shared.setsockopt(socket.SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0)
        except FileNotFoundError:
            pass  # nothing was set
        return
    steps = [LOAD_RANDOM, (MODULO, count), (ADD, first), RETURN]
    program = b"".join(struct.pack("HBBI", code, 0, 0, value) for code, value in steps)
    memory = ctypes.create_string_buffer(program, len(program))
    setting = struct.pack("HL", len(steps), ctypes.addressof(memory))
    shared.setsockopt(socket.SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, setting)


def _is_shared(candidate):
    if candidate.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    if candidate.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT) == 0:
        return False
    is_datagram = candidate.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_DGRAM
    return is_datagram or candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
