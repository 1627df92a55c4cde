"""Judges the written text: policy and claim ledger. Fails closed: without a pack there is no draft."""

from copilot.domain.issue import Understanding
from copilot.domain.order import Product
from copilot.domain.plan import Plan
from copilot.flow.deps import Deps
from copilot.flow.goods import goods_of
from copilot.flow.judging import judge
from copilot.flow.masking import restore
from copilot.flow.shapes import Checked, Written


async def run(
    merchant: str,
    conversation: str,
    understanding: Understanding,
    plan: Plan,
    written: Written,
    deps: Deps,
    goods: tuple[Product, ...] = (),
) -> Checked:
    """The finished text with its verdict; ``goods`` are the products that a draft may name while they are on sale."""
    text = written.text
    if "⟨" in text:
        text = restore(text, await deps.conversations.get(merchant, conversation), deps.rules.profile)
    known = await goods_of(text, goods, deps)
    return judge(text, written.claims, understanding, plan, written.written_by, deps, known)
