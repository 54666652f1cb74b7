"""A stand-in for the dashboard: starts a job, says who its worker is, and waits to be killed."""

from __future__ import annotations

import sys
import time

from recsys_dashboard.jobs.queue import JobQueue

manager = JobQueue(sys.argv[2:])
job = manager.submit(sys.argv[1], {}, owner="tab")
while not manager.snapshot(job).events:
    time.sleep(0.01)
sys.stdout.write(f"{manager.worker_pid}\n")
sys.stdout.flush()
time.sleep(60)
