"""What a kiosk needs in order to go on by itself, as `GET /api/sites/{site}/kiosk` tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from queue_server.config import ProfileError
from queue_server.config.structure import Part, UnknownPart, with_changes
from queue_server.config.tables import DOTS_OF_PAPER
from queue_server.domain.site import CityProfile, KioskMachine, Site


class UnusableSetup(ValueError):  # noqa: N818 - a state that is logged
    """What the server told cannot be used here: it is of another version, or does not know this site."""


@dataclass(frozen=True, slots=True)
class PrinterChoice:
    """What the command line says of the printer in the profile's place; None leaves what the profile says."""

    address: str | None = None
    paper: int | None = None


@dataclass(frozen=True, slots=True)
class GivenAlone:
    """By series, the numbers that kiosks gave out by themselves on a day, as far as the server knows them."""

    business_day: date | None = None
    numbers: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def on(self, day: date) -> Mapping[str, frozenset[int]]:
        """Those of this day."""
        return self.numbers if day == self.business_day else {}


@dataclass(frozen=True, slots=True)
class Setup:
    """The city and the site with administrators' changes, this machine in it, and what opens its staff mode."""

    profile: CityProfile
    site: Site
    machine: KioskMachine | None
    """None where the profile does not name the device whose token this is; it then has no reserve."""
    pin_hash: str | None
    public_url: str
    told: datetime
    simulated: bool
    source: tuple[Any, ...]
    """What it was made from: the same source makes the same setup."""
    given_alone: GivenAlone = field(default_factory=GivenAlone)


def read_setup(raw: Mapping[str, Any], site_id: str, printer: PrinterChoice, last: Setup | None = None) -> Setup:
    """The setup in an answer of the server; `last` is taken over where the answer says the same as before.

    Raises UnusableSetup.
    """
    try:
        told = datetime.fromisoformat(raw["now"])
        source = (raw["profile"], raw["changes"], raw["kiosk"])
        pin_hash, public_url, simulated = raw["pin"], str(raw["public_url"]), bool(raw.get("simulated", False))
        given_alone = _given_alone(raw.get("given_alone"))
        if told.utcoffset() is None:
            raise UnusableSetup("a time without its offset")
        if last is not None and last.source == source:
            return replace(
                last,
                pin_hash=pin_hash,
                public_url=public_url,
                told=told,
                simulated=simulated,
                given_alone=given_alone,
            )
        changes = {(Part(each["part"]), each["id"]): each["value"] for each in raw["changes"]}
        profile = with_changes(raw["profile"], {site_id: changes} if changes else {})
    except (AttributeError, KeyError, TypeError, ValueError, ProfileError, UnknownPart) as error:
        raise UnusableSetup(f"{type(error).__name__}: {error}") from error
    site = profile.sites.get(site_id)
    if site is None:
        raise UnusableSetup(f"the profile has no site {site_id!r}")
    machine = _with_printer(site.kiosks.get(raw["kiosk"] or ""), printer)
    return Setup(profile, site, machine, pin_hash, public_url, told, simulated, source, given_alone)


def _given_alone(raw: Mapping[str, Any] | None) -> GivenAlone:
    if raw is None:
        # A server of the version before does not tell.
        return GivenAlone()
    numbers = {str(series): frozenset(map(int, each)) for series, each in raw["numbers"].items()}
    return GivenAlone(date.fromisoformat(raw["business_day"]), numbers)


def _with_printer(machine: KioskMachine | None, printer: PrinterChoice) -> KioskMachine | None:
    if machine is None:
        return KioskMachine("", "", printer.address, *_paper(printer.paper or 80)) if printer.address else None
    if printer.paper is not None and printer.paper != machine.paper:
        paper, dots = _paper(printer.paper)
        machine = replace(machine, paper=paper, dots=dots)
    return machine if printer.address is None else replace(machine, printer=printer.address)


def _paper(width: int) -> tuple[int, int]:
    return width, DOTS_OF_PAPER[width]
