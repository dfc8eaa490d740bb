"""The few Linux system calls that Python 3.9 to 3.11 do not offer, by ctypes. See the man pages of the same names."""

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_NOATIME, MS_NODIRATIME, MS_BIND, MS_MOVE, MS_REC = 32, 1024, 2048, 4096, 8192, 16384
MS_PRIVATE, MS_RELATIME = 1 << 18, 1 << 21
MNT_DETACH = 2

PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result, name, subject=None):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}", subject)


def unshare(flags):
    _check(_libc.unshare(flags), "unshare")


def setns(path, kind=0):
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _check(_libc.setns(descriptor, kind), "setns", path)
    finally:
        os.close(descriptor)


def mount(source, target, kind=None, flags=0, data=None):
    text = lambda value: None if value is None else os.fsencode(value)
    _check(_libc.mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), text(data)), "mount", target)


def umount(target):
    _check(_libc.umount2(os.fsencode(target), MNT_DETACH), "umount", target)


def pivot_root(new_root):
    """The mount at `new_root` becomes `/`; the old root is put on top of it and taken off (pivot_root(2), NOTES)."""
    os.chdir(new_root)
    _check(_libc.pivot_root(b".", b"."), "pivot_root", new_root)
    umount(".")
    os.chdir("/")


def set_hostname(name):
    raw = os.fsencode(name[:63])
    _check(_libc.sethostname(raw, ctypes.c_size_t(len(raw))), "sethostname", name)


def set_no_new_privileges():
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def keep_bounding_capabilities(kept):
    """Takes every capability but `kept` (numbers of capability.h) away from this process and its descendants."""
    for capability in range(64):
        if capability not in kept and _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
