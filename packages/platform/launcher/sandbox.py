"""Namespaces for Meshwise's workloads and proxies. Run by the daemon, one short command each:

    sandbox.py probe                        what this machine allows, as JSON
    sandbox.py mesh  SPEC                   makes the mesh's namespaces, prints "ready", stays
    sandbox.py pod   SPEC                   makes a pod's network namespace, kept by a mount inside the mesh's mount namespace
    sandbox.py unpod SPEC                   takes it away
    sandbox.py names SPEC                   answers for names of the machine inside the mesh's network, prints "ready", stays
    sandbox.py steer SPEC                   sends what arrives at shared ports to one of the processes that share them
    sandbox.py run   SPEC                   enters namespaces, drops privileges and becomes the program

SPEC is JSON, or @FILE, which is removed once it is read, since it may hold secrets. In Python because Node has no system calls for namespaces, and Python 3 is there anyway for the Envoy wheel.
An error is one line of JSON on standard error, {"error", "step", "errno"}, and exit code 70.
"""

import json
import os
import socket
import sys
import time

import mounts
import netlink
import resolver
import steering
import syscalls as s

FAILED = 70
NOBODY = 65534
MARKS = ("MESHWISE_STATE", "MESHWISE_PROCESS")
step = "reading the specification"


def main(arguments):
    commands = {"probe": probe, "mesh": mesh, "pod": pod, "unpod": unpod, "names": names, "steer": steer, "run": run}
    try:
        specification = json.loads(_text(arguments[1])) if len(arguments) > 1 else {}
        commands[arguments[0]](specification)
    except Exception as error:  # whatever it is, the daemon gets it as one line
        print(json.dumps({"error": str(error), "step": step, "errno": getattr(error, "errno", None)}), file=sys.stderr)
        return FAILED
    return 0


def mesh(spec):
    """{"routes": [cidr], "runDirectory"}: a network and a mount namespace, inside a user namespace unless root."""
    _at("opening the host's network namespace")
    host_network = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    _enter_user_namespace_unless_root()
    _at("making the mesh's namespaces")
    s.unshare(s.CLONE_NEWNS | s.CLONE_NEWNET)
    s.mount("none", "/", None, s.MS_REC | s.MS_PRIVATE)
    directory = os.path.join(spec["runDirectory"], "netns")
    os.makedirs(directory, mode=0o700, exist_ok=True)
    s.mount("tmpfs", directory, "tmpfs", s.MS_NOSUID | s.MS_NODEV, "mode=700")
    if spec.get("keepHostNetwork"):
        _at("keeping the host's network namespace")
        _keep(f"/proc/self/fd/{host_network}", os.path.join(directory, "host"))
    _at("giving the mesh its addresses")
    netlink.loopback_up()
    for route in spec["routes"]:
        netlink.add_local_route(route)
    print("ready", flush=True)
    os.execvp("sleep", ["sleep", "infinity"])


def pod(spec):
    """{"anchorPid", "netns": path, "routes": [cidr], "redirectPort"}"""
    _join(spec["anchorPid"], ["user", "mnt"])
    _at("making the pod's network namespace")
    s.unshare(s.CLONE_NEWNET)
    netlink.loopback_up()
    for route in spec["routes"]:
        netlink.add_local_route(route)
    _at("redirecting the pod's outgoing connections (nftables)")
    netlink.redirect_outgoing_tcp(spec["redirectPort"])
    # As container runtimes do: no privilege is needed for low ports, since they are the pod's own.
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", "w") as setting:
        setting.write("0")
    _at("keeping the pod's network namespace")
    _keep("/proc/self/ns/net", spec["netns"])


def unpod(spec):
    """{"anchorPid", "netns": path}"""
    _join(spec["anchorPid"], ["user", "mnt"])
    if os.path.exists(spec["netns"]):
        if _is_kept(spec["netns"]):
            s.umount(spec["netns"])
        os.unlink(spec["netns"])


def names(spec):
    """{"anchorPid", "address", "port", "meshDomain"}: stays in the machine's network, with a socket of the mesh's."""
    ours, theirs = socket.socketpair()
    # What enters the mesh's namespaces cannot leave them again, but the socket it opens there can be handed out.
    child = os.fork()
    if child == 0:
        try:
            _join(spec["anchorPid"], ["user", "net"])
            server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            server.bind((spec["address"], spec["port"]))
            socket.send_fds(theirs, [b"s"], [server.fileno()])
        except OSError as error:
            theirs.send(str(error).encode()[:4000])
        os._exit(0)
    # The child has it alone, so that its end is seen, however it comes.
    theirs.close()
    message, handles, _, _ = socket.recv_fds(ours, 4096, 1)
    os.waitpid(child, 0)
    _at("opening the resolver's socket in the mesh")
    if len(handles) == 0:
        raise OSError(message.decode())
    if os.geteuid() == 0:
        _drop_privileges({"uid": NOBODY, "capabilities": []})
    print("ready", flush=True)
    resolver.serve(socket.socket(fileno=handles[0]), spec["meshDomain"])


def steer(spec):
    """{"pid", "first"?, "count"}"""
    _at("steering connections")
    steering.steer(spec["pid"], spec.get("first"), spec["count"])


