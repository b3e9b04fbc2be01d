"""Another machine of one's own in the kernel: a network namespace behind a shaped pair of links."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

HERE, THERE = "10.97.0.1", "10.97.0.2"


@contextmanager
def behind(rate: float | None) -> Iterator[tuple[str, list[str]]]:
    """The address of the other machine, and the command that runs another one there.

    Both directions take rate bits a second, by the kernel's token bucket with a queue of
    64 kB. Has to be called in a network namespace of one's own, as root.
    """
    other = subprocess.Popen(["unshare", "-n", "sleep", "infinity"])
    enter = ["nsenter", "-t", str(other.pid), "-n"]
    try:
        while _namespace(other.pid) == _namespace(os.getpid()):
            pass
        _run("ip link set lo up")
        _run("ip link add here type veth peer name there")
        _run(f"ip link set there netns {other.pid}")
        for prefix, name, address in (([], "here", HERE), (enter, "there", THERE)):
            _run(f"ip addr add {address}/24 dev {name}", prefix)
            _run(f"ip link set {name} up", prefix)
            if rate:
                bucket = f"rate {int(rate)}bit burst 3000 limit 65536"
                _run(f"tc qdisc add dev {name} root tbf {bucket}", prefix)
        yield THERE, enter
    finally:
        subprocess.run(["ip", "link", "del", "here"], check=False)
        other.kill()
        other.wait()


def _namespace(process: int) -> str:
    return os.readlink(f"/proc/{process}/ns/net")  # noqa: PTH115  no path, only a name


def _run(command: str, prefix: list[str] | None = None) -> None:
    subprocess.run([*(prefix or []), *command.split()], check=True)
