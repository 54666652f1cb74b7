"""What a study says, in sentences: its name for people, objectives, parameters, states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recsys_core.models.registry import MODELS
from recsys_core.tuning.request import SECONDS
from recsys_core.tuning.space import tunable_models
from recsys_dashboard.comparison.words import metric_name, model_name
from recsys_dashboard.texts import moment, number, percent, plain, text, whole
from recsys_dashboard.tuning import desk

if TYPE_CHECKING:
    from recsys_core.tuning import StudyCard, TuningRequest
    from recsys_core.tuning.trials import State, Trial
    from recsys_dashboard.tuning.view import StudyView

OBJECTIVES = ("ndcg@10", "auc", "precision@10", "recall@10")
SMALL = 1e-3  # below, a number is written with a power of ten
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SIZE, RATE = "embedding_size", "learning_rate"


def objective_name(objective: str) -> str:
    """Return the label of an objective such as ``ndcg@10`` or ``seconds``."""
    return text("tuning.seconds") if objective == SECONDS else metric_name(objective)


def objective_words(objective: str) -> str:
    """Return an objective with what it rewards, for a list to choose from."""
    kind = objective.partition("@")[0]
    return text("tuning.objective_words", name=objective_name(objective), what=text(f"tuning.aim_{kind}"))


def objective_value(objective: str, value: float) -> str:
    """Return a value of an objective, seconds with their unit."""
    return text("units.seconds", seconds=number(value)) if objective == SECONDS else number(value)


def parameter_name(name: str) -> str:
    """Return what people call a parameter."""
    return text(f"tuning.param_{name}")


def axis_names(request: TuningRequest) -> dict[str, str]:
    """Return short names of everything a study varies, to stand over narrow axes."""
    return {one.name: text(f"tuning.axis_{one.name}") for one in request.space()}


def parameter_names(request: TuningRequest) -> dict[str, str]:
    """Return the names of everything a study varies, by parameter."""
    return {one.name: parameter_name(one.name) for one in request.space()}


def state_name(state: State) -> str:
    """Return what people call the state of a trial."""
    return text(f"tuning.state_{state}")


def setting_words(parameters: dict[str, Any]) -> str:
    """Return a setting in one line: ``Taste profile size (k) 32 · Learning rate 0.05``."""
    return " · ".join(
        text("tuning.setting", name=parameter_name(name), value=value_words(value))
        for name, value in parameters.items()
    )


def value_words(value: Any) -> str:
    """Return a parameter's value: numbers with three digits, words as they are."""
    if isinstance(value, bool):
        return text("tuning.yes") if value else text("tuning.no")
    if not isinstance(value, float):
        return str(value)
    if not 0 < abs(value) < SMALL:
        return f"{value:.3g}"
    digits, power = f"{value:.1e}".split("e")
    return text("tuning.small", digits=digits, power=str(int(power)).translate(_RAISED))


def study_name(card: StudyCard) -> str:
    """Return one line on a study, fit for a list to choose from."""
    request = card.request
    return text(
        "tuning.option",
        model=model_name(request.model),
        kind=text("tuning.kind_grid" if request.grid else "tuning.kind_search"),
        objectives=", ".join(objective_name(one) for one in request.objectives),
        when=moment(card.created),
        name=card.name,
    )


def asked_words(card: StudyCard) -> str:
    """Return what a study was asked to do: model, goals, seed, how long a trial may learn."""
    request = card.request
    giving_up = request.pruning != "none" and len(request.objectives) == 1
    return text(
        "tuning.asked",
        model=model_name(request.model),
        objectives=", ".join(objective_name(one) for one in request.objectives),
        n=request.epochs,
        seed=request.seed,
        pruning=text("tuning.with_pruning" if giving_up else "tuning.without_pruning"),
    )


def source_words(card: StudyCard) -> str:
    """Return where a figure comes from."""
    protocol = card.request.protocol
    return text(
        "tuning.source_simulated" if card.dataset.simulated else "tuning.source",
        data=plain(card.dataset.title),
        method=text(f"split.{protocol.method}"),
        share=percent(protocol.validation_share),
        seed=protocol.seed,
        name=plain(card.name),
    )


def trial_words(trial: Trial) -> str:
    """Return one line on a trial, fit for a list to choose from."""
    return text(
        "tuning.trial_option",
        n=whole(trial.number + 1),
        state=state_name(trial.state),
        setting=setting_words(trial.parameters),
    )


def queue_words(view: StudyView) -> str:
    """Return where a waiting job stands, and what the one worker is busy with."""
    running, _ = desk.in_front()
    position = view.job.position if view.job is not None else 1
    if running is None:
        return text("tuning.warming")
    return text("tuning.queued", n=position, task=text(f"tuning.task_{running.task}"))


def models_of(kind: str) -> list[str]:
    """Return the models that can be tuned; for a grid those with a taste-profile size and a learning rate."""
    names = tunable_models()
    if kind == "search":
        return names
    return [name for name in names if {SIZE, RATE} <= set(MODELS[name].settings_type.__struct_fields__)]


def split_words(card: StudyCard) -> str:
    """Return which share of the plays a study learns from, chooses by, and leaves untouched."""
    protocol = card.request.protocol
    if protocol.method != "random":
        return text("tuning.split_other", method=text(f"split.{protocol.method}"), seed=protocol.seed)
    return text(
        "tuning.split",
        learn=percent(1 - protocol.test_share - protocol.validation_share),
        choose=percent(protocol.validation_share),
        test=percent(protocol.test_share),
        seed=protocol.seed,
    )
