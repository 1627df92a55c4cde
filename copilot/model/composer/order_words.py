"""How templates speak of several orders of a buyer: which of them is meant, and when each of them ships."""

from copilot.model.composer.goods_words import GoodsWords
from copilot.model.composer.sentences import NotSayable
from copilot.model.composer.spans import bare


class OrderWords(GoodsWords):
    """The printing functions over more than one order."""

    def candidates(self) -> str:
        """The orders that the buyer may mean: 昨天拍的杯子和11月3日拍的碗."""
        said: list[str] = []
        for key in self.known.ids("order.*.item.1.name"):
            order = key.removesuffix(".item.1.name")
            name, day = self._product(key), self.on(f"{order}.created_at")
            said.append(f"{day}拍的{name}" if self.wording.language == "zh" else f"the {name} you ordered {day}")
        if len(said) < 2:
            raise NotSayable("there are no candidates")
        return self.wording.join(said, "还是" if self.wording.language == "zh" else "or")

    def each_ships(self) -> str:
        """Each waiting order with its last day: 帆布鞋最晚11月26日，碗最晚27日 · the mug ships by Nov 26 and the …."""
        zh = self.wording.language == "zh"
        keys = [(key, f"{key.removesuffix('.item.1.name')}.ship_by") for key in self.known.ids("order.*.item.1.name")]
        told = [(self._product(key), self.by(due)) for key, due in keys if self.has(due)]
        if len(told) < 2:
            raise NotSayable("there are no orders to tell apart")
        names = [name if zh else f"the {name}" for name, _ in told]
        if len({bare(due) for _, due in told}) == 1:
            every = "" if zh else "both " if len(told) == 2 else "all "
            joined = self.wording.join(names, "和" if zh else "and")
            return f"{joined}都是{told[0][1]}" if zh else f"{joined} {every}ship {told[0][1]}"
        if zh:
            return "，".join(f"{name}{due}" for name, due in told)
        return self.wording.join([f"the {name} ships {due}" for name, due in told], "and")
