"""Whatever goes wrong is one line on stderr and an exit code: 2 bad input, 130 interrupted."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import termios
import time
from contextlib import suppress

import pytest

from recsys_cli.progress import Bar

QUICK = ("compare", "--dataset", "demo", "--models", "svd")
BAD = {
    "no such command": ("nonsense",),
    "no such option": ("compare", "--nonsense"),
    "option without value": ("compare", "--models"),
    "text for a number": ("compare", "--epochs", "ten"),
    "a fraction for a whole number": ("compare", "--epochs", "1.5"),
    "no epochs": (*QUICK, "--epochs", "0"),
    "too many epochs": (*QUICK, "--epochs", "1000000000"),
    "learning rate nan": (*QUICK, "--learning-rate", "nan"),
    "learning rate inf": (*QUICK, "--learning-rate", "inf"),
    "learning rate zero": (*QUICK, "--learning-rate", "0"),
    "schedule unknown": (*QUICK, "--learning-schedule", "rmsprop"),
    "threads": (*QUICK, "--threads", "10000"),
    "seed": (*QUICK, "--seed", "-1"),
    "huge seed": (*QUICK, "--seed", "18446744073709551616"),
    "share": (*QUICK, "--test-share", "1.5"),
    "share nan": (*QUICK, "--test-share", "nan"),
    "scaling": (*QUICK, "--scaling", "magic"),
    "protocol": (*QUICK, "--protocol", "magic"),
    "no timestamps": (*QUICK, "--protocol", "time"),
    "model": ("compare", "--dataset", "demo", "--models", "oracle"),
    "no model": ("compare", "--dataset", "demo", "--models", ","),
    "list length": (*QUICK, "--list-length", "0"),
    "json into nowhere": (*QUICK, "--json", "/nowhere/at/all.json"),
    "json into a folder": (*QUICK, "--json", "/"),
    "dataset": ("data", "--dataset", "netflix"),
    "folder": ("data", "--data-dir", "/nowhere"),
    "file": ("data", "--data", "/nowhere.csv"),
    "file that is a folder": ("data", "--data", "/"),
    "two data sets": ("data", "--data", "a.csv", "--dataset", "demo"),
    "folder of the demo": ("data", "--dataset", "demo", "--data-dir", "/"),
    "column without file": ("data", "--user-column", "x"),
    "download of other data": ("data", "--download", "--dataset", "demo"),
    "lastfm not there": ("data", "--dataset", "lastfm"),
    "no user": ("recommend",),
    "no run": ("recommend", "7"),
    "strange run": ("recommend", "7", "--run", "../../etc"),
    "k": ("recommend", "7", "--k", "0"),
    "run to show": ("runs", "show", "gone"),
    "run to delete": ("runs", "delete", "gone"),
    "nothing to delete": ("runs", "delete"),
    "no such subcommand": ("runs", "burn"),
    "line breaks and colours": ("runs", "show", "a\n\x1b[31mb"),
    "not text": ("runs", "show", "\udcff"),
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD)
def test_bad_input_is_one_line_and_exit_code_2(refrain, arguments):
    code, out, err = refrain(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("refrain: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert err.strip().isprintable()


def test_a_strange_user_is_answered_with_those_who_look_alike(refrain):
    refrain(*QUICK)
    code, _, err = refrain("recommend", "99999")
    assert code == 2
    assert err.startswith("refrain: There is no user '99999' in this data set. Did you mean")


def test_a_column_that_is_not_there_is_named(refrain, plays):
    code, _, err = refrain("data", "--data", plays, "--user-column", "Fan", "--item-column", "Song")
    assert code == 2
    assert "Song" in err
    assert err.count("\n") == 1
    code, _, err = refrain("data", "--data", plays, "--user-column", "Fan")
    assert "No column looks like the item. Name it with --item-column; the file has: Fan, Tune, Times." in err


def test_a_folder_that_cannot_be_written_is_told_before_long(refrain, home):
    home.write_text("a file where the folder should be")
    code, _, err = refrain(*QUICK)
    assert (code, err.count("\n")) == (2, 1)
    assert "could not be stored" in err


def test_help_is_no_error(refrain):
    for arguments in ((), ("--help",), ("compare", "-h"), ("runs", "--help"), ("runs", "delete", "--help")):
        code, out, err = refrain(*arguments)
        assert (code, err) == (0, "")
        assert out.startswith("Usage: refrain")


# ---- as a program ----------------------------------------------------------------------------


def test_errors_of_the_program(program):
    with program("compare", "--epochs", "x") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)


@pytest.mark.slow
def test_ctrl_c_ends_with_130_and_keeps_what_was_finished(program, home):
    arguments = ("compare", "--dataset", "demo", "--models", "lightfm-warp", "--epochs", "1000")
    with program(*arguments) as process:
        deadline = time.monotonic() + 60
        while not (home / "runs").is_dir() or not list((home / "runs").glob("popularity-*")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (130, "", "")
    assert [path.name.partition("-")[0] for path in (home / "runs").iterdir()] == ["popularity"]


def test_ctrl_c_ends_it_even_if_a_library_ignores_the_interruption(refrain, home, monkeypatch):
    def ignore(_bar, event):
        if event["kind"] == "epoch" and event["model"] == "lightfm-warp":
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Bar, "epoch", ignore)
    quick = ("compare", "--dataset", "demo", "--models", "lightfm-warp", "--epochs", "3")
    assert refrain(*quick) == (130, "", "")
    assert [path.name.partition("-")[0] for path in (home / "runs").iterdir()] == ["popularity"]


def test_a_reader_that_leaves_is_no_drama(program):
    with program("data", "--json", "-") as process:
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


def test_signs_a_terminal_cannot_show_are_spelled_out(program, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "iso8859-5")  # Cyrillic: has no plus-minus
    with program(*QUICK) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "\\xb1" in out


def watched(program, *arguments):
    """Return what a person at a terminal sees on stderr."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    with program(*arguments, stderr=theirs, stdout=subprocess.DEVNULL) as process:
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
    os.close(ours)
    assert process.returncode == 0
    return seen.decode()


def _read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is gone
        return b""


def test_progress_is_shown_to_people_only(program, plays):
    columns = ("--user-column", "Fan", "--item-column", "Tune", "--weight-column", "Times")
    arguments = ("compare", "--data", plays, *columns, "--models", "lightfm-warp", "--epochs", "2")
    seen = watched(program, *arguments)
    assert "lightfm-warp" in seen
    assert "test AUC" in seen
    assert watched(program, *arguments, "--quiet") == ""
