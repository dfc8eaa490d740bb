"""Just enough rtnetlink and nfnetlink to give a network namespace its loopback, its routes and its redirect.

Spoken directly, since a fresh machine has neither `ip` nor `nft` nor `iptables` for certain, while the kernel has all three.
Formats: linux/rtnetlink.h, linux/netfilter/nf_tables.h.
"""

import fcntl
import os
import socket
import struct

REQUEST, ACK, CREATE, APPEND = 0x1, 0x4, 0x400, 0x800
NETLINK_ROUTE, NETLINK_NETFILTER = 0, 12
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        answer = fcntl.ioctl(control, SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", answer)[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def add_local_route(cidr):
    """Every address of `cidr` becomes one of this machine's own, as with `ip route add local CIDR dev lo`."""
    address, prefix_length = cidr.split("/")
    table_local, protocol_static, scope_host, type_local = 255, 4, 254, 2
    header = struct.pack(
        "=BBBBBBBBI", socket.AF_INET, int(prefix_length), 0, 0, table_local, protocol_static, scope_host, type_local, 0
    )
    destination, output_interface = 1, 4
    body = (
        header
        + _attribute(destination, socket.inet_aton(address))
        + _attribute(output_interface, struct.pack("=i", socket.if_nametoindex("lo")))
    )
    new_route = 24
    _talk(NETLINK_ROUTE, [_message(new_route, REQUEST | ACK | CREATE, body, 1)], 1)


def redirect_outgoing_tcp(port):
    """TCP that leaves a program of this namespace for anything but 127.0.0.0/8 goes to `port` on loopback instead."""
    table, chain = _attribute(1, b"meshwise\0"), _attribute(3, b"outbound\0")
    hook = _nested(4, _attribute(1, _be32(3)), _attribute(2, _be32(-100)))
    l4proto, register1, network_header, equal, not_equal = 16, _be32(1), 1, 0, 1
    rule = _nested(
        4,
        _expression("meta", _attribute(2, _be32(l4proto)), _attribute(1, register1)),
        _expression("cmp", _attribute(1, register1), _attribute(2, _be32(equal)), _value(3, b"\x06")),
        _expression(
            "payload",
            _attribute(1, register1),
            _attribute(2, _be32(network_header)),
            _attribute(3, _be32(16)),
            _attribute(4, _be32(1)),
        ),
        _expression("cmp", _attribute(1, register1), _attribute(2, _be32(not_equal)), _value(3, b"\x7f")),
        _expression("immediate", _attribute(1, register1), _value(2, struct.pack(">H", port))),
        _expression("redir", _attribute(1, register1)),
    )
    batch_begin, batch_end, new_table, new_chain, new_rule = 0x10, 0x11, 0, 3, 6
    create = REQUEST | ACK | CREATE
    _talk(
        NETLINK_NETFILTER,
        [
            _message(batch_begin, REQUEST, struct.pack(">BBH", 0, 0, 10), 1),
            _nftables(new_table, create, table, 2),
            _nftables(new_chain, create, table + chain + hook + _attribute(7, b"nat\0"), 3),
            _nftables(new_rule, create | APPEND, table + _attribute(2, b"outbound\0") + rule, 4),
            _message(batch_end, REQUEST, struct.pack(">BBH", 0, 0, 10), 5),
        ],
        3,
    )


def _attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def _nested(kind, *attributes):
    return _attribute(kind | 0x8000, b"".join(attributes))


def _be32(number):
    return struct.pack(">I", number & 0xFFFFFFFF)


def _value(kind, data):
    return _nested(kind, _attribute(1, data))


def _expression(name, *attributes):
    return _nested(1, _attribute(1, name.encode() + b"\0"), _nested(2, *attributes))


def _message(kind, flags, body, sequence):
    return struct.pack("=IHHII", 16 + len(body), kind, flags, sequence, 0) + body


def _nftables(kind, flags, body, sequence):
    subsystem = 10
    return _message(subsystem << 8 | kind, flags, struct.pack(">BBH", socket.AF_INET, 0, 0) + body, sequence)


def _talk(family, messages, acknowledgements):
    error_message = 2
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, family) as link:
        link.settimeout(5)
        link.bind((0, 0))
        link.send(b"".join(messages))
        while acknowledgements > 0:
            answer, offset = link.recv(65536), 0
            while offset < len(answer):
                length, kind = struct.unpack_from("=IH", answer, offset)
                if kind == error_message:
                    code = struct.unpack_from("=i", answer, offset + 16)[0]
                    if code != 0:
                        raise OSError(-code, f"netlink: {os.strerror(-code)}")
                    acknowledgements -= 1
                offset += (length + 3) & ~3
