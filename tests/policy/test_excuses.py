"""What keeps a rule quiet is looked for only where one of its words stands, and never missed for that."""

import pytest

from copilot.assets import policy_folders
from copilot.policy import CheckContext, Origin, Pack, Speaker
from copilot.policy.load import open_folders
from copilot.policy.model import Case
from copilot.policy.surroundings import Excuses
from copilot.policy.words import WordList

Asked = list[tuple[Excuses, str, int, int]]


class _Everywhere(WordList):
    def touched(self, text: str) -> bool:
        return True


@pytest.fixture(scope="module")
def asked(pack: Pack) -> Asked:
    """Every match in the rules' own cases for which an excuse was looked for, and the same texts put together."""
    rules = [sourced.rule for sourced in open_folders(policy_folders()).rules().values()]
    cases = [case for rule in rules for case in (*rule.cases.violates, *rule.cases.allowed)]
    texts = sorted({case.text if isinstance(case, Case) else case for case in cases})[::3]
    texts += [f"{first}，{second}" for first, second in zip(texts, texts[7:], strict=False)]
    found: Asked = []
    whole = Excuses.excused
    with pytest.MonkeyPatch.context() as patch:

        def noted(excuses: Excuses, text: str, start: int, end: int) -> bool:
            found.append((excuses, text, start, end))
            return whole(excuses, text, start, end)

        patch.setattr(Excuses, "excused", noted)
        for speaker in Speaker:
            pack.check_many(texts, CheckContext(speaker=speaker, origin=Origin.ARCHIVE))
    return found


def test_a_look_at_everything_near_misses_no_excuse_and_saves_most_looks(asked: Asked) -> None:
    looks: list[str] = []
    found = WordList.found
    with pytest.MonkeyPatch.context() as patch:

        def noted(words: WordList, text: str) -> bool:
            looks.append(text)
            return found(words, text)

        patch.setattr(WordList, "found", noted)
        short = [excuses.excused(text, start, end) for excuses, text, start, end in asked]
        few = len(looks)
        for excuses in {id(one): one for one, *_ in asked}.values():
            patch.setitem(excuses.__dict__, "_any", _Everywhere(()))
        whole = [excuses.excused(text, start, end) for excuses, text, start, end in asked]
    assert short == whole
    assert 100 < sum(whole) < len(whole)
    assert 2 * few < len(looks) - few


def test_rules_share_the_word_lists_that_they_have_in_common(pack: Pack) -> None:
    lists = [judge._excuses.no_refusal for judge in pack._judges if judge._excuses is not None]
    assert len({id(words) for words in lists}) == len({words.words for words in lists}) < len(lists)
