"""The online service under the dashboard's own address, in a real process."""

from __future__ import annotations

import signal

import httpx

from recsys_online.events.verify import verify
from recsys_online.index.versions import publish
from tests.dashboard.test_launcher import dashboard, lines_until_url
from tests.online.conftest import manifest, small_publication
from tests.ports import free_port


def test_the_dashboard_answers_what_next_and_seals_the_log_when_it_ends(tmp_path):
    publication = small_publication()
    publish(tmp_path / "index", publication, manifest("v1", publication))
    port = free_port()
    with dashboard("--port", str(port), REFRAIN_HOME=str(tmp_path)) as process:
        lines_until_url(process)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=10) as http:
            assert http.get("/health").json()["app"] == "refrain"
            assert http.get("/ready").json()["version"] == "v1"
            answer = http.post("/next/1", json={"track": 129, "time": 0.5})
            assert answer.json() == {"user": 1, "track": 101}
            assert http.post("/next/1", json={"track": 129, "time": 7}).status_code == 422
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
    report = verify(tmp_path / "logs")
    assert (report.events, report.open_segments, report.whole) == (1, 0, True)


def test_a_plan_that_is_wrong_leaves_the_dashboard_running_and_says_so_under_api(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text('default = "best"')
    port = free_port()
    environment = {"REFRAIN_HOME": str(tmp_path), "REFRAIN_EXPERIMENTS": str(plan)}
    with dashboard("--port", str(port), **environment) as process:
        lines_until_url(process)
        answer = httpx.get(f"http://127.0.0.1:{port}/api/ready", timeout=10)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "not_ready"
