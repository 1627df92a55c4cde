"""A dictionary trie: slow, plain, and the reference for the automaton."""

from collections.abc import Iterable


class Trie:
    def __init__(self, words: Iterable[str]) -> None:
        self.root: dict[str, dict] = {}  # type: ignore[type-arg]
        for number, word in enumerate(words):
            node = self.root
            for character in word:
                node = node.setdefault(character, {})
            node.setdefault("", set()).add(number)

    def matches(self, text: str) -> set[tuple[int, int, int]]:
        found: set[tuple[int, int, int]] = set()
        for start in range(len(text)):
            node = self.root
            for end in range(start, len(text)):
                if text[end] not in node:
                    break
                node = node[text[end]]
                found |= {(number, start, end + 1) for number in node.get("", ())}
        return found
