"""The films page: the library's figures, every state of it, and an address that says it all."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from recsys_core.datasets.choice import UPLOADS
from recsys_core.movies import FilmColumns, MovieChoice, load_movies, store_movies
from recsys_core.movies.audience import AUDIENCE_MODELS
from recsys_core.movies.chart import chart
from recsys_core.movies.collaborative import CollaborativeModel
from recsys_core.movies.content import ContentModel, FilmTexts
from recsys_core.movies.loaders.demo import load_demo_movies
from recsys_core.movies.memory import similarity_memory
from recsys_core.movies.pca_verdict import judge_pca
from recsys_core.movies.popularity_filter import popularity_filter
from recsys_core.movies.study_store import measure_films, save_measurements
from recsys_dashboard.data.files import key_of
from recsys_dashboard.movies import catalogue
from recsys_dashboard.movies.choice import FOLDERS
from recsys_dashboard.movies.words import film_label, language_name, size
from recsys_dashboard.texts import number, percent, text, whole
from tests.dashboard.page_visits import metrics, visit, words

DEMO = load_demo_movies()
TEXTS = FilmTexts(DEMO)


def film(title, year=None):
    """The row of a demo film as a dict."""
    rows = DEMO.frame[DEMO.frame["title"] == title]
    return (rows if year is None else rows[rows["year"] == year]).iloc[0].to_dict()


def listed(at):
    """The ids of the similar films, in order."""
    keys = [button.key for button in at.button if button.key.startswith("movies.similar.")]
    return [int(key.rpartition(".")[2]) for key in keys]


def said(at, name):
    """What the address says under ``name``, as a list."""
    value = at.query_params.get(name, [])
    return [value] if isinstance(value, str) else list(value)


def press(at, key):
    return at.button(key=key).click().run()


def test_without_a_film_the_page_says_where_to_begin(data_root):
    at = visit("movies")
    assert not at.exception
    assert "simulated votes" in words(at)
    assert text("movies.begin") in words(at)
    begin = [button for button in at.button if button.key.startswith("movies.begin.")]
    assert len(begin) == 8
    at = begin[0].click().run()
    assert said(at, "film") == [begin[0].key.rpartition(".")[2]]
    assert len(listed(at)) == 10


@pytest.mark.parametrize(("method", "weight"), [("both", 50), ("overview", 50), ("soup", 50), ("both", 90)])
def test_the_list_is_that_of_the_library(data_root, method, weight):
    chosen = film("The General")
    at = visit("movies", film=str(chosen["movie_id"]), how=method, weight=str(weight))
    similar = ContentModel(TEXTS, method, weight=weight / 100).similar_movies(chosen["movie_id"], 10)
    assert listed(at) == similar.table["movie_id"].tolist()
    assert percent(float(similar.table["similarity"].iloc[0])) in words(at)
    first = similar.table["reasons"].iloc[0][0]
    assert f"{first.name} · {percent(first.weight)}" in words(at)


@pytest.mark.parametrize(("best", "gate"), [(0, True), (50, False), (50, True), (100, False)])
def test_the_slider_and_the_gate_are_the_popularity_filter(data_root, best, gate):
    at = visit("movies", film="6", best=str(best), length="5", **({"voted": "yes"} if gate else {}))
    nearest = ContentModel(TEXTS, "both").similar_movies(6, 30)
    lists = {
        choice: popularity_filter(nearest, 5, vote_gate=choice[1], best_rated=choice[0] / 100)
        for choice in ((best, gate), (best, not gate), (0, False))
    }
    ids = {choice: similar.table["movie_id"].tolist() for choice, similar in lists.items()}
    assert listed(at) == ids[best, gate]
    assert ids[best, gate] != ids[0, False], "a choice that changes nothing would prove nothing"


def test_controls_write_the_address_and_the_address_sets_the_controls(data_root):
    at = visit("movies", film="6")
    at.slider(key="movies.best").set_value(40).run()
    at.selectbox(key="movies.length").select(5).run()
    at.toggle(key="movies.voted").set_value(True).run()
    assert [said(at, name) for name in ("best", "length", "voted")] == [["40"], ["5"], ["yes"]]
    again = visit("movies", film="6", best="40", length="5", voted="yes")
    assert listed(again) == listed(at)
    at.slider(key="movies.best").set_value(0).run()
    assert "best" not in at.query_params


@pytest.mark.parametrize(
    "query",
    [
        {"how": "magic", "weight": "-5", "best": "1e9", "length": "7", "view": "nowhere", "side": "maybe"},
        {"weight": "٣", "best": "99999999999999999999", "via": "<b>", "films": "../../etc"},
    ],
)
def test_nonsense_in_the_address_is_harmless(data_root, query):
    at = visit("movies", film="6", **query)
    assert not at.exception
    assert listed(at) == listed(visit("movies", film="6"))


def test_walking_leaves_breadcrumbs_that_lead_back(data_root):
    at = visit("movies", film="6")
    walked = ["6"]
    for _ in range(3):
        following = listed(at)[0] if str(listed(at)[0]) not in walked else listed(at)[1]
        at = press(at, f"movies.similar.{following}")
        walked.append(str(following))
    assert said(at, "film") == [walked[-1]]
    assert said(at, "via") == walked[:-1]
    last = DEMO.frame.iloc[DEMO.ids.to_idx([int(walked[-1])])[0]]
    assert at.subheader[0].value.replace("\\", "") == film_label(dict(last))
    at = press(at, f"movies.walk.{walked[1]}")
    assert said(at, "film") == [walked[1]]
    assert said(at, "via") == walked[:1]


def test_titles_are_found_with_errors_and_surprises_are_other_films(data_root):
    at = visit("movies")
    at.text_input(key="movies.typed").set_value("the generl").run()
    found = [button.label for button in at.button if button.key.startswith("movies.find.")]
    assert any("The General" in label for label in found)
    at = press(at, f"movies.find.{film('The General')['movie_id']}")
    assert at.text_input(key="movies.typed").value == ""
    at = press(at, "movies.surprise")
    assert said(at, "film") != [str(film("The General")["movie_id"])]


def test_blanks_are_no_title_and_what_is_unlike_any_is_quoted(data_root):
    at = visit("movies")
    at.text_input(key="movies.typed").set_value("   ").run()
    assert "No title" not in words(at)
    at.text_input(key="movies.typed").set_value("...").run()
    assert "No title looks like “...”." in words(at).replace("\\", "")


def test_a_title_in_the_address_is_found_asked_back_or_guessed(data_root):
    assert visit("movies", film="the GENERAL").subheader[0].value.replace("\\", "") == "The General (1926)"
    guessed = visit("movies", film="The Generall")
    assert text("movies.unknown_guesses", asked="The Generall") in words(guessed)
    assert any(button.key == f"movies.guess.{film('The General')['movie_id']}" for button in guessed.button)
    titles = DEMO.frame["title"]
    twice = titles[titles.duplicated()].iloc[0]
    asked = visit("movies", film=twice)
    n = int((titles == twice).sum())
    assert len([button for button in asked.button if button.key.startswith("movies.which.")]) == n
    nobody = visit("movies", film="zzzzqqqq")
    assert text("movies.unknown", asked="zzzzqqqq") in words(nobody)


def test_a_film_without_overview_says_so_and_is_compared_by_the_rest(data_root):
    silent = DEMO.frame[DEMO.frame["overview"] == ""].iloc[0]
    at = visit("movies", film=str(silent["movie_id"]), how="overview")
    assert text("movies.no_overview") in words(at)
    assert text("movies.fell_back", method="Plot", used="Facts") in words(at)
    similar = ContentModel(TEXTS, "soup").similar_movies(silent["movie_id"], 10)
    assert listed(at) == similar.table["movie_id"].tolist()


def test_methods_side_by_side(data_root):
    at = visit("movies", film="6", side="yes")
    for method in ("overview", "soup", "both"):
        keys = [button.key for button in at.button if button.key.startswith(f"movies.side.{method}.")]
        expected = ContentModel(TEXTS, method).similar_movies(6, 10).table["movie_id"]
        assert [int(key.rpartition(".")[2]) for key in keys] == expected.tolist()


@pytest.mark.parametrize(
    "selection", [{}, {"genre": "Drama"}, {"decade": "1990"}, {"spoken": "fr"}, {"least": "50"}]
)
def test_the_chart_is_that_of_the_library_with_its_m_and_c(data_root, selection):
    at = visit("movies", view="charts", **selection)
    made = chart(
        DEMO,
        20,
        quantile=int(selection.get("least", 90)) / 100,
        genre=selection.get("genre"),
        decade=int(selection["decade"]) if "decade" in selection else None,
        language=selection.get("spoken"),
    )
    assert at.dataframe[0].value["movie_id"].tolist() == made.table["movie_id"].tolist()
    assert f"m = {whole(made.scale.least_votes)}" in words(at)
    assert f"C = {number(made.scale.mean_vote)}" in words(at)
    assert "French" in at.selectbox(key="movies.spoken").options


def test_memory_is_computed_for_this_catalogue_and_for_the_large_one(data_root):
    at = visit("movies", view="cost")
    shown = metrics(at)
    assert shown[text("movies.card_there")] == "16.54 GB"
    assert "8.27 GB" in words(at)
    assert shown[text("movies.card_here")] == size(similarity_memory(len(DEMO)).matrix_bytes)
    assert text("movies.not_measured") in words(at)


def test_the_verdict_on_dimensions_is_that_of_the_study(data_root):
    measured = measure_films(DEMO, created="2026-01-02T03:04:05+00:00", components=(5, 100), queries=10)
    save_measurements(data_root / "film_studies", measured)
    at = visit("movies", view="cost")
    verdict = judge_pca(measured.study)
    assert f"Coherent? {'Yes' if verdict.coherent else 'No'}." in words(at)
    speeds = {"faster": "Faster? Yes.", "slower": "Faster? No.", "same": "Faster? No difference"}
    assert speeds[verdict.speed] in words(at)
    assert f"keep {percent(verdict.kept)} of the variance" in words(at)
    assert size(measured.peak_bytes) in words(at)
    assert at.dataframe[0].value["overlap"].tolist() == measured.study.table["overlap"].tolist()


def test_the_catalogue_accounts_for_its_rows(data_root):
    at = visit("movies", view="catalogue")
    assert text("movies.fact_films", n=len(DEMO)) in words(at)
    assert "simulated from the ids" in words(at)
    assert at.dataframe[0].value["kept"].tolist() == [len(DEMO)]


def folder_of_films(tmp_path):
    folder = tmp_path / "my films"
    folder.mkdir()
    (folder / "movies.csv").write_text("movieId,title,genres\n1,Heat (1995),Crime\n2,Ronin (1998),Crime\n")
    (folder / "ratings.csv").write_text(
        "userId,movieId,rating,timestamp\n"
        + "".join(f"{user},{film},5.0,1\n" for user in (1, 2) for film in (1, 2))
    )
    return folder


WORDS = {
    "folder_missing": "There is no",
    "folder_nothing": "holds no catalogue",
    "folder_empty": "Write where",
    "folder_of_nobody": "Nobody's home",
}


def named(at, path):
    at.text_input(key="movies.folder").set_value(str(path)).run()
    return press(at, "movies.folder_use")


def remember(data_root, folder):
    (data_root / UPLOADS).mkdir()
    (data_root / UPLOADS / FOLDERS).write_bytes(msgspec.json.encode([str(folder)]))


def test_a_named_folder_is_shown_and_remembered(data_root, tmp_path):
    at = named(visit("movies", view="catalogue"), folder_of_films(tmp_path))
    assert said(at, "films") == ["movielens"]
    assert "MovieLens" in words(at)
    later = visit("movies", film="1", films="movielens", side="yes")
    assert not later.exception
    assert listed(later) == [2]
    assert text("movies.audience_chip", n=2) in words(later)


@pytest.mark.parametrize("model", AUDIENCE_MODELS)
def test_the_audience_is_that_of_the_chosen_model(data_root, tmp_path, model):
    folder = folder_of_films(tmp_path)
    (folder / "movies.csv").write_text(
        "movieId,title,genres\n" + "".join(f"{film},Film {film} (1990),Crime\n" for film in range(1, 7))
    )
    cells = [(user, film) for user in range(24) for film in range(1, 7) if (user + film) % 3]
    (folder / "ratings.csv").write_text(
        "userId,movieId,rating,timestamp\n" + "".join(f"{user},{film},5.0,1\n" for user, film in cells)
    )
    remember(data_root, folder)
    at = visit("movies", films="movielens", film="1", how="collaborative", audience=model)
    assert at.selectbox(key="movies.audience").value == model
    films = load_movies(MovieChoice("movielens", str(folder)), data_root=data_root)
    expected = CollaborativeModel(films, model).similar_movies(1, 10).table
    assert listed(at) == expected["movie_id"].tolist()
    assert percent(float(expected["similarity"].iloc[0])) in words(at)


def test_ratings_that_nobody_means_as_a_like_are_no_audience(data_root, tmp_path):
    folder = folder_of_films(tmp_path)
    (folder / "ratings.csv").write_text("userId,movieId,rating,timestamp\n1,1,2.0,1\n1,2,3.5,1\n")
    remember(data_root, folder)
    at = visit("movies", films="movielens", film="1", how="collaborative", side="yes")
    assert not at.exception
    assert not at.error
    assert listed(at) == [2]
    assert "movies.audience" not in [one.key for one in at.selectbox]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/no/such/folder", "folder_missing"),
        (".", "folder_nothing"),
        ("  ", "folder_empty"),
        ("~nosuchuser/x", "folder_of_nobody"),
    ],
)
def test_what_is_no_folder_of_films_is_refused_with_words(data_root, tmp_path, path, key):
    (tmp_path / "empty").mkdir()
    at = named(visit("movies", view="catalogue"), tmp_path / "empty" if path == "." else path)
    assert not at.exception
    assert at.error
    assert WORDS[key] in at.error[0].value
    assert "films" not in at.query_params
    assert not (data_root / UPLOADS / FOLDERS).exists()


def test_a_catalogue_that_cannot_be_read_is_told_and_others_can_be_chosen(data_root, tmp_path):
    folder = folder_of_films(tmp_path)
    remember(data_root, folder)
    (folder / "movies.csv").write_text("nonsense\n")
    at = visit("movies", films="movielens")
    assert not at.exception
    assert "movies.csv" in at.error[0].value.replace("\\", "")
    assert at.selectbox(key="movies.films").options == ["MovieLens latest-small", "Demo films"]
    at.selectbox(key="movies.films").select("demo").run()
    assert not at.error


def test_a_named_folder_that_may_not_be_looked_at_any_more_closes_nothing(data_root, tmp_path, monkeypatch):
    remember(data_root, folder_of_films(tmp_path))
    exists = Path.exists

    def refusing(path):
        if path.name == "my films":
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path)

    monkeypatch.setattr(Path, "exists", refusing)
    at = visit("movies")
    assert not at.exception
    assert at.selectbox(key="movies.films").options == ["Demo films"]


def test_own_films_with_titles_alone_can_be_looked_at(data_root, tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("title,year\nHeat,1995\nRonin,1998\n")
    at = named(visit("movies", view="catalogue"), table)
    assert said(at, "films")[0].startswith("file-")
    at = visit("movies", films=said(at, "films")[0], film="Heat")
    assert not at.exception
    assert text("movies.titles_only") in words(at)
    charts = visit("movies", films=said(at, "films")[0], view="charts")
    assert text("movies.chart_no_votes") in words(charts)


def test_films_whose_votes_are_not_counted_are_ranked_by_their_mean_and_the_page_says_so(data_root):
    content = b"title,genres,rating\nHeat,Crime,8\nRonin,Crime,7\nFargo,Crime,\n"
    columns = FilmColumns(title="title", genres="genres", vote_average="rating", separator=",")
    mine = {"films": key_of(store_movies(data_root, "mine.csv", content, columns))}
    at = visit("movies", film="1", **mine)
    assert text("movies.uncounted") in words(at)
    assert metrics(at)[text("movies.column_mean")] == "8.00 of 10"
    stars = [one.value for one in at.caption if one.value.startswith(":material/star:")]
    assert stars == [text("movies.row_rating", rating="7.0")], "none for the film without a vote"
    assert not [one for one in at.toggle if one.key == "movies.voted"]
    charts = visit("movies", view="charts", **mine)
    assert text("movies.chart_means", qualified=2, mean="7.50") in words(charts)
    assert charts.dataframe[0].value["title"].tolist() == ["Heat", "Ronin"]


def test_too_few_films_are_not_measured_and_a_copy_is_not_named_by_its_path(data_root):
    content = b"title,rating,votes\nHeat,,9\nRonin,,8\n"
    columns = FilmColumns(title="title", vote_average="rating", vote_count="votes", separator=",")
    choice = store_movies(data_root, "mine.csv", content, columns)
    mine = {"films": key_of(choice)}
    cost = visit("movies", view="cost", **mine)
    assert not cost.exception
    assert text("movies.too_few_to_measure", n=2, least=50) in words(cost)
    assert "16 bytes" in words(cost), "2 x 2 numbers of 4 bytes"
    assert not [button for button in cost.button if button.key == "movies.measure"]
    assert text("movies.chart_no_votes") in words(visit("movies", view="charts", **mine))
    facts = words(visit("movies", view="catalogue", **mine))
    assert text("movies.origin_brought") in facts
    assert str(data_root) not in facts.replace("\\", "")


def test_an_unknown_catalogue_is_told(data_root):
    at = visit("movies", films="kaggle")
    assert text("movies.catalogue_unknown", asked="kaggle", shown="Demo films") in words(at)


def test_changing_the_catalogue_keeps_the_film_if_it_is_there(data_root, tmp_path):
    remember(data_root, folder_of_films(tmp_path))
    at = visit("movies", films="movielens", film="1")
    at.selectbox(key="movies.films").select("demo").run()
    assert said(at, "film") == [str(film("Heat", 1995)["movie_id"])]
    assert text("movies.opening", title="Demo films") in [toast.value for toast in at.toast]
    at.selectbox(key="movies.films").select("movielens").run()
    assert said(at, "film") == ["1"]
    elsewhere = visit("movies", films="demo", film="6")
    elsewhere.selectbox(key="movies.films").select("movielens").run()
    assert said(elsewhere, "film") == []


@pytest.mark.parametrize(("code", "name"), [("fr", "French"), ("cn", "Cantonese"), ("Klingon!", "Klingon!")])
def test_languages_have_names(code, name):
    assert language_name(code) == name


def test_real_films_are_loaded_and_indexed_once(data_root, monkeypatch, tmdb_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(tmdb_dir))
    at = visit("movies", film="The Godfather")
    assert len(listed(at)) == 10
    for name in ("load_movies", "FilmTexts", "MovieSearch", "Standings"):
        monkeypatch.setattr(catalogue, name, None)
    at.run()
    assert not at.exception
    assert len(listed(at)) == 10


def test_methods_on_real_ratings(data_root, monkeypatch, movielens_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(movielens_dir))
    at = visit("movies", film="1", side="yes")
    methods = {button.key.split(".")[2] for button in at.button if button.key.startswith("movies.side.")}
    assert methods == {"soup", "collaborative", "hybrid"}