def run(spec):
    """{"anchorPid"?, "netns"?, "hostname"?, "mounts": [], "masked": [], "uid"?, "capabilities"?, "cwd"?, "pidFile"?, "argv", "env"}"""
    if spec.get("pidFile"):
        _leave_parent(spec["pidFile"])
    working_directory = spec.get("cwd") or os.getcwd()
    inside = spec.get("anchorPid") is not None
    if inside:
        _join(spec["anchorPid"], ["user", "mnt", "net"])
    if spec.get("netns"):
        _at("entering the pod's network namespace")
        s.setns(spec["netns"], s.CLONE_NEWNET)
    if inside and spec.get("hostname"):
        s.unshare(s.CLONE_NEWUTS)
        s.set_hostname(spec["hostname"])
    if inside and (spec.get("mounts") or spec.get("masked")):
        _at("mounting volumes")
        mounts.prepare(spec["mounts"], spec["masked"])
    _drop_privileges(spec)
    _at("starting the program")
    os.chdir(working_directory)
    os.umask(0o022)
    # The marks by which the daemon finds its processes again are not the specification's to leave out.
    marks = {name: os.environ[name] for name in MARKS if name in os.environ}
    os.execvpe(spec["argv"][0], spec["argv"], {**spec["env"], **marks})


def probe(_spec):
    print(json.dumps({name: _try(trial) for name, trial in TRIALS.items()}))


def _try_namespaces():
    _enter_user_namespace_unless_root()
    s.unshare(s.CLONE_NEWNS | s.CLONE_NEWNET)


def _try_redirect():
    _try_namespaces()
    netlink.loopback_up()
    netlink.add_local_route("10.96.0.0/16")
    netlink.redirect_outgoing_tcp(15001)


def _try_mounts():
    _try_namespaces()
    s.mount("none", "/", None, s.MS_REC | s.MS_PRIVATE)
    s.mount("tmpfs", "/mnt", "tmpfs", 0, "size=4k")


TRIALS = {
    "userNamespace": lambda: s.unshare(s.CLONE_NEWUSER),
    "networkNamespace": _try_namespaces,
    "redirect": _try_redirect,
    "mounts": _try_mounts,
}


def _try(trial):
    """Runs a trial in a child, since what it enters cannot be left again. True, or the reason why not."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            trial()
        except Exception as error:
            os.write(writer, str(error).encode()[:4000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        reason = answer.read()
    os.waitpid(child, 0)
    return True if reason == "" else reason


def _enter_user_namespace_unless_root():
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        return
    _at("making a user namespace")
    s.unshare(s.CLONE_NEWUSER)
    _map_ids(0, uid, 0, gid)


def _map_ids(inner_uid, outer_uid, inner_gid, outer_gid):
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{inner_uid} {outer_uid} 1"),
        ("gid_map", f"{inner_gid} {outer_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _join(pid, kinds):
    _at("entering the mesh's namespaces")
    same = os.stat(f"/proc/{pid}/ns/user").st_ino == os.stat("/proc/self/ns/user").st_ino
    flags = {"user": s.CLONE_NEWUSER, "mnt": s.CLONE_NEWNS, "net": s.CLONE_NEWNET}
    # All are opened first: after the first of them is entered, /proc may show other processes.
    paths = [(f"/proc/{pid}/ns/{kind}", flags[kind]) for kind in kinds if not (kind == "user" and same)]
    for path, kind in paths:
        s.setns(path, kind)


def _leave_parent(pid_file):
    """Goes on as an orphan, a session leader whose parent is init, and leaves its pid in a file.

    Envoy with hot restart asks the kernel for SIGTERM when its parent ends (PR_SET_PDEATHSIG), and the daemon may end.
    """
    parent = os.getpid()
    child = os.fork()
    if child != 0:
        with open(pid_file + ".new", "w") as file:
            file.write(str(child))
        os.rename(pid_file + ".new", pid_file)
        os._exit(0)
    os.setsid()
    while os.getppid() == parent:
        time.sleep(0.001)


def _keep(namespace, path):
    open(path, "w").close()
    try:
        s.mount(namespace, path, None, s.MS_BIND)
    except OSError:
        os.unlink(path)
        raise


def _is_kept(path):
    """A namespace is a file of another file system than the directory that its mount point is in."""
    return os.stat(path).st_dev != os.stat(os.path.dirname(path)).st_dev


def _drop_privileges(spec):
    _at("dropping privileges")
    uid = spec.get("uid")
    if uid is not None:
        if _single_user():
            # Rootless: the only other user there can be is one of a further user namespace, which stands for the caller.
            s.unshare(s.CLONE_NEWUSER)
            s.keep_bounding_capabilities([])
            _map_ids(uid, 0, uid, 0)
        else:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            if spec.get("capabilities") is not None:
                s.keep_bounding_capabilities(spec["capabilities"])
            os.setresuid(uid, uid, uid)
    elif spec.get("capabilities") is not None:
        s.keep_bounding_capabilities(spec["capabilities"])
    s.set_no_new_privileges()


def _single_user():
    with open("/proc/self/uid_map") as table:
        return [line.split()[2] for line in table] == ["1"]


def _at(what):
    global step
    step = what


def _text(argument):
    if not argument.startswith("@"):
        return argument
    with open(argument[1:]) as file:
        text = file.read()
    os.unlink(argument[1:])
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
