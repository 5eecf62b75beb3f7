"""Changes of the profile's parts by administrators: journalled, checked as the profile is, in effect at once."""

from collections.abc import Sequence
from typing import Any

import structlog

from queue_server.config import structure
from queue_server.config.structure import Part, UnknownPart
from queue_server.domain.entries import Kind
from queue_server.domain.staffing import name_of
from queue_server.domain.switches import StructureChange, evolve_switch
from queue_server.domain.ticket import Refused
from queue_server.hall.parts import Parts
from queue_server.hall.terms import Caller, Decision, Draft, Unknown, Written, some
from queue_server.snapshot import View, jst

log = structlog.get_logger()


class Structure(Parts):
    """The site as the profile and its administrators describe it."""

    def structure(self) -> View:
        """Every part that can be changed: its value, the profile's own, and its revision."""
        with self._store.lock:
            return {"parts": [self._present_part(part, part_id) for part, part_id in self._part_ids()]}

    def structure_changes(self) -> dict[tuple[Part, str], Any]:
        """The values that count now where administrators changed the profile."""
        with self._store.lock:
            return dict(self._surviving)

    def change_structure(self, caller: Caller, part: str, part_id: str, value: Any, revision: int) -> View:
        """Put a value in the place of a part; a value equal to the profile's own takes the change back.

        `revision` is that of the part which the caller has seen. Raises Unknown("part"),
        Refused("structure_changed" with the part as it is), ChangesRefused, StorageUnavailable.
        """

        def decide(_now: Any) -> Decision:
            kind, base = self._known_part(part, part_id)
            present = self._change_of(kind, part_id)
            if (present.seq if present else 0) != revision:
                raise Refused("structure_changed", part=self._present_part(kind, part_id))
            changes = {**self._surviving, (kind, part_id): value}
            structure.with_changes(self._profile_text, {self.site.id: changes})
            body = {"part": kind.value, "id": part_id, "value": structure.tidied(kind, part_id, value), "base": base}

            def answer(written: Sequence[Written]) -> View:
                entry = written[0].entry
                switch = evolve_switch(None, entry)
                change = switch if isinstance(switch, StructureChange) else None
                return {"part": _part_view(kind, part_id, base, change)}

            return Decision([Draft(Kind.CHANGE_STRUCTURE, body=body)], answer)

        return some(self.command(caller, ["change_structure", part, part_id, value, revision], decide))

    def check_structure(self, part: str, part_id: str, value: Any) -> None:
        """Raise what `change_structure` would raise of a value, and change nothing.

        Raises Unknown("part"), ChangesRefused.
        """
        with self._store.lock:
            kind, _ = self._known_part(part, part_id)
            structure.with_changes(self._profile_text, {self.site.id: {**self._surviving, (kind, part_id): value}})

    # -- parts -----------------------------------------------------------------------------------

    def _build_site(self) -> None:
        """Make the site anew; where the reviewed profile has changed since, the profile wins."""
        kept = {(Part(each.part), each.id): (each.value, each.base) for each in self._day.structure}
        self._surviving: dict[tuple[Part, str], Any] = {}
        super()._build_site()
        if not kept:
            return
        found = structure.surviving(self._profile_text, self.site.id, kept)
        for (part, part_id), why in found.dropped.items():
            log.warning("structure_change_superseded", site=self.site.id, part=part, id=part_id, reason=why)
        self._surviving = dict(found.changes)
        self.site = found.city.sites[self.site.id]

    def _part_ids(self) -> list[tuple[Part, str]]:
        named = [(part, part_id) for part, part_id, _ in structure.parts_of(self._profile_text, self.site.id)]
        return named + [key for key in self._surviving if key not in named]

    def _known_part(self, part: str, part_id: str) -> tuple[Part, Any]:
        """The part and the profile's own value of it."""
        try:
            kind = Part(part)
            return kind, structure.profile_value(self._profile_text, self.site.id, kind, part_id)
        except (ValueError, UnknownPart) as error:
            raise Unknown("part") from error

    def _change_of(self, part: Part, part_id: str) -> StructureChange | None:
        if (part, part_id) not in self._surviving:
            return None
        return next(each for each in self._day.structure if (each.part, each.id) == (part.value, part_id))

    def _present_part(self, part: Part, part_id: str) -> View:
        own = structure.profile_value(self._profile_text, self.site.id, part, part_id)
        return _part_view(part, part_id, own, self._change_of(part, part_id))


def _part_view(part: Part, part_id: str, own: Any, change: StructureChange | None) -> View:
    """A part as it is; `own` is the profile's own value."""
    return {
        "part": part.value,
        "id": part_id,
        "value": change.value if change else own,
        "profile": own,
        "revision": change.seq if change else 0,
        "changed_by": name_of(change.actor) if change else None,
        "changed_at": jst(change.at) if change else None,
    }
