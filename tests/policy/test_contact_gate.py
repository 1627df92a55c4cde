"""The literals that let an engine skip texts: nothing is found without one of them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.policy import Pack
from copilot.policy.contact import ContactFinder, gate_literals
from copilot.policy.model import Detect

_KINDS = (Detect.URL, Detect.EMAIL, Detect.HANDLE)
_PIECES = st.sampled_from(
    "goods 88 abc shop com net me io to it is at dot d0t 点 。 . · | , - ( ) [ ] 【 】 @ # 艾特 圈a / // : http "
    "https www t.me moc vx wx line ig 微信号 是 kf_88 是kf88 id 你好 end. It .com slash xyz top".split()
)
_TEXTS = st.lists(st.one_of(_PIECES, st.sampled_from([" ", "", "  "])), max_size=12).map("".join)
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=800)


@relaxed
@given(_TEXTS)
def test_no_address_and_no_account_without_a_gate_literal(pack: Pack, text: str) -> None:
    finder = ContactFinder(pack.folder.tables.digits)
    folded = pack.folder.fold(text)
    if finder.find(folded, _KINDS, ()):
        assert any(literal in folded.base for literal in gate_literals()), text


def test_ordinary_sentences_open_no_gate(pack: Pack) -> None:
    for text in ("It arrives tomorrow. It is on the way", "亲,这款是V领的。您要几件", "Thanks! In stock, so no wait."):
        base = pack.folder.fold(text).base
        assert not [literal for literal in gate_literals() if literal in base and literal not in {"v"}], text
