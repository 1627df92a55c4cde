"""What an adapter's tests and the demo are made of: an emulator of the platform, its faults, its shoppers, a server."""

from copilot.sdk.testing.buyers import Buyer, play
from copilot.sdk.testing.chats import Chats, Line, Said, Shopper, Thread
from copilot.sdk.testing.cut import Cut
from copilot.sdk.testing.emulator import AtOrder, Emulator, HandedIn, Noted, Placed
from copilot.sdk.testing.faults import Fault, Faults
from copilot.sdk.testing.pusher import Delivered, Push, Pusher
from copilot.sdk.testing.serving import serve

__all__ = [
    "AtOrder",
    "Buyer",
    "Chats",
    "Cut",
    "Delivered",
    "Emulator",
    "Fault",
    "Faults",
    "HandedIn",
    "Line",
    "Noted",
    "Placed",
    "Push",
    "Pusher",
    "Said",
    "Shopper",
    "Thread",
    "play",
    "serve",
]
