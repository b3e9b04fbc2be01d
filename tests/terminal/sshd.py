"""A real sshd of one's own, on a port of this machine, with keys made for it."""

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CONFIG = """
Port {port}
ListenAddress {host}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
StrictModes no
UsePAM no
UseDNS no
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
PrintLastLog no
"""
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def why_not() -> str:
    """What this machine lacks for it, empty where it has all."""
    for name, there in (("sshd", SSHD), ("ssh", shutil.which("ssh"))):
        if not there:
            return f"there is no {name}"
    if os.getuid() == 0 and not Path("/run/sshd").is_dir():
        # Its empty folder is made by the system's service, which a test does not start.
        tried = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
        if tried.returncode:
            return "sshd lacks /run/sshd"
    return ""


@dataclass(frozen=True)
class Server:
    """Where it listens, and the key that opens it."""

    port: int
    folder: Path
    host: str = "127.0.0.1"

    def command(self, remote: str, port: int) -> list[str]:
        """ssh through a relay, with a terminal there, as a person has it who sets no options."""
        options = [
            "-F",
            "none",
            "-tt",
            *("-i", str(self.folder / "user")),
            *("-p", str(port)),
            *("-o", "IdentitiesOnly=yes"),
            *("-o", "StrictHostKeyChecking=no"),
            *("-o", f"UserKnownHostsFile={self.folder / 'known'}"),
            *("-o", "LogLevel=ERROR"),
        ]
        return ["ssh", *options, f"{getpass.getuser()}@127.0.0.1", remote]


@contextmanager
def sshd(folder: Path, host: str = "127.0.0.1", within: Sequence[str] = ()) -> Iterator[Server]:
    """It listens until the end of the context. What it says is in sshd.log of the folder.

    within is the command that runs another where host is its own address.
    """
    assert SSHD is not None
    for name in ("host", "user"):
        made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(made, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("", 0))
        port = free.getsockname()[1]
    config = folder / "sshd_config"
    config.write_text(CONFIG.format(port=port, folder=folder, host=host))
    command = [SSHD, "-D", "-e", "-f", str(config)]
    with (folder / "sshd.log").open("wb") as log:
        process = subprocess.Popen([*within, *_private(command)], stdout=log, stderr=log)
    try:
        _wait_for((host, port), process, folder / "sshd.log")
        yield Server(port, folder, host)
    finally:
        process.terminate()
        process.wait(10)


def _private(command: Sequence[str]) -> list[str]:
    """For root the command in a mount namespace that has the folder sshd asks for."""
    if os.getuid() != 0 or Path("/run/sshd").is_dir():
        return list(command)
    steps = "mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec " + shlex.join(command)
    return ["unshare", "-m", "sh", "-c", steps]


def _wait_for(place: tuple[str, int], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(place) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"sshd does not listen: {log.read_text()}")
