"""The wishes to be told, kept beside the journal and never in it."""

from queue_server.domain.nearness import Nearness, NoticeKind
from queue_server.storage import subscriptions
from queue_server.storage.database import Store
from queue_server.storage.subscriptions import Channel, Subscription

MOST_WISHES = 5
"""The most wishes of one ticket: a family may follow it on several phones."""

Key = tuple[str, str, str]


class Wishes:
    """All wishes of one data directory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, wish: Subscription) -> bool:
        """Keep a wish, or bring the same one up to date; False when its ticket has MOST_WISHES others.

        A ticket has one mail address: a second one takes the place of the first. Raises StorageUnavailable.
        """
        with self._store.transaction() as db:
            others = [each for each in subscriptions.subscriptions_of_ticket(db, wish.ticket) if each.key != wish.key]
            if wish.channel is Channel.MAIL:
                former = [each for each in others if each.channel is Channel.MAIL]
                subscriptions.forget_subscriptions(db, (each.key for each in former))
                others = [each for each in others if each not in former]
            if len(others) >= MOST_WISHES:
                return False
            subscriptions.store_subscription(db, wish)
            return True

    def stop(self, ticket: str, channel: Channel, address: str | None = None) -> None:
        """Forget the wishes of a ticket on one channel, or only that with an address; raises StorageUnavailable."""
        with self._store.transaction() as db:
            found = subscriptions.subscriptions_of_ticket(db, ticket)
            meant = [each for each in found if each.channel is channel and address in (None, each.address)]
            subscriptions.forget_subscriptions(db, (each.key for each in meant))

    def choose(self, ticket: str, near: Nearness) -> None:
        """Tell a ticket's holder from another moment on, by every channel; raises StorageUnavailable."""
        with self._store.transaction() as db:
            subscriptions.choose_near(db, ticket, near)

    def ways(self, ticket: str) -> list[str]:
        """By which channels a ticket's holder is told, in the order of Channel."""
        with self._store.looking_up() as db:
            found = {each.channel for each in subscriptions.subscriptions_of_ticket(db, ticket)}
        return [channel.value for channel in Channel if channel in found]

    def of_site(self, site: str) -> list[Subscription]:
        """Every wish at a site."""
        with self._store.looking_up() as db:
            return subscriptions.subscriptions_of_site(db, site)

    def find(self, key: Key) -> Subscription | None:
        """The wish with this key, as it now is."""
        with self._store.looking_up() as db:
            return subscriptions.find_subscription(db, key)

    def forget(self, key: Key) -> None:
        """Forget one wish; raises StorageUnavailable."""
        with self._store.transaction() as db:
            subscriptions.forget_subscriptions(db, [key])

    def forget_address(self, channel: Channel, address: str) -> None:
        """Forget all wishes of an address on a channel; raises StorageUnavailable."""
        with self._store.transaction() as db:
            subscriptions.forget_address(db, channel, address)

    def note_told(self, key: Key, kind: NoticeKind, call_seq: int) -> None:
        """Remember that a notice was sent; raises StorageUnavailable."""
        with self._store.transaction() as db:
            subscriptions.note_told(db, key, kind, call_seq)

    def forget_ended(self) -> None:
        """Forget every wish whose ticket has ended; writes only where there is one. Raises StorageUnavailable."""
        with self._store.looking_up() as db:
            if not subscriptions.any_ended(db):
                return
            with self._store.transaction() as db:
                subscriptions.forget_ended(db)
