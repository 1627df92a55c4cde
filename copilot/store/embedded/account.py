"""Who runs the server: ourselves, or a system user of our own when we are root (PostgreSQL refuses root).

Owns the system folder that root needs. It never changes the permissions of a folder that was there before.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.errors import DatabaseUnavailable

SYSTEM_USER = "reply-copilot"
SYSTEM_FOLDER = Path("/var/lib/reply-copilot")


@dataclass(frozen=True)
class Account:
    """The user that owns the data and runs the server; ``switched`` when that is not the caller."""

    uid: int
    gid: int
    switched: bool

    def make_folder(self, path: Path, mode: int = 0o700) -> None:
        """Create ``path`` for this user when it is missing; one that exists is left as it is."""
        if os.path.lexists(path):
            return
        # Processes that start together must never see it while it still belongs to somebody else.
        unfinished = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
        unfinished.chmod(mode)
        if self.switched:
            os.chown(unfinished, self.uid, self.gid)
        try:
            unfinished.rename(path)
        except OSError:
            unfinished.rmdir()
            if not os.path.lexists(path):
                raise

    def can_enter(self, folder: Path) -> bool:
        """Whether the server's user may reach ``folder`` through every parent."""
        if not self.switched:
            return True
        return all(_open_to(part, self.uid, self.gid) for part in (folder, *folder.parents) if part.is_dir())


def _open_to(folder: Path, uid: int, gid: int) -> bool:
    found = folder.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def server_account() -> Account:
    """The account for the server; as root the system user, created when it is missing.

    Raises:
        DatabaseUnavailable: root may not create the user here.
    """
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid(), switched=False)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _create_user()
        entry = pwd.getpwnam(SYSTEM_USER)
    return Account(entry.pw_uid, entry.pw_gid, switched=True)


def _create_user() -> None:
    remedy = "run as an ordinary user, create that system user, or set DATABASE_URL"
    useradd, adduser = shutil.which("useradd"), shutil.which("adduser")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    elif adduser:
        command = [adduser, "-S", "-H", "-D", SYSTEM_USER]
    else:
        raise DatabaseUnavailable(
            f"root needs a system user {SYSTEM_USER!r} for the embedded PostgreSQL", remedy=remedy
        )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DatabaseUnavailable(f"the system user {SYSTEM_USER!r} could not be created ({why})", remedy=remedy)


def system_folder() -> Path:
    """Root's folder for the programs and for data that has no reachable place; created when it is missing."""
    try:
        SYSTEM_FOLDER.mkdir(mode=0o755)
    except FileExistsError:
        pass
    else:
        SYSTEM_FOLDER.chmod(0o755)
    refuse_foreign(SYSTEM_FOLDER, 0)
    return SYSTEM_FOLDER


def refuse_foreign(folder: Path, uid: int) -> None:
    """Refuse a folder that somebody else owns or may write into: what stands there could be theirs.

    Raises:
        DatabaseUnavailable: it is a link, another user's, or writable for others.
    """
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise DatabaseUnavailable(
            f"{folder} is not a folder that only user id {uid} may write into", remedy="remove it and start again"
        )
