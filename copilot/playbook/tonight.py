"""Which product of tonight's stream a buyer means who named none: "这个有货吗", "the one she's wearing".

Owns that a product on show goes before others where no card was sent and nothing else was named; refuses to choose
between several on show, and to read one into words that name another thing.
"""

from copilot.playbook.situation import Situation, on_sale
from copilot.playbook.words import Words


def tonights(situation: Situation, words: Words) -> str | None:
    """The id of the product on show that the turn is about; None when it is about another one or nobody knows."""
    shown = [product for product in situation.products or () if product.live_pinned and on_sale(product)]
    if len(shown) != 1 or situation.product_cards or situation.order is not None or situation.candidates:
        return None
    if situation.named_product is not None:
        return None
    return shown[0].id if words.points(situation.text) else None
