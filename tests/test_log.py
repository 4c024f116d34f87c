"""What is logged must stop nothing, whoever has gone from the other end."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import logging, sys, threading, structlog
from smsgate import log
log.configure("info", "json")
sys.stdin.readline()  # until its reader has gone
alive = []

def work():
    for _ in range(3):
        structlog.get_logger().warning("of ours", text="x" * 70_000)
        logging.getLogger("theirs").warning("of a library")
    alive.append(True)

thread = threading.Thread(target=work)
thread.start()
thread.join()
sys.stderr.close()
structlog.get_logger().warning("closed")
print(alive)
sys.stdout.flush()
os_exit = __import__("os")._exit
os_exit(0)
"""


def test_a_thread_lives_on_when_nobody_reads_the_log_any_more() -> None:
    """As behind `smsgate serve 2>&1 | tee log`, once tee is gone."""
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=writing
    ) as process:
        os.close(writing)
        os.close(reading)
        said, _ = process.communicate(b"\n", timeout=60)
    assert (process.returncode, said) == (0, b"[True]\n")
