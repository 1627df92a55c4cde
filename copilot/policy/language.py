"""Which language a text is in, as far as its characters and a few small words tell."""


def language_of(text: str) -> str | None:
    """The language code of ``text``, or null when it cannot be told."""
    if any("\u4e00" <= character <= "\u9fff" for character in text):
        return "zh"
    return "en" if any(character.isascii() and character.isalpha() for character in text) else None
