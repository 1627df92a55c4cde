"""How templates speak of several orders of a buyer: which of them is meant, and when each of them ships."""

import re
from datetime import date

from copilot.model.composer.goods_words import GoodsWords
from copilot.model.composer.names import short_event
from copilot.model.composer.sentences import NotSayable
from copilot.model.composer.spans import bare

_OUT_NOW = re.compile(r"派送|派件|配送中|\bout for delivery\b|\bwith (?:the )?(?:driver|courier)\b", re.IGNORECASE)
"""A carrier's words for a parcel that is handed over this very day."""
_DAY = len("2026-11-22")
NOT_YET = "hasn't shipped yet"


class OrderWords(GoodsWords):
    """The printing functions over more than one order."""

    def candidates(self) -> str:
        """The orders that the buyer may mean: 昨天拍的杯子和11月3日拍的碗."""
        keys = self.known.ids("order.*.item.1.name")
        days = [(self.known.text(key), self._ordered(key)[:_DAY]) for key in keys]
        said: list[str] = []
        for key, day_said in zip(keys, days, strict=True):
            at = f"{key.removesuffix('.item.1.name')}.created_at"
            # The day tells them apart, else the hour does.
            day = self.when(at) if days.count(day_said) > 1 else self.on(at)
            name = self._in_variant(
                key, [one for one, (thing, _) in zip(keys, days, strict=True) if thing == day_said[0]]
            )
            said.append(f"{day}拍的{name}" if self.wording.language == "zh" else f"the {name} you ordered {day}")
        if len(said) < 2:
            raise NotSayable("there are no candidates")
        return self.wording.join(said, "还是" if self.wording.language == "zh" else "or")

    def _ordered(self, name: str) -> str:
        """When the order of that name was placed, as its fact writes it."""
        return self.known.text(f"{name.removesuffix('.item.1.name')}.created_at")

    def _in_variant(self, name: str, alike: list[str]) -> str:
        """The thing, with its size or colour where others of its name have another one."""
        skus = {key: self.known.find(key.replace(".name", ".sku")) for key in alike}
        own, others = skus[name], {None if one is None else str(one.value) for one in skus.values()}
        said = self._product(name)
        at = name.replace(".name", ".sku")
        if own is None or len(others) < len(alike) or len(alike) < 2 or not self.can_say(lambda: self.fact(at)):
            return said
        return f"{said}（{self.fact(at)}）" if self.wording.language == "zh" else f"{said} ({self.fact(at)})"

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

    def each_parcel(self) -> str:
        """How far each parcel is: 床单预计今天到；锅还没寄出 · the sheets are expected today; the pan …."""
        zh = self.wording.language == "zh"
        told = [self._parcel(key) for key in self.known.ids("order.*.item.1.name")]
        if len(told) < 2:
            raise NotSayable("there are no parcels to tell apart")
        return "；".join(told) if zh else "; ".join(told)

    def come_today(self) -> str:
        """What is expected or out for delivery today: 床单 · the sheets and the pan."""
        names = [key for key in self.known.ids("order.*.item.1.name") if self._is_due(key)]
        if not names:
            raise NotSayable("nothing is expected today")
        zh = self.wording.language == "zh"
        said = [self._product(key) if zh else f"the {self._product(key)}" for key in names]
        return self.wording.join(said, "和" if zh else "and")

    def comes_today(self) -> bool:
        """Whether anything is expected or out for delivery today."""
        return any(self._is_due(key) for key in self.known.ids("order.*.item.1.name"))

    def _is_due(self, name: str) -> bool:
        at = self._shipment(name)
        if at is None:
            return False
        eta, scan = self.known.find(f"{at}.eta"), self.known.find(f"{at}.last_event.at")
        if eta is not None and date.fromisoformat(str(eta.value)) == self.wording.today:
            return True
        out = scan is not None and _OUT_NOW.search(self.known.text(f"{at}.last_event.text")) is not None
        return out and date.fromisoformat(str(scan.value)[:10]) == self.wording.today if scan is not None else False

    def _shipment(self, name: str) -> str | None:
        """The prefix of the facts of an order's parcel."""
        fact = self.known.find(f"{name.removesuffix('.item.1.name')}.shipment")
        return None if fact is None else f"shipment.{fact.value}"

    def _parcel(self, name: str) -> str:
        """Where one order's parcel is."""
        zh, at = self.wording.language == "zh", self._shipment(name)
        thing = self._product(name) if zh else f"the {self._product(name)}"
        if at is None:
            status = f"{name.removesuffix('.item.1.name')}.status"
            return f"{thing}{self.state(status, '还没寄出')}" if zh else f"{thing} {self.state(status, NOT_YET)}"
        if self.ahead(f"{at}.eta"):
            day = self.day(f"{at}.eta")
            return f"{thing}预计{day}到" if zh else f"{thing} is expected {self.on(f'{at}.eta')}"
        text = f"{at}.last_event.text"
        sayable = self.has(text) and self.can_say(lambda: short_event(self.known.text(text), self.wording.language))
        if sayable and self.has(f"{at}.last_event.at"):
            said = short_event(self.known.text(text), self.wording.language)
            quoted, when = self.known.said(text, said), self.at(f"{at}.last_event.at")
            return f"{thing}最新一条物流是“{quoted}”（{when}）" if zh else f"{thing}'s last scan is “{quoted}” ({when})"
        status = f"{name.removesuffix('.item.1.name')}.status"
        return f"{thing}{self.state(status, '已经寄出')}" if zh else f"{thing} {self.state(status, 'has shipped')}"
