"""What every program does first: no crash dump, no stranger looking in, no life as an orphan."""

import ctypes
import os
import resource
import signal

# Numbers of prctl(2), from linux/prctl.h.
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
SUPERVISOR = "VAITIOLO_SUPERVISOR"
PRIVATE = 0o077


def harden() -> None:
    """Keep this process's memory out of crash dumps and debuggers, and its files to itself."""
    os.umask(PRIVATE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl(PR_SET_DUMPABLE, 0)
    if SUPERVISOR in os.environ:
        end_with_the_parent()


def end_with_the_parent() -> None:
    """Ask the kernel to end this process when its parent dies, however it dies."""
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        # It died before the kernel was asked.
        os.kill(os.getpid(), signal.SIGTERM)


def prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        problem = ctypes.get_errno()
        raise OSError(problem, os.strerror(problem), f"prctl({option})")
