"""The platform's clock: dated numbers, deadlines, business days; no platform number stands in code.

Owns the reading of ``policies/profiles`` and all arithmetic on days in a shop's zone. Never asks for the time itself
and decides nothing about what may be said.
"""

from copilot.clock.contact import may_write_first
from copilot.clock.days import Calendar, ShopCalendar, shop_zone
from copilot.clock.deadline import Reply, burst_closes, can_reply, draft_deadline
from copilot.clock.lint import lint
from copilot.clock.notices import dates_unsure, notices_for, ship_by
from copilot.clock.profiles import Profile, load_profile, profile_names, shop_calendar, zone_of
from copilot.clock.review import Review, review_of

__all__ = [
    "Calendar",
    "Profile",
    "Reply",
    "Review",
    "ShopCalendar",
    "burst_closes",
    "can_reply",
    "dates_unsure",
    "draft_deadline",
    "lint",
    "load_profile",
    "may_write_first",
    "notices_for",
    "profile_names",
    "review_of",
    "ship_by",
    "shop_calendar",
    "shop_zone",
    "zone_of",
]
