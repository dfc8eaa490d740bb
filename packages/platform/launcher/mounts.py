"""A private view of the file system for one program: volumes, its resolver, and nothing of Meshwise's own state."""

import os
import stat

import syscalls as s

# One of them is there on every Linux (FHS 3.0); what it holds is covered only while a copy is put together on it.
STAGING = ("/mnt", "/media", "/srv")


def prepare(mounts, masked):
    """Mounts each of `mounts` ({source, subPath?, target, readOnly}) and hides each directory of `masked` behind an empty one."""
    s.unshare(s.CLONE_NEWNS)
    s.mount("none", "/", None, s.MS_REC | s.MS_PRIVATE)
    ordered = sorted(mounts, key=lambda entry: entry["target"])
    staging = _staging([entry["source"] for entry in ordered])
    if any(_nearest(entry["target"]) == "/" for entry in ordered):
        _imitate_root(staging)
    # Sources are opened before anything is mounted, since a mount may cover them: volumes live in the state that is hidden.
    sources = [_open(entry["source"], entry.get("subPath")) for entry in ordered]
    for directory in masked:
        s.mount("tmpfs", directory, "tmpfs", s.MS_NOSUID | s.MS_NODEV | s.MS_RDONLY, "size=4k,mode=755")
    for entry, source in zip(ordered, sources):
        _bind(source, entry["target"], entry.get("readOnly", False), staging)
        os.close(source)


def _open(source, sub_path):
    """Opens what is to be mounted. What a volume holds is the program's to write: no link of it may lead out of it."""
    descriptor = os.open(source, os.O_PATH | os.O_CLOEXEC)
    for name in (part for part in (sub_path or "").split("/") if part not in ("", ".")):
        if name == "..":
            raise OSError(0, f"the subPath {sub_path} leads out of its volume")
        outer = descriptor
        try:
            descriptor = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=outer)
        except OSError as error:
            raise OSError(error.errno, f"the volume has no {name} for the subPath {sub_path}: {error.strerror}") from error
        finally:
            os.close(outer)
        # O_PATH opens a link itself (open(2)).
        if stat.S_ISLNK(os.fstat(descriptor).st_mode):
            raise OSError(0, f"{name} of the subPath {sub_path} is a symbolic link, which may lead out of the volume")
    return descriptor


def _staging(sources):
    for directory in STAGING:
        if os.path.isdir(directory) and not any(source.startswith(directory + "/") for source in sources):
            return directory
    raise OSError(0, f"none of {', '.join(STAGING)} can be used to put mount points together")


def _bind(source, target, read_only, staging):
    target = os.path.realpath(target)
    if not os.path.exists(target):
        _make_target(target, stat.S_ISDIR(os.fstat(source).st_mode), staging)
    s.mount(f"/proc/self/fd/{source}", target, None, s.MS_BIND | s.MS_REC)
    if read_only:
        flags = s.MS_BIND | s.MS_REMOUNT | s.MS_RDONLY | s.MS_NOSUID | s.MS_NODEV
        s.mount(None, target, None, flags | _locked(target))


def _locked(target):
    """Flags of the mount that a user namespace may not take away, so that a remount has to name them (mount_namespaces(7))."""
    now = os.statvfs(target).f_flag
    flags = {os.ST_NOEXEC: s.MS_NOEXEC, os.ST_NOATIME: s.MS_NOATIME, os.ST_NODIRATIME: s.MS_NODIRATIME, os.ST_RELATIME: s.MS_RELATIME}
    return sum(flag for reported, flag in flags.items() if now & reported)


def _nearest(target):
    """The nearest directory on the way to `target` that exists; itself when it does."""
    path = os.path.realpath(target)
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return path


def _make_target(target, is_directory, staging):
    """Gives a mount point to a path that the machine does not have, without writing to the machine.

    The nearest directory that exists is replaced, in this namespace only, by an empty one that holds everything the original
    held, and there the rest of the path can be made.
    """
    existing = _nearest(target)
    if existing != "/":
        _copy(existing, staging)
        s.mount(staging, existing, None, s.MS_MOVE)
    if is_directory:
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "w").close()


def _imitate_root(staging):
    _copy("/", staging)
    # Not chroot: the kernel makes no user namespace for a process that is in one.
    s.pivot_root(staging)


def _copy(directory, staging):
    """Mounts a tmpfs on `staging` that holds every entry of `directory`, each bound to the original."""
    names, like = os.listdir(directory), os.stat(directory)
    s.mount("tmpfs", staging, "tmpfs", s.MS_NOSUID | s.MS_NODEV, "mode=755")
    _own_as(staging, like)
    for name in names:
        original, copy = os.path.join(directory, name), os.path.join(staging, name)
        if original == staging:
            os.mkdir(copy)
        elif os.path.islink(original):
            os.symlink(os.readlink(original), copy)
        elif os.path.isdir(original):
            os.mkdir(copy)
            s.mount(original, copy, None, s.MS_BIND | s.MS_REC)
        else:
            open(copy, "w").close()
            s.mount(original, copy, None, s.MS_BIND)


def _own_as(directory, like):
    """As writable as the original: /tmp stays everybody's. An owner that the user namespace does not know stays root."""
    try:
        os.chown(directory, like.st_uid, like.st_gid)
    except OSError:
        pass
    os.chmod(directory, stat.S_IMODE(like.st_mode))
