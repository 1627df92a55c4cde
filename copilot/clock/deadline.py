"""When a draft must be there, when a burst is complete, and whether a reply can still be sent.

Owns the questions that intake and the desk ask of a profile; takes every moment as an argument.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from copilot.clock.schema import Profile


def draft_deadline(received_at: datetime, profile: Profile) -> datetime:
    """When a draft for a message that reached us at ``received_at`` must be on the agent's card.

    The platform's clock minus the agent's time to read; never before the message itself.
    """
    seconds = profile.draft.clock_seconds.value - profile.draft.review_margin_seconds.value
    return received_at + timedelta(seconds=max(seconds, 0))


def answer_deadline(waiting_since: datetime, now: datetime, profile: Profile) -> datetime:
    """When a buyer who waits since ``waiting_since`` must have an answer: the next of the platform's clocks to run out.

    When all have run out, the last one that did.
    """
    seconds = sorted({profile.draft.clock_seconds.value, *(r.within_seconds.value for r in profile.responses.values())})
    ends = [waiting_since + timedelta(seconds=value) for value in seconds]
    return next((end for end in ends if end > now), ends[-1])


def burst_closes(first: datetime, last: datetime, profile: Profile) -> datetime:
    """When the burst from ``first`` to ``last`` counts as complete: quiet for long enough, or the cap."""
    quiet = last + timedelta(seconds=profile.draft.quiet_seconds.value)
    return min(quiet, first + timedelta(seconds=profile.draft.burst_cap_seconds.value))


@dataclass(frozen=True)
class Reply:
    """Whether a reply can be sent; ``rule`` names the profile's number that forbids it, ``until`` when it ends."""

    possible: bool
    until: datetime | None = None
    rule: str | None = None


def can_reply(
    profile: Profile, now: datetime, last_message: datetime | None, last_order: datetime | None = None
) -> Reply:
    """Whether the platform still takes a reply at ``now``.

    ``last_message`` is the buyer's last message, ``last_order`` when the buyer's latest order was made. A conversation
    without times counts as current, a platform without a window as always open; an order window, where there is
    one, keeps the chat open longer.
    """
    windows = (
        (last_message, profile.session.reply_window_days, "session.reply_window_days"),
        (last_order, profile.session.order_window_days, "session.order_window_days"),
    )
    if profile.session.reply_window_days is None or last_message is None:
        return Reply(possible=True)
    ends = [start + timedelta(days=days.value) for start, days, _ in windows if start is not None and days is not None]
    until = max(ends)
    return Reply(possible=True, until=until) if now < until else Reply(False, until, "session.reply_window_days")
