"""Listened against recommended in sentences: every title and remark of the page, computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.listening.popularity_shift import LISTENED, RATIO, RECOMMENDED
from recsys_core.listening.popularity_story import BASELINE, OTHERS
from recsys_dashboard.listening.run_choice import source_line
from recsys_dashboard.listening.run_words import run_name
from recsys_dashboard.texts import compact, number, percent, plain, text, whole

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.listening.popularity_findings import TwoCharts
    from recsys_core.listening.popularity_shift import PopularityShift
    from recsys_core.listening.popularity_spread import Spread
    from recsys_core.listening.popularity_story import Story
    from recsys_core.listening.popularity_tradeoff import Cost
    from recsys_dashboard.listening.popularity_choice import Choice


def names_of(choice: Choice, story: Story) -> dict[str, str]:
    """Return the name of each part of ``story`` in figures and tables, listening first."""
    model = text(f"model.{choice.manifest.model}")
    names = {
        LISTENED: text(f"top_artists.by_{choice.by}_side"),
        RECOMMENDED: text("top_artists.name_reranked", model=model) if choice.reranked else model,
        **{part: run_name(one.model, one.run_id) for part, one in zip(OTHERS, choice.others, strict=False)},
    }
    if BASELINE in story.lists:
        names[BASELINE] = text("top_artists.name_baseline")
    return names


def sources_of(choice: Choice, dataset: Dataset) -> str:
    """Return where a figure of all models comes from: the first's line, and those of other splits."""
    first = choice.manifest
    elsewhere = [one for one in choice.others if one.protocol != first.protocol]
    return "  \n".join(source_line(dataset, one) for one in (first, *elsewhere))


def headline(choice: Choice, story: Story) -> str:
    """Return the sentence a manager can repeat."""
    there, here = story.spreads[RECOMMENDED], story.spreads[LISTENED]
    return text(
        "top_artists.headline",
        k=choice.k,
        recommended=percent(there.items_for_80),
        listened=percent(here.items_for_80),
        items=whole(there.items),
        of=whole(len(story.shift.names)),
    )


def overlap_title(in_both: int, of: int) -> str:
    """Return the sentence on how many of the most listened artists are also most recommended."""
    kind = {0: "none", 1: "one", of: "all"}.get(in_both, "some")
    return text(f"top_artists.overlap_{kind}", many=_count(in_both).capitalize(), of=_count(of))


def charts_note(choice: Choice, shift: PopularityShift) -> str:
    """Return how to read the facing charts, and that their scales differ."""
    largest = {side: getattr(shift, side).max(initial=0) for side in (LISTENED, RECOMMENDED)}
    scales = text(
        f"top_artists.scales_{choice.by}",
        listened=compact(largest[LISTENED]),
        recommended=whole(largest[RECOMMENDED]),
    )
    return text(f"top_artists.note_{choice.by}") + " " + scales


def two_charts_sentence(found: TwoCharts) -> str:
    """Return how the charts by listeners and by plays differ, and what a single fan can do."""
    if found.fan is None:
        return text("top_artists.no_plays")
    differ = "same" if found.in_both == found.n_top else "differ"
    fan = found.fan
    return " ".join(
        [
            text(f"top_artists.charts_{differ}", n=_count(found.in_both), of=_count(found.n_top)),
            text(
                "top_artists.fan",
                name=plain(fan.name),
                share=percent(fan.share),
                plays_of_fan=whole(fan.plays_of_fan),
                plays=whole(fan.plays),
                by_plays=whole(fan.rank_by_plays),
                by_listeners=whole(fan.rank_by_listeners),
            ),
        ]
    )


def concentration_title(story: Story) -> str:
    """Return the sentence on how few artists receive most recommendations."""
    there, here = story.spreads[RECOMMENDED], story.spreads[LISTENED]
    return text(
        "top_artists.concentration",
        recommended=percent(there.items_for_80),
        listened=percent(here.items_for_80),
    )


def tail_title(story: Story) -> str:
    """Return the sentence on where the recommendations stop."""
    reached, total = story.spreads[RECOMMENDED].items, len(story.shift.names)
    if reached == total:
        return text("top_artists.tail_all", n=whole(total))
    return text("top_artists.tail", n=whole(reached), never=whole(total - reached))


def half_title(story: Story) -> str:
    """Return the sentence on what is left for the less popular half of the catalogue."""
    there, here = story.spreads[RECOMMENDED], story.spreads[LISTENED]
    return text(
        "top_artists.half",
        recommended=percent(there.least_popular_half),
        listened=percent(here.least_popular_half),
    )


def lists_title(story: Story) -> str:
    """Return the sentence on how popular a recommended artist is."""
    there, here = story.spreads[RECOMMENDED], story.spreads[LISTENED]
    return text(
        "top_artists.lists",
        recommended=whole(there.average_popularity),
        listened=whole(here.average_popularity),
    )


def one_in(spread: Spread) -> str:
    """Return of how many listeners one knows a typical artist of a list."""
    return number(2**spread.novelty, 2)


def here(choice: Choice) -> str:
    """Return the words at the chosen point of the curve."""
    if not choice.reranked:
        return text("top_artists.here_trained")
    return text("top_artists.here", strength=percent(choice.strength))


def cost_title(choice: Choice, found: Cost) -> str:
    """Return what the chosen re-ranking costs and brings, as the title of the curve."""
    if not choice.reranked:
        return text("top_artists.cost_none", k=found.k)
    reach = "more" if found.items > found.items_before else "fewer"
    return text(
        f"top_artists.cost_{reach}_{_price(found)}",
        items=whole(found.items),
        before=whole(found.items_before),
        change=number(abs(found.change.mean) * found.k, 2),
        k=found.k,
    )


def _price(found: Cost) -> str:
    """Return which way precision goes, if its interval says so."""
    if found.change.high < 0:
        return "costs"
    return "gains" if found.change.low > 0 else "luck"


def cost_sentence(choice: Choice, found: Cost) -> str:
    """Return the precision behind the title, with its interval."""
    if not choice.reranked:
        return text(
            "top_artists.precision_now",
            k=found.k,
            precision=exact(found.precision),
            hits=number(found.precision * found.k, 2),
            n=whole(found.n_judged),
        )
    luck = "_luck" if _price(found) == "luck" else ""
    return text(
        f"top_artists.precision_changes{luck}",
        k=found.k,
        precision=exact(found.precision),
        before=exact(found.precision_before),
        change=number(100 * found.change.mean),
        low=number(100 * found.change.low),
        high=number(100 * found.change.high),
        n=whole(found.n_judged),
        gini=number(found.gini),
        gini_before=number(found.gini_before),
    )


def ratio_title(shift: PopularityShift) -> str:
    """Return the sentence on the artist who gains most and the one who loses most."""
    over, under = shift.over(), shift.under()
    if over.empty or under.empty:
        return text("top_artists.ratio_none")
    return text(
        "top_artists.ratio",
        winner=plain(over["name"].iloc[0]),
        more=number(over[RATIO].iloc[0], 2),
        loser=plain(under["name"].iloc[0]),
        less=number(1 / under[RATIO].iloc[0], 2),
    )


def exact(share: float, digits: int = 3) -> str:
    """Return a share in percent with ``digits`` significant digits."""
    return text("top_artists.share", value=number(100 * share, digits))


def _count(value: int) -> str:
    words = text("numbers.words").split()
    return words[value] if value < len(words) else whole(value)
