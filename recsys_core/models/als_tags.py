"""ALS that also learns from what listeners tagged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from recsys_core.models.als import ALSRecommender, ALSSettings
from recsys_core.models.crossfit import CrossFitRecommender
from recsys_core.models.profiles import Values, profiles_of
from recsys_core.models.side_information import tagged_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Factors


class TaggedALSSettings(ALSSettings, frozen=True, kw_only=True):
    """As ALS's; ``tagged`` is what an artist that was tagged but not played counts, a played one counting 1.

    ``parts`` of the listeners are scored by copies trained without their tags.
    """

    embedding_size: Annotated[int, Meta(ge=1, le=512)] = 64
    regularisation: Annotated[float, Meta(ge=0, le=10_000)] = 40.0
    values: Values = "log"
    tagged: Annotated[float, Meta(ge=0, le=5)] = 1.0
    parts: Annotated[int, Meta(ge=2, le=20)] = 5


class TaggedALSRecommender(CrossFitRecommender):
    """Hu, Koren & Volinsky (2008): a tag given is a pair of less certain taste than a play."""

    name = "als-tags"
    settings_type = TaggedALSSettings

    def _copy(self, data: Dataset, left_out: np.ndarray) -> Iterator[Factors]:
        own = self.settings.to_dict()
        said = own.pop("tagged") * tagged_pairs(data, left_out)
        del own["parts"]
        rows = (profiles_of(data, self.settings.values) + said).tocsr().astype("float32")
        return ALSRecommender(**own).train(rows)
