"""The options of training and splitting, read off the settings that validate them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_core.models.lightfm import LightFMSettings
from recsys_core.splitting import PROTOCOLS, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

HELP = {
    "embedding_size": "Numbers kept for each user and item (LightFM's no_components).",
    "learning_rate": "Step size of adagrad.",
    "learning_schedule": "adagrad or adadelta.",
    "k": "k-OS WARP: learn from the k-th best of n positives.",
    "n": "k-OS WARP: how many positives are drawn.",
    "max_sampled": "WARP: how many negatives are tried to find one ranked wrongly.",
    "sample_weight": "How much a pair counts: ones, or log of its plays (not under k-OS WARP).",
    "user_alpha": "L2 penalty on user features.",
    "item_alpha": "L2 penalty on item features.",
    "rho": "Memory of adadelta.",
    "epsilon": "Conditioning of adadelta.",
    "seed": "Seed of models and split.",
    "threads": "Threads of training and evaluation; one gives the same bits every time.",
}
SPLIT_OPTIONS = ("scaling", "test_share", "held_out")
_TYPES = {int: click.INT, float: click.FLOAT}


def training_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option per LightFM parameter, defaults and all; limits are checked by the settings."""
    for field in reversed(msgspec.structs.fields(LightFMSettings)):
        command = click.option(
            f"--{field.name.replace('_', '-')}",
            field.name,
            type=_TYPES.get(type(field.default), click.STRING),
            default=field.default,
            show_default=True,
            help=HELP[field.name],
        )(command)
    return command


def split_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the split."""
    options = (
        click.option(
            "--protocol",
            type=click.Choice(list(PROTOCOLS)),
            default="driver",
            show_default=True,
            help="How weights are scaled and pairs held out.",
        ),
        click.option("--scaling", help="none, play_count_scaled, log or per_user."),
        click.option("--test-share", type=click.FLOAT, help="Share of pairs held out, 0 to 1."),
        click.option("--held-out", type=click.INT, help="Pairs held out per user by leave-k-out."),
        click.option("--split-seed", type=click.INT, help="Seed of the split, if not --seed."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def protocol_of(values: dict[str, Any]) -> Protocol:
    """Return the protocol that the values of :func:`split_options` describe."""
    changes = {name: values[name] for name in SPLIT_OPTIONS if values[name] is not None}
    seed = values["seed"] if values["split_seed"] is None else values["split_seed"]
    return PROTOCOLS[values["protocol"]].replace(**changes, seed=seed)
