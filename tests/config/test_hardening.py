"""What a program gives away when it crashes or is looked at: nothing."""

import subprocess
import sys

HARDENED = """
import ctypes, os, resource
from vaitiolo.config.hardening import harden
harden()
libc = ctypes.CDLL(None)
print(resource.getrlimit(resource.RLIMIT_CORE), libc.prctl(3, 0, 0, 0, 0), oct(os.umask(0)))
"""
ORPHAN = """
import os, subprocess, sys, time
code = "import time; from vaitiolo.config.hardening import harden; harden(); "
code += "print('ready', flush=True); time.sleep(600)"
env = {**os.environ, "VAITIOLO_SUPERVISOR": str(os.getpid())}
child = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE)
child.stdout.readline()
os.kill(os.getpid(), 9)
"""


def test_no_crash_dump_no_debugger_and_no_file_for_others() -> None:
    told = subprocess.check_output([sys.executable, "-c", HARDENED], text=True)
    assert told == "(0, 0) 0 0o77\n"


def test_a_program_does_not_outlive_the_supervisor_that_was_killed() -> None:
    # The program shares the error stream, so this returns when both have gone, and not before.
    died = subprocess.run(
        [sys.executable, "-c", ORPHAN], capture_output=True, check=False, timeout=120
    )
    assert died.returncode == -9
