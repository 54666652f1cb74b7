"""The closed loop: a log, pairs, a tuned model, lists, the index, an experiment, who won; and again."""

from recsys_online.loop.improvement import Improvement, improvement
from recsys_online.loop.looking import Look, read_look
from recsys_online.loop.pairs import Rule, training_pairs
from recsys_online.loop.request import LoopRequest, botify_files, check_request
from recsys_online.loop.run import run_loop, steps_of
from recsys_online.loop.serving import serve_lists
from recsys_online.loop.steps import STEPS
from recsys_online.loop.store import Loop, LoopCard, LoopError, LoopStore, StepDone
from recsys_online.loop.world import open_world

__all__ = [
    "STEPS",
    "Improvement",
    "Look",
    "Loop",
    "LoopCard",
    "LoopError",
    "LoopRequest",
    "LoopStore",
    "Rule",
    "StepDone",
    "botify_files",
    "check_request",
    "improvement",
    "open_world",
    "read_look",
    "run_loop",
    "serve_lists",
    "steps_of",
    "training_pairs",
]
