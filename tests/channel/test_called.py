"""A buyer's tags: what the platform tells and what people set stay apart, and neither takes the other's away."""

from copilot.channel.called import LONGEST, MOST_TAGS, Tags, level_told, tags_told


def test_what_people_set_stays_whatever_the_platform_tells() -> None:
    tags = Tags(["VIP"]).changed(["老客"], [])
    assert tags.shown == ("VIP", "老客")
    assert tags._replace(told=[]).shown == ("老客",)
    assert tags._replace(told=["新客"]).shown == ("新客", "老客")


def test_what_people_took_off_stays_off_until_they_add_it_again() -> None:
    off = Tags(["VIP", "批发"]).changed([], ["VIP"])
    assert off.shown == ("批发",)
    assert off._replace(told=[])._replace(told=["VIP"]).shown == ()
    again = off._replace(told=[]).changed(["VIP"], [])
    assert again.shown == ("VIP",)
    assert again._replace(told=["VIP"]).shown == ("VIP",)


def test_a_tag_that_the_platform_tells_meanwhile_is_not_taken_off() -> None:
    assert Tags(["VIP"])._replace(told=["VIP", "批发"]).changed(["急"], ["VIP"]).shown == ("批发", "急")


def test_the_same_tag_of_both_is_shown_once() -> None:
    assert Tags(None, ["VIP"])._replace(told=["VIP"]).shown == ("VIP",)
    assert Tags(["VIP"]).changed(["VIP", "VIP", "急"], []).own == ["急"]


def test_what_is_told_is_kept_in_bounds() -> None:
    assert tags_told(None) is None
    assert tags_told([" VIP ", "", "VIP", "x" * (LONGEST + 1), "a\x00b"]) == ["VIP", "a\ufffdb"]
    assert len(tags_told(str(n) for n in range(100)) or ()) == MOST_TAGS
    assert (level_told(None), level_told("  "), level_told(" gold "), level_told("x" * 41)) == (None, "", "gold", None)
