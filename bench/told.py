"""`python -m bench.told`: 30,000 look-ups an hour by people who were told, through the real web.

36,000 people, each with a page and a certificate; a look-up is the page and one bucket, as a
browser asks for them. Prints a row of docs/bench.md's table.
"""

import http.client
import itertools
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from bench.live import Build, Live

OUT: Final = Path(__file__).parent / "out"
SOURCE: Final = Path(__file__).parents[1] / "src"
PEOPLE: Final = 36_000
AN_HOUR: Final = 30_000
SECONDS: Final = 60
CLIENTS: Final = 8
CLINIC: Final = 100
NEXT: Final = itertools.count()


def main() -> None:
    home = OUT / f"told-{CLINIC}"
    with Live(Build("told", SOURCE), home, CLINIC) as live:
        fill(home)
        ask(live.port)
        before = live.processor_seconds()
        steady = paced(live.port)
        spent = live.processor_seconds() - before
        flat_out, began = [], time.monotonic()
        threads = [
            threading.Thread(target=busy, args=(live.port, flat_out)) for _ in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        per_second = len(flat_out) / (time.monotonic() - began)
    cuts = statistics.quantiles(steady, n=100)
    sys.stdout.write(
        f"| look-ups at {AN_HOUR:,} an hour, {PEOPLE:,} people | p50 {cuts[49]:.0f} ms"
        f" | p95 {cuts[94]:.0f} ms | p99 {cuts[98]:.0f} ms"
        f" | {per_second:.0f} a second with {CLIENTS}"
        f" | {1000 * spent / len(steady):.1f} ms of processor each |\n"
    )


def paced(port: int) -> list[float]:
    """Ask at the pace of an hour's look-ups, whatever the answers take; return milliseconds."""
    taken: list[float] = []
    threads = []
    began = time.monotonic()
    for number in range(SECONDS * AN_HOUR // 3600):
        time.sleep(max(0, began + number * 3600 / AN_HOUR - time.monotonic()))
        thread = threading.Thread(target=lambda: taken.append(ask(port)))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return taken


def busy(port: int, taken: list[float]) -> None:
    """Ask one look-up after the other for a while."""
    until = time.monotonic() + SECONDS / 4
    while time.monotonic() < until:
        taken.append(ask(port))


def ask(port: int) -> float:
    """Do one look-up as a browser does; return how many milliseconds it took."""
    # Everybody asks for another bucket: none is in a cache because somebody else just asked.
    bucket = next(NEXT) * 997 % 4096
    began = time.monotonic()
    connection = http.client.HTTPConnection("localhost", port)
    for where in ("/told/", f"/told/b/{bucket:03x}.js"):
        connection.request("GET", where, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != http.HTTPStatus.OK or not body:
            raise RuntimeError(f"{where}: {answer.status}")
    connection.close()
    return 1000 * (time.monotonic() - began)


def fill(home: Path) -> None:
    """Publish everybody's pages, in a process with the installation's settings."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "VAITIOLO_HOME": str(home)}
    environment["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.web.settings"
    begin = "import django; django.setup(); from bench import told_filling as it; it.main"
    command = [sys.executable, "-c", f"{begin}({PEOPLE})"]
    subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    main()
