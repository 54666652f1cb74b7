"""Dimensions in Optuna's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

    from recsys_core.tuning.dimensions import Dimension, Value


def distribution(one: Dimension) -> BaseDistribution:
    """Return Optuna's distribution of the values of ``one``."""
    if one.kind == "choice":
        return CategoricalDistribution(one.choices)
    if one.kind == "whole":
        return IntDistribution(int(one.low), int(one.high), log=one.log)
    return FloatDistribution(one.low, one.high, log=one.log)


def draw_value(trial: optuna.Trial, one: Dimension) -> Value:
    """Return the value that the sampler (or whoever queued the trial) chose for ``one``."""
    if one.kind == "choice":
        return cast("Value", trial.suggest_categorical(one.name, one.choices))
    if one.kind == "whole":
        return trial.suggest_int(one.name, int(one.low), int(one.high), log=one.log)
    return trial.suggest_float(one.name, one.low, one.high, log=one.log)
