"""The only masking, rank-counting and top-k code of the project."""

from recsys_core.ranking.factors import Factors
from recsys_core.ranking.held_out import both_ranks, held_out_ranks
from recsys_core.ranking.ranks import Ranks
from recsys_core.ranking.scorers import ScoreBlocks, Scorer
from recsys_core.ranking.similar import similar_items
from recsys_core.ranking.threads import single_blas_thread
from recsys_core.ranking.top_k import top_k
from recsys_core.ranking.warm_up import warm_up

__all__ = [
    "Factors",
    "Ranks",
    "ScoreBlocks",
    "Scorer",
    "both_ranks",
    "held_out_ranks",
    "similar_items",
    "single_blas_thread",
    "top_k",
    "warm_up",
]
