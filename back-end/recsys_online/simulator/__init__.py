"""Simulated listeners: a world of hidden tastes, and sessions in it, in process or against a live service."""

from recsys_online.simulator.botify_world import read_botify_world
from recsys_online.simulator.dataset_world import world_of
from recsys_online.simulator.in_process import Recommending, simulate
from recsys_online.simulator.over_http import Crowd, visit
from recsys_online.simulator.summary import Arm, Summary
from recsys_online.simulator.world import Habits, Listeners, World

__all__ = [
    "Arm",
    "Crowd",
    "Habits",
    "Listeners",
    "Recommending",
    "Summary",
    "World",
    "read_botify_world",
    "simulate",
    "visit",
    "world_of",
]
