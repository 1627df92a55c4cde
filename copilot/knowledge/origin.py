"""What an edit does to a preset: it stays one, keeps the words it came with, and can be set back to them."""

from copilot.domain.knowledge import Entry, Origin, Original


def edited(entry: Entry, before: object) -> Entry:
    """``entry`` as it is stored in place of ``before`` (None: it is new).

    An entry that says where it comes from is taken at its word (an import of an export must give the same). Any other
    one is an edit by a person: what was a preset stays one, and its first words are kept.
    """
    if "origin" in entry.model_fields_set:
        return entry
    if not isinstance(before, Entry) or before.origin is Origin.OWN:
        return entry.model_copy(update={"origin": Origin.OWN, "original": None})
    original = before.original or words_of(before)
    kept = None if words_of(entry) == original else original
    return entry.model_copy(update={"origin": Origin.PRESET, "original": kept})


def set_back(entry: Entry) -> Entry:
    """A preset with the words it came with; anything else as it is."""
    if entry.original is None:
        return entry
    words = entry.original
    return entry.model_copy(
        update={"question": words.question, "similar": words.similar, "answer": words.answer, "original": None}
    )


def words_of(entry: Entry) -> Original:
    """What an entry says."""
    return Original(question=entry.question, similar=entry.similar, answer=entry.answer)
