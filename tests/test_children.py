"""Programs started by tests do not outlive them."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.pins import ROOT

STARTER = """
import subprocess, sys, time
from tests.children import ending_with_us
late = "import time; print('begun', flush=True); time.sleep(30); print('outlived')"
subprocess.Popen(ending_with_us([sys.executable, "-c", late]))
time.sleep(60)
"""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv, which Linux has")
def test_a_program_ends_with_who_started_it_even_by_kill_9():
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, cwd=ROOT) as starter:
        assert starter.stdout.readline() == b"begun\n"
        starter.kill()
        assert starter.stdout.read() == b""  # until nobody has the pipe any more
