"""Whether a shop may write first about an order: a question to the platform's profile, before the platform is asked."""

from datetime import datetime, timedelta

from copilot.clock.schema import Profile


def may_write_first(profile: Profile, ordered_at: datetime | None, now: datetime, *, under_return: bool) -> bool:
    """Whether a shop may write first at ``now`` about an order that was made at ``ordered_at``.

    Within ``session.order_window_days`` of it, or while a return, refund or exchange of it is open (``under_return``).
    Where the platform has no such rule, or nobody knows when the order was made, the platform alone decides.
    """
    days = profile.session.order_window_days
    if days is None or ordered_at is None or under_return:
        return True
    return now - ordered_at <= timedelta(days=days.value)
