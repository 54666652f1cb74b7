"""What each arm of an experiment is served by, and what stands behind its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from recsys_dashboard.experiment.words import recommender_name, recommender_words
from recsys_dashboard.texts import NOTHING, number, percent, plain, text, whole

if TYPE_CHECKING:
    from typing import Any

    from recsys_dashboard.experiment.findings import Findings


def draw_arms(found: Findings) -> None:
    """Draw a row per arm, then the model that made the lists."""
    report = found.look.report
    total = max(1, sum(report.arms.listeners.values()))
    arms = list(dict.fromkeys([*found.treatments, *report.arms.listeners]))
    counts = [report.arms.listeners.get(arm, 0) for arm in arms]
    served = [found.treatments.get(arm) for arm in arms]
    frame = pd.DataFrame(
        {
            "arm": arms,
            "recommender": [recommender_name(one) if one else NOTHING for one in served],
            "does": [recommender_words(one) if one else NOTHING for one in served],
            "listeners": [
                text("experiment.listeners", n=whole(count), share=percent(count / total)) for count in counts
            ],
        }
    )
    words = st.column_config.TextColumn
    columns = {
        "arm": words(text("experiment.column_arm"), pinned=True, width=50),
        "recommender": words(text("experiment.column_recommender"), width=115),
        "does": words(text("experiment.column_does"), width=395),
        "listeners": words(
            text("experiment.column_listeners"), width=100, help=text("experiment.column_share_help")
        ),
    }
    st.dataframe(
        frame, hide_index=True, column_config=columns, height="content", key=f"e_arms_{found.key}",
        alt=text("experiment.arms_alt", n=len(arms)),
    )  # fmt: skip
    st.markdown(text("experiment.assignment"))
    if model := _model(found):
        st.markdown(_model_words(model))


def _model(found: Findings) -> dict[str, Any] | None:
    step = found.loop.card.done(found.turn, "model") if found.loop is not None else None
    return step.found if step is not None else None


def _model_words(found: dict[str, Any]) -> str:
    values, objective = found["parameters"], found["objective"]
    return text(
        "experiment.model_words",
        model=plain(text(f"model.{found['model']}")),
        size=values["embedding_size"],
        rate=number(values["learning_rate"], 2),
        sampled=whole(values["max_sampled"]),
        n=found["epochs"],
        value=number(found["test"][objective]),
        baseline=number(found["popularity"][objective]),
    )
