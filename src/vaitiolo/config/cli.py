"""The command `vaitiolo`: it becomes the program that it is asked for, and imports none of them."""

import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """One program: what one types, the module that is run, and a line of help."""

    name: str
    module: str
    help: str


# In the order in which an operator meets them.
PROGRAMS = (
    Program("demo", "vaitiolo.config.demo.main", "make a synthetic clinic and start it"),
    Program("migrate", "vaitiolo.config.migrate", "prepare or upgrade an installation"),
    Program("found", "vaitiolo.config.console.found", "found a house with real people"),
    Program("up", "vaitiolo.config.up", "start warden, web and worker on this machine"),
    Program("web", "vaitiolo.config.web.main", "the pages alone"),
    Program("warden", "vaitiolo.config.warden.main", "the key agent and ledger's writer alone"),
    Program("worker", "vaitiolo.config.worker.main", "reminders and nightly checks alone"),
    Program("kms", "vaitiolo.config.warden.kms", "the key service: its epochs, and their end"),
    Program("ledger", "vaitiolo.config.ledger", "check the ledger, copy it, prove entries of it"),
    Program("verify", "vaitiolo.config.verify", "check the proof bundle of a patient's report"),
    Program("keys", "vaitiolo.config.console.keys", "who holds which keys, and how far it goes"),
    Program("unit", "vaitiolo.config.console.unit", "add a unit to a house"),
    Program("registrar", "vaitiolo.config.warden.registrar", "invite registrars, and let them in"),
    Program("ceremony", "vaitiolo.config.ceremony", "what three paper shares do, offline"),
    Program("recover", "vaitiolo.config.console.recover", "take a request out, and its answer in"),
    Program("mark", "vaitiolo.config.warden.mark", "say which state a check mark belongs to"),
    Program("witness", "vaitiolo.config.witness", "cosign another house's ledger, and watch it"),
    Program("leak", "vaitiolo.config.leak", "take the incident kit out; search a leak, offline"),
    Program("page", "vaitiolo.config.web.publish", "copy the page of whoever was told to a folder"),
    Program("thief", "vaitiolo.config.thief", "copy what a thief would, and read it"),
    Program("replay", "vaitiolo.config.replay", "play a famous theft again, with invented people"),
    Program("drill", "vaitiolo.config.drill", "exercise the breach desk, with invented people"),
    Program("postgresql", "vaitiolo.config.postgresql", "make roles and databases on a server"),
)
ABOUT = """\
usage: vaitiolo <program> [options]

Patient records of a psychotherapy practice, sealed so that a stolen copy reads as noise.

programs
{programs}

`vaitiolo <program> --help` says more about one of them.

An installation lives in one folder: VAITIOLO_HOME, or ./var if it is not set.
On the machine of a small practice, `vaitiolo up` is all that has to run.
"""


def main() -> int:
    wanted = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if wanted in {"--help", "-h", "help"}:
        sys.stdout.write(about())
        return 0
    for program in PROGRAMS:
        if program.name == wanted:
            become(program, sys.argv[2:])
    sys.stderr.write(f"vaitiolo: there is no program {wanted!r}; `vaitiolo --help` lists them.\n")
    return 2


def about() -> str:
    width = max(len(program.name) for program in PROGRAMS)
    lines = (f"  {program.name:<{width}}  {program.help}" for program in PROGRAMS)
    return ABOUT.format(programs="\n".join(lines))


def become(program: Program, arguments: list[str]) -> None:
    """Put the program in the place of this one. Does not return."""
    os.execv(sys.executable, [sys.executable, "-m", program.module, *arguments])  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    sys.exit(main())
