"""Telling a ticket's holder outside the page: by Web Push, mail and LINE, after the commit, each notice once.

`push`, `vapid`, `mail` and LINE's modules are imported where they are switched on, so that others do not pay.
"""

from queue_server.notify.linking import Linked, Linking
from queue_server.notify.notifier import WORKERS, Notifier
from queue_server.notify.services import PushServices, UnknownPushService
from queue_server.notify.terms import Message, Name, Notice, Offer, Outcome, Sender
from queue_server.notify.wishes import MOST_WISHES, Wishes
from queue_server.storage.subscriptions import Channel, Subscription

__all__ = [
    "MOST_WISHES",
    "WORKERS",
    "Channel",
    "Linked",
    "Linking",
    "Message",
    "Name",
    "Notice",
    "Notifier",
    "Offer",
    "Outcome",
    "PushServices",
    "Sender",
    "Subscription",
    "UnknownPushService",
    "Wishes",
]
