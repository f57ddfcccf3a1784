"""A process that is killed takes those beside it along: none goes on counting for nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PATIENCE = 20.0
PARENT = """
import os, sys, time
from endeavour.processes import processes

if __name__ == "__main__":
    with processes(1) as beside:
        print(beside.submit(os.getpid).result(), flush=True)
        beside.submit(time.sleep, 600)
        time.sleep(600)
"""


def is_running(process: int) -> bool:
    """Whether it is there and not merely waiting to be buried."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="asks the system by /proc")
def test_a_killed_process_leaves_nobody_working(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        beside = int(parent.stdout.readline())
        assert is_running(beside)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    until = time.monotonic() + PATIENCE
    while is_running(beside) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(beside)
