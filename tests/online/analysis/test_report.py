"""From a log to a verdict: the tables against a plain group-by, the words as data, the course over time."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from recsys_cli.analyse import analyse as command
from recsys_cli.logs import logs as logs_command
from recsys_online.analysis import Question, analyse, analyse_with_tables
from recsys_online.analysis.comparison import effect_frame
from recsys_online.analysis.effects import relative_effect
from recsys_online.analysis.listeners import METRICS
from recsys_online.analysis.moments import Moments, moments_of
from recsys_online.analysis.power import smallest_detectable, users_needed
from recsys_online.analysis.verdict import judge
from tests.online.analysis.made_up import START, random_events, session_events, slow_sessions, write_log

SESSIONS = ["listener", "treatment", "finished", "ended", "tracks", "time", "latency"]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    write_log(folder, random_events(9, users=300, sessions=1500, lift=1.0), writers=2)
    return folder


@pytest.fixture(scope="module")
def analysis(log):
    return analyse_with_tables(str(log), Question("PERSONALIZED"))


def by_listener(sessions: pd.DataFrame) -> pd.DataFrame:
    sums = sessions.groupby(["treatment", "listener"]).agg(
        sessions=("ended", "size"), tracks=("tracks", "sum"), time=("time", "sum"), latency=("latency", "sum")
    )
    return pd.DataFrame(
        {
            "sessions": sums["sessions"],
            "time": sums["time"],
            "mean_tracks_per_session": sums["tracks"] / sums["sessions"],
            "mean_time_per_session": sums["time"] / sums["sessions"],
            "mean_request_latency": 1000 * sums["latency"] / sums["tracks"],
        }
    )


def finished_sessions(log) -> pd.DataFrame:
    table = pd.DataFrame(slow_sessions(log), columns=SESSIONS)
    return table[table["finished"]]


def test_the_table_of_listeners_is_a_plain_group_by(log, analysis):
    plain = by_listener(finished_sessions(log)).reset_index()
    ours = analysis.listeners[["treatment", "listener", *METRICS]]
    ours, plain = (one.sort_values(["treatment", "listener"], ignore_index=True) for one in (ours, plain))
    pd.testing.assert_frame_equal(ours, plain, check_dtype=False, rtol=1e-6)


def test_effects_come_from_one_value_per_listener(analysis):
    for one in analysis.report.effects:
        values = analysis.listeners.set_index("treatment")[one.metric]
        control, treatment = (moments_of(values.loc[arm].to_numpy()) for arm in ("C", "T1"))
        expected = relative_effect(control, treatment)
        assert one.control_listeners == control.n
        assert [one.effect.value, one.effect.low, one.effect.high] == pytest.approx(
            [*map(float, expected)], rel=1e-9
        )


def test_the_report_counts_who_is_in_it(log, analysis):
    report, sessions = analysis.report, finished_sessions(log)
    assert report.sessions == sessions["treatment"].value_counts().sort_index().to_dict()
    assert sum(report.arms.listeners.values()) == report.log.users
    assert not report.ratio.alarm
    assert report.aa.fine
    assert {one.metric for one in report.effects} == set(METRICS)


def test_the_course_over_time_is_the_analysis_at_each_moment(log, analysis):
    course, sessions = analysis.over_time, finished_sessions(log)
    for metric in METRICS:
        rows = course[course["metric"] == metric]
        assert rows["ended"].is_monotonic_increasing
        assert len(rows) == 60
        for row in rows.iloc[[10, 33, 59]].itertuples():
            so_far = sessions[sessions["ended"] <= row.ended]
            values = by_listener(so_far)[metric]
            expected = relative_effect(*(moments_of(values.loc[arm].to_numpy()) for arm in ("C", "T1")))
            assert row.sessions == len(so_far)
            assert [row.effect, row.low, row.high] == pytest.approx(
                [*map(float, expected)], rel=1e-6, abs=1e-9
            )
    last = course.groupby("metric").last()
    for one in analysis.report.effects:
        assert last.loc[one.metric, "high"] == pytest.approx(one.effect.high, rel=1e-6)
    band = course[course["metric"] == "time"]
    assert (band["always_high"] - band["always_low"]).iloc[-1] < (band["high"] - band["low"]).iloc[5]


def test_a_span_of_time_counts_only_what_ended_in_it(log, analysis):
    sessions, middle = finished_sessions(log), START + 700_000
    after = analyse(str(log), Question("PERSONALIZED", since=middle))
    before = analyse(str(log), Question("PERSONALIZED", until=middle))
    assert sum(before.sessions.values()) == (sessions["ended"] < middle).sum()
    assert sum(after.sessions.values()) == (sessions["ended"] >= middle).sum()


def test_what_listeners_did_before_the_experiment_is_no_effect_of_it(tmp_path):
    events, begun = [], START + 10_000_000
    for user in range(200):
        before = session_events(user, [1.0, 0.01], at=START + 10 * user)
        for event in before:
            event.experiments = {}
        events += before + session_events(user, [1.0, 0.5 + 0.4 * (user % 2)], at=begun + 10 * user)
    write_log(tmp_path, events)
    for since in (None, begun):
        analysis = analyse_with_tables(str(tmp_path), Question("PERSONALIZED", since=since))
        assert analysis.report.sessions == {"C": 100, "T1": 100}
        one = next(one for one in analysis.report.effects if one.metric == "mean_time_per_session")
        assert (one.control_mean, one.treatment_mean) == pytest.approx((1.5, 1.9))
        assert one.earlier_effect is not None
        assert analysis.over_time["sessions"].max() == 200


def test_nothing_is_said_of_earlier_days_where_there_are_none(analysis):
    assert all(one.earlier_effect is None for one in analysis.report.effects)


def test_a_session_that_two_arms_answered_is_seen(tmp_path):
    events = session_events(1, [1.0, 0.5, 0.5], at=START, arm="C")
    events[-1].experiments = {"PERSONALIZED": "T1"}
    write_log(tmp_path, events + session_events(2, [1.0, 0.5], at=START))
    assert analyse(str(tmp_path), Question("PERSONALIZED")).arms.in_two == 1


def test_listeners_in_two_arms_are_counted_and_left_out(tmp_path):
    events = session_events(1, [1.0, 0.5], at=START, arm="C") + session_events(
        1, [1.0, 0.5], at=START + 9, arm="T1"
    )
    write_log(tmp_path, events + session_events(2, [1.0, 0.5], at=START) + session_events(3, [1.0], at=START))
    report = analyse(str(tmp_path), Question("PERSONALIZED"))
    assert report.arms.in_two == 1
    assert report.arms.listeners == {"C": 1, "T1": 1}
    assert report.effects == []  # one listener an arm says nothing
    assert [one.outcome for one in report.verdicts] == ["too_early"]


# by the moments of control and treatment, (n, mean, variance) each: what is concluded when peeking
SITUATIONS = {
    "too_early": ((150, 2.0, 1.0), (150, 2.1, 1.0)),
    "wins": ((2000, 2.0, 1.0), (2000, 3.5, 1.0)),
    "loses": ((2000, 2.0, 1.0), (2000, 1.5, 1.0)),
    "no_difference": ((20_000, 2.0, 1.0), (20_000, 2.001, 1.0)),
}


@pytest.mark.parametrize("outcome", SITUATIONS)
def test_verdicts(outcome):
    control, treatment = (Moments(*map(float, one)) for one in SITUATIONS[outcome])
    (verdict,) = judge({"C": control, "T1": treatment}, {"C": int(control.n), "T1": int(treatment.n)})
    assert verdict.outcome == outcome
    assert (verdict.sessions_missing > 0) == (outcome == "too_early")


def test_less_is_better_for_latency():
    arms = {"C": Moments(2000.0, 2.0, 1.0), "T1": Moments(2000.0, 1.5, 1.0)}
    (verdict,) = judge(arms, {"C": 2000, "T1": 2000}, metric="mean_request_latency")
    assert verdict.outcome == "wins"


def test_the_sessions_missing_are_what_it_takes():
    """With as many more sessions of the same kind, an effect of that size is found about 8 times in 10."""
    rng, users = np.random.default_rng(4), 300.0
    arms = {"C": Moments(users, 2.0, 1.0), "T1": Moments(users, 2.16, 1.0)}
    (verdict,) = judge(arms, {"C": 300, "T1": 300})
    assert verdict.outcome == "too_early"
    n = users * (1 + verdict.sessions_missing / 600)
    found = [
        judge(
            {arm: Moments(n, one.mean + rng.normal(0, n**-0.5), 1.0) for arm, one in arms.items()},
            {"C": int(n)},
        )[0].outcome
        for _ in range(400)
    ]
    assert found.count("wins") / 400 == pytest.approx(0.8, abs=0.06)


def test_what_so_many_listeners_can_show_is_what_the_planner_says():
    arms = {"C": Moments(1000.0, 2.0, 1.0), "T1": Moments(1000.0, 2.11, 1.0)}
    (verdict,) = judge(arms, {"C": 1000, "T1": 1000}, peeking=False)
    assert verdict.visible == smallest_detectable(arms["C"], 1000, 1000)
    assert users_needed(arms["C"], verdict.visible) == pytest.approx(2000, abs=1)


def test_several_treatments_share_the_risk():
    arms = {arm: Moments(2000.0, 2.0, 1.0) for arm in ("C", "T1", "T2")}
    assert [one.level for one in judge(arms, dict.fromkeys(arms, 2000))] == [0.975, 0.975]


def test_looking_once_needs_less():
    arms = {"C": Moments(1000.0, 2.0, 1.0), "T1": Moments(1000.0, 2.11, 1.0)}
    outcomes = [
        judge(arms, dict.fromkeys(arms, 1000), peeking=peeking)[0].outcome for peeking in (True, False)
    ]
    assert outcomes == ["too_early", "wins"]


def test_arms_of_the_wrong_size_make_the_verdict_untrusted(tmp_path):
    events = []
    for user in range(150):
        events += session_events(user, [1.0, 0.5], at=START + 10 * user, arm="C" if user % 5 else "T1")
    write_log(tmp_path, events)
    report = analyse(str(tmp_path), Question("PERSONALIZED"))
    assert report.ratio.alarm
    assert not report.verdicts[0].trusted
    fair = analyse(str(tmp_path), Question("PERSONALIZED", shares={"C": 8000, "T1": 2000}))
    assert not fair.ratio.alarm


def test_a_frame_for_the_figure(analysis):
    frame = effect_frame(analysis.report.effects, "T1")
    assert list(frame["metric"]) == list(METRICS)
    assert frame["effect"].notna().all()


def test_the_command_prints_words_and_a_table(log):
    result = CliRunner().invoke(command, ["--logs", str(log), "--experiment", "PERSONALIZED"])
    assert result.exit_code == 0, result.output
    assert "T1 wins: +" in result.output
    assert "listening time per session" in result.output
    assert "0 torn lines" in result.output
    assert "8 times in 10" in result.output
    assert "older %" in result.output
    assert "earlier days" not in result.output  # there are none


def test_the_command_says_how_much_earlier_days_take_away(log):
    options = ["--logs", str(log), "--experiment", "PERSONALIZED", "--since", "2023-11-14T22:25:00+0000"]
    result = CliRunner().invoke(command, options)
    assert result.exit_code == 0, result.output
    assert "earlier days out %" in result.output
    assert "% less variance)" in result.output


def test_the_command_writes_json(log):
    result = CliRunner().invoke(command, ["--logs", str(log), "--experiment", "PERSONALIZED", "--json", "-"])
    found = json.loads(result.output)
    assert found["log"]["torn_lines"] == 0
    assert found["log"]["users"] == sum(found["arms"]["listeners"].values())
    assert found["verdicts"][0]["outcome"] == "wins"
    assert len(found["effects"]) == len(METRICS)


def test_the_command_says_when_it_is_too_early_and_when_arms_are_of_the_wrong_size(tmp_path):
    write_log(tmp_path, random_events(3, users=9, sessions=60))
    options = ["--logs", str(tmp_path), "--experiment"]
    result = CliRunner().invoke(command, [*options, "PERSONALIZED"])
    assert "T1: too early: about" in result.output
    assert "not known yet" in result.output
    unbalanced = CliRunner().invoke(
        command, [*options, "AA", "--since", "2020-01-01", "--until", "2030-01-01"]
    )
    assert "nothing to compare" in unbalanced.output


def test_the_log_is_compacted_by_command(tmp_path):
    write_log(tmp_path, random_events(3))
    first = CliRunner().invoke(logs_command, ["compact", "--logs", str(tmp_path)])
    assert "segments compacted" in first.output, first.output
    assert "Nothing new" in CliRunner().invoke(logs_command, ["compact", "--logs", str(tmp_path)]).output
