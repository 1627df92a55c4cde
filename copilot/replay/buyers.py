"""A fair sample of what buyers say, for the report's hot issues; the same however the run was cut."""

from heapq import heapify, heapreplace
from operator import itemgetter
from zlib import crc32

from copilot.replay.masking import shown_whole
from copilot.replay.said import Said
from copilot.replay.totals import BUYER_SAMPLES, Totals

_LONGEST = 300
_SHORTEST = 4
_TOP = 0xFFFFFFFF


class BuyerSample:
    """Offers the messages with the smallest hash of their place.

    It remembers how small a hash has to be, so that nearly all messages cost one comparison. What it remembers depends
    on the pieces that this process got, so it may only leave out what no sample can hold.
    """

    def __init__(self, market: str | None, masked: bool) -> None:
        """``market`` picks the formats of personal data."""
        self._market, self._masked = market, masked
        # Distinct ones: a conversation that comes again must not take the place of another.
        self._smallest = [-_TOP - 1 - at for at in range(BUYER_SAMPLES)]
        heapify(self._smallest)
        self._held = set(self._smallest)

    def add(self, totals: Totals, archive: str, said: list[Said]) -> None:
        """Offer messages of one piece; texts too short to be about anything are left out."""
        before, seed = "", 0
        offered: list[tuple[str, Said]] = []
        for one in said:
            if one.conversation != before or not before:
                before, seed = one.conversation, crc32(one.conversation.encode("utf-8", "replace"))
            place = (seed + one.position * 0x9E3779B1) * 0x85EBCA6B & _TOP
            if place > -self._smallest[0] or len(one.text) < _SHORTEST:
                continue
            if -place not in self._held:
                self._held.add(-place)
                self._held.discard(heapreplace(self._smallest, -place))
            offered.append((f"{place:08x}|{archive}|{one.line:010d}|{one.position:010d}", one))
        # The smallest first: no example is made, which means masked, that a later one would push out.
        for key, one in sorted(offered, key=itemgetter(0)):
            totals.buyers.offer(key, lambda one=one: self._sample(one))

    def _sample(self, said: Said) -> dict[str, str]:
        # A number that the first cut goes through lies behind the second.
        text = shown_whole(said.text[: 2 * _LONGEST], self._market, self._masked)
        return {"text": text[:_LONGEST], "week": said.when.week, "shop": said.shop}
