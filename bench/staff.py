"""Everybody signs in: `python -m bench.staff [patients]` (default 36,000, with 400 on the staff).

Over HTTP against a live installation: sign-ins one after another with a password (Argon2id of RFC
9106's second choice), then the warden's memory with everybody signed in and three units' phone
books open.
"""

import re
import statistics
import sys
import time
from pathlib import Path

from bench.__main__ import OUT
from bench.live import Build, Live
from bench.pages import Browser
from vaitiolo.ops.synthetic.crib import read_crib

BOOKS = 3


def main() -> None:
    size = int((sys.argv[1:] or ["36000"])[0])
    build = Build("sealed", Path(__file__).parents[1] / "src")
    with Live(build, OUT / f"sealed-{size}", size) as live:
        clinic = read_crib(live.home)
        print(f"the warden at rest: {resident(live):.0f} MiB")
        browsers, times = {}, []
        for one in clinic.members:
            began = time.perf_counter()
            browsers[one.sign_in_name] = Browser(live.port, one.sign_in_name, live.password)
            times.append((time.perf_counter() - began) * 1e3)
        cuts = statistics.quantiles(times, n=100)
        print(f"{len(times)} sign-ins of two requests: p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f}")
        print(f"the warden with all of them signed in: {resident(live):.0f} MiB")
        desks = {one.unit.number: one for one in clinic.members if one.role == "reception"}
        for desk in list(desks.values())[:BOOKS]:
            find(browsers[desk.sign_in_name].again())
        print(f"and with {BOOKS} phone books open: {resident(live):.0f} MiB")


def find(browser: Browser) -> None:
    token = browser.token(browser.get("/patients/"))
    browser.post("/patients/", f"csrfmiddlewaretoken={token}&words=virta")


def resident(live: Live) -> float:
    """Return what the warden has in memory, in MiB."""
    for pid in live.family():
        if b"warden" in Path(f"/proc/{pid}/cmdline").read_bytes():
            status = Path(f"/proc/{pid}/status").read_text()
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            return int(found[1]) / 1024 if found else 0.0
    raise LookupError("no warden")


if __name__ == "__main__":
    main()
