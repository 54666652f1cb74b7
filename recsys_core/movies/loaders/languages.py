"""Names of languages as codes of ISO 639, so that catalogues can be filtered alike."""

from __future__ import annotations

_CODES = {
    "arabic": "ar",
    "aramaic": "arc",
    "bosnian": "bs",
    "bulgarian": "bg",
    "cantonese": "cn",
    "chinese": "zh",
    "croatian": "hr",
    "czech": "cs",
    "danish": "da",
    "dari": "prs",
    "dutch": "nl",
    "dzongkha": "dz",
    "english": "en",
    "filipino": "tl",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "greek": "el",
    "hebrew": "he",
    "hindi": "hi",
    "hungarian": "hu",
    "icelandic": "is",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "kannada": "kn",
    "kazakh": "kk",
    "korean": "ko",
    "mandarin": "zh",
    "mongolian": "mn",
    "norwegian": "no",
    "panjabi": "pa",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "slovenian": "sl",
    "spanish": "es",
    "swahili": "sw",
    "swedish": "sv",
    "tamil": "ta",
    "telugu": "te",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "urdu": "ur",
    "vietnamese": "vi",
    "zulu": "zu",
}


def language_code(name: str) -> str:
    """Return the code of an English name of a language, "cn" for Cantonese as TMDB writes it.

    Codes and names that are not known come back as they are, "None" (silent films) as "".
    """
    plain = name.strip().casefold()
    return "" if plain in ("", "none") else _CODES.get(plain, name.strip())
