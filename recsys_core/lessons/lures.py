"""The seminar's exercise on words: two lures somebody looked at, three things to show next."""

from __future__ import annotations

from typing import NamedTuple


class WordsExercise(NamedTuple):
    """Texts looked at and texts to choose from; the language of their stems, and words that say nothing."""

    viewed: tuple[str, ...]
    candidates: tuple[str, ...]
    language: str
    stop_words: tuple[str, ...]


# titles from a shop, as the seminar gives them
SEMINAR = WordsExercise(
    viewed=(
        "Приманка для рыбалки, воблер с глазами, искусственная приманка, для пластиковой твердой приманки, "
        "набор рыболовных снастей",
        "Джиг воблеры черви мягкие силиконовые приманки рыбный запах искусственные приманки плавающие "
        "приманки для окуня карпа рыболовные снасти",
    ),
    candidates=(
        "Мягкая приманка ARDEA пластиковая приманка в виде червя, силиконовая приманка в виде личинки, "
        "воблеры, приманки, искусственные приманки на окуня и щуку",
        "Мягкая резиновая приманка Рыболовные приманки Джиг Воблер Мягкий червь Карп Рыбалка приманки "
        "Искусственный силиконовый",
        "Приманка для рыбалки, качественная блесна, 3D глаза, пластиковая жесткая приманка, искусственный "
        "джиг, воблеры, приманка для рыбалки",
    ),
    language="russian",
    stop_words=("для", "с", "в", "на", "и"),
)
