"""The hall's screens say that they are alive; staff see which of them are, and since when."""

from queue_server.domain.boards import heard, says_news
from queue_server.hall.parts import Parts
from queue_server.hall.terms import Unknown


class Screens(Parts):
    """What screens report."""

    def report_screen(self, screen_id: str, page: str) -> None:
        """Note that a page of this screen is alive; staff are shown it where it came back or is another one.

        It is news and no record: nothing is journalled. Raises Unknown("screen").
        """
        if screen_id not in self.site.screens:
            raise Unknown("screen")
        with self._store.lock:
            now = self._clock.now()
            before = self._screen_states.get(screen_id)
            after = heard(before, page, now)
            self._screen_states = {**self._screen_states, screen_id: after}
            news = says_news(before, after, now)
            if news:
                self._renew(now)
        if news:
            self.tell()
