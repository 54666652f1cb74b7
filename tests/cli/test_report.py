"""``refrain report`` as a person types it."""

from __future__ import annotations

from recsys_cli.report import default_place


def test_a_report_on_the_demo_data(refrain, tmp_path):
    out = tmp_path / "results.md"
    arguments = (
        "report",
        "--dataset",
        "demo",
        "--models",
        "svd,item-knn",
        "--split-seeds",
        "7",
        "--out",
        out,
    )
    code, printed, _ = refrain(*arguments)
    assert code == 0
    assert printed.split() == [
        str(out),
        *(str(tmp_path / f"results-{kind}.svg") for kind in ("quality", "time")),
        str(tmp_path / "results.json"),
    ]
    assert "Split seeds: 7" in out.read_text()
    assert "--models svd,item-knn" in out.read_text()


def test_only_lastfm_is_reported_where_the_documents_look_for_it(refrain, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    code, _, _ = refrain("report", "--dataset", "demo", "--models", "svd", "--split-seeds", "7", "--quiet")
    assert code == 0
    assert (tmp_path / "docs" / "results-demo.md").exists()
    assert not (tmp_path / "docs" / "results.md").exists()
    assert default_place("lastfm") == "docs/results.md"


def test_what_cannot_be_written_or_read_is_refused_before_any_training(refrain, tmp_path):
    for arguments, message in (
        (("--out", tmp_path / "no" / "r.md"), "in a folder that exists"),
        (("--out", tmp_path / "r.txt"), "a .md file"),
        (("--out", tmp_path / "r.md", "--split-seeds", "1,x"), "whole numbers"),
        (("--out", tmp_path / "r.md", "--models", "nope"), "no model 'nope'"),
    ):
        code, _, error = refrain("report", "--dataset", "demo", *arguments)
        assert code == 2
        assert message in error
