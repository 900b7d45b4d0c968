"""A ceremony is held only where there is no network."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from vaitiolo.ceremony import network
from vaitiolo.ceremony.network import NetworkThere

ASK = "from vaitiolo.ceremony import network; network.demand_none(); print('alone')"
WITH_A_CABLE = """
import ctypes, fcntl, os, socket, struct
# A tap is a network card that a program makes: here it stands for a cable that was plugged in.
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, 0x400454CA, struct.pack("16sH22x", b"cable0", 0x0002))
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking:
    fcntl.ioctl(asking, 0x8914, struct.pack("16sH22x", b"cable0", 1))
from vaitiolo.ceremony import network
try:
    network.demand_none()
except network.NetworkThere as there:
    print(there)
"""
HEAD = "Inter-|   Receive\n face |bytes\n"
LO = "    lo:       0\n"
ROUTES = "Iface\tDestination\tGateway\n"
NOWHERE = f"{'0' * 32} 00 {'0' * 32} 00 {'0' * 32} ffffffff 00000001 00000000 00200200       lo\n"


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def test_without_a_network_a_ceremony_may_be_held(alone: Callable[..., list[str]]) -> None:
    assert run(alone("-c", ASK)) == "alone\n"


def test_a_cable_ends_it(alone: Callable[..., list[str]]) -> None:
    said = run(alone("-c", WITH_A_CABLE))
    if "net/tun" in said or "Error" in said:
        pytest.skip("no network card can be made here")
    assert "cable0 is up" in said


def lay(folder: Path, **files: str) -> Path:
    for name, text in {"dev": HEAD + LO, "route": ROUTES, "ipv6_route": NOWHERE, **files}.items():
        (folder / name).write_text(text, encoding="ascii")
    return folder


def test_loopback_alone_is_no_network(tmp_path: Path) -> None:
    network.demand_none(lay(tmp_path))
    (tmp_path / "ipv6_route").unlink()
    network.demand_none(tmp_path)


def test_a_route_that_leads_out_is_refused(tmp_path: Path) -> None:
    out = ROUTES + "eth7\t00000000\t0101A8C0\n"
    with pytest.raises(NetworkThere, match="eth7"):
        network.demand_none(lay(tmp_path, route=out))
    six = NOWHERE.replace("      lo", "   wlan7").replace("00000000 00200200", "00000000 00450003")
    with pytest.raises(NetworkThere, match="wlan7"):
        network.demand_none(lay(tmp_path, ipv6_route=NOWHERE + six))


def test_what_cannot_be_told_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path / "no kernel", lay(tmp_path, dev=HEAD + LO + "gone0: 0\n")):
        with pytest.raises(NetworkThere, match="cannot be told"):
            network.demand_none(folder)


def test_an_interface_that_is_up_is_refused_here() -> None:
    lines = Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines()[2:]
    names = [line.split(":")[0].strip() for line in lines]
    up = [name for name in names if network._leads_out(network._flags(name))]
    if not up:
        pytest.skip("this machine has no network")
    with pytest.raises(NetworkThere, match=up[0]):
        network.demand_none()
