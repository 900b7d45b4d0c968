"""`make bench`: the pages that people wait for, over HTTP, against live installations.

`python -m bench [sizes]` (default 1000,10000,36000). Every installation is an invented clinic in
bench/out, made where it is missing. Prints docs/bench.md's table.
"""

import sys
from pathlib import Path

from bench.live import Build, Live
from bench.pages import OPERATIONS, Measured, Walk
from bench.unsealed import unsealed_build

OUT = Path(__file__).parent / "out"
SIZES = "1000,10000,36000"
ALONE, TOGETHER, CLIENTS = 150, 240, 8


def main() -> None:
    sizes = [int(size) for size in (sys.argv[1:] or [SIZES])[0].split(",")]
    sealed = Build("sealed", Path(__file__).parents[1] / "src")
    tables = {size: measured(sealed, size) for size in sizes}
    bare = measured(unsealed_build(OUT / "unsealed"), sizes[0])
    print(table(tables))
    print(growth(tables))
    print(price(tables[sizes[0]], bare, sizes[0]))


def measured(build: Build, size: int) -> dict[str, Measured]:
    with Live(build, OUT / f"{build.name}-{size}", size) as live:
        walk = Walk(live)
        return {name: walk.measure(name, ALONE, (TOGETHER, CLIENTS)) for name in OPERATIONS}


def table(tables: dict[int, dict[str, Measured]]) -> str:
    lines = [
        "| patients | page | p50 ms | p95 ms | p99 ms | 8 clients, per s | processor ms |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for size, found in tables.items():
        for name, one in found.items():
            lines.append(
                f"| {size:,} | {name} | {one.p50:.1f} | {one.p95:.1f} | {one.p99:.1f} "
                f"| {one.per_second:.0f} | {one.processor:.1f} |"
            )
    return "\n".join(lines)


def growth(tables: dict[int, dict[str, Measured]]) -> str:
    small, large = min(tables), max(tables)
    lines = [f"\nGrowth of processor time from {small:,} to {large:,} patients:"]
    for name in OPERATIONS:
        ratio = tables[large][name].processor / tables[small][name].processor
        lines.append(f"  {name}: {ratio:.2f} x")
    return "\n".join(lines)


def price(sealed: dict[str, Measured], bare: dict[str, Measured], size: int) -> str:
    lines = [f"\nPrice of sealing at {size:,} patients, processor time sealed / unsealed:"]
    for name in OPERATIONS:
        ratio = sealed[name].processor / bare[name].processor
        lines.append(f"  {name}: {ratio:.2f} x")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
