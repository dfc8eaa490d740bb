"""A name server (RFC 1035) that answers as this machine would: with its hosts file, its resolver, whatever nsswitch.conf(5) says.

The mesh's network has no way out, so nothing in it could ask. Its proxies ask here instead, by a socket of that network which
this process, standing in the machine's own, was given.
"""

import ipaddress
import socket
import struct
import threading

TYPE_A, TYPE_AAAA, CLASS_IN = 1, 28, 1
NO_ERROR, FORMAT_ERROR, SERVER_FAILURE, NO_SUCH_NAME = 0, 1, 2, 3
FAMILIES = {TYPE_A: socket.AF_INET, TYPE_AAAA: socket.AF_INET6}
# Short, since the resolver behind keeps what it knows for as long as it may.
TTL_S = 5
WORKERS = 16
MAX_UDP = 512


def serve(server, mesh_domain):
    """Answers on the socket for ever. Names below `mesh_domain` are the mesh's own, and unknown here."""
    for _ in range(WORKERS - 1):
        threading.Thread(target=_work, args=(server, mesh_domain), daemon=True).start()
    _work(server, mesh_domain)


def _work(server, mesh_domain):
    while True:
        try:
            query, client = server.recvfrom(4096)
            answer = respond(query, mesh_domain)
            if answer is not None:
                server.sendto(answer, client)
        except OSError:
            continue


def respond(query, mesh_domain, lookup=None):
    """The answer to a message, or None for one that is not a question."""
    if len(query) < 12 or query[2] & 0x80:
        return None
    identifier, flags, questions = struct.unpack_from("!HHH", query)
    header = lambda code, answers: struct.pack("!HHHHHH", identifier, 0x8080 | (flags & 0x0100) | code, 1, answers, 0, 0)
    try:
        name, end = _name(query, 12)
        kind, klass = struct.unpack_from("!HH", query, end)
    except (IndexError, UnicodeDecodeError, struct.error):
        return struct.pack("!HHHHHH", identifier, 0x8080 | FORMAT_ERROR, 0, 0, 0, 0)
    if questions != 1:
        return struct.pack("!HHHHHH", identifier, 0x8080 | FORMAT_ERROR, 0, 0, 0, 0)
    question = query[12 : end + 4]
    if (name + ".").lower().endswith("." + mesh_domain.lower() + "."):
        return header(NO_SUCH_NAME, 0) + question
    if kind not in FAMILIES or klass != CLASS_IN:
        return header(NO_ERROR, 0) + question
    try:
        addresses = (lookup or _lookup)(name, FAMILIES[kind])
    except socket.gaierror as error:
        unknown = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        return header(NO_SUCH_NAME if unknown else SERVER_FAILURE, 0) + question
    except ValueError:
        # A label with a dot or a zero byte in it, which is no host name (and no OSError either).
        return header(NO_SUCH_NAME, 0) + question
    records, room = b"", MAX_UDP - 12 - len(question)
    count = 0
    for address in addresses:
        data = ipaddress.ip_address(address).packed
        # The name is the one of the question, 12 bytes from the start (RFC 1035, 4.1.4).
        record = struct.pack("!HHHIH", 0xC00C, kind, CLASS_IN, TTL_S, len(data)) + data
        if len(records) + len(record) > room:
            break
        records, count = records + record, count + 1
    return header(NO_ERROR, count) + question + records


def _lookup(name, family):
    try:
        found = socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)
    except socket.gaierror as error:
        # The name is there, with addresses of the other family only.
        other = socket.AF_INET6 if family == socket.AF_INET else socket.AF_INET
        if error.errno == socket.EAI_NONAME and _has_any(name, other):
            return []
        raise
    return list(dict.fromkeys(entry[4][0].split("%")[0] for entry in found))


def _has_any(name, family):
    try:
        return len(socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)) > 0
    except socket.gaierror:
        return False


def _name(message, offset):
    labels = []
    while message[offset] != 0:
        length = message[offset]
        if length > 63:
            raise IndexError("a compressed name has no place in a question")
        labels.append(message[offset + 1 : offset + 1 + length].decode("ascii"))
        offset += 1 + length
    return ".".join(labels), offset + 1
