"""voice: the sound of a city's announcements, made at once, or looked at."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from queue_server.cli.common import data_option, fail
from queue_server.config import ProfileError, load_profile
from queue_server.domain.site import CityProfile, Site
from queue_server.domain.speech import Clip, counter_clip
from queue_server.domain.speech_plan import needed_clips
from queue_server.domain.voice import WITHOUT_VOICE, VoiceLanguage

if TYPE_CHECKING:
    from queue_server.voice import ClipCache, Engines

INSTALL = "apt-get install -y --no-install-recommends"


@click.command()
@click.option("--profile", envvar="QUEUE_SERVER_PROFILE", required=True, help="A profile that ships or a file.")
@click.option("--check", is_flag=True, help="Make nothing: say what speaks here and how many clips there are.")
@data_option
def voice(profile: str, check: bool, data: Path) -> None:
    """Make every announcement of a city's halls that is not there yet; works while the server runs."""
    # See `accounts_in`: `serve` does not wait for these imports.
    from queue_server.voice import ClipCache, installed_engines

    try:
        city = load_profile(profile)
    except ProfileError as error:
        fail(str(error))
    languages = spoken(city)
    if not languages:
        click.echo("No site of this profile speaks.")
        return
    engines = installed_engines()
    for line in _engine_lines(engines, languages):
        click.echo(line)
    cache = ClipCache(data)
    if not check:
        _make(city, cache, engines)
    for site in city.sites.values():
        for line in _site_lines(site, cache):
            click.echo(line)
    _end_if_missing(languages)


def spoken(city: CityProfile) -> set[VoiceLanguage]:
    """The languages that the halls of a city speak."""
    return {language for site in city.sites.values() if site.voice for language in site.voice.languages}


def _make(city: CityProfile, cache: "ClipCache", engines: "Engines") -> None:
    from queue_server.voice import make_clips

    wanted = [clip for site in city.sites.values() if site.voice for clip in needed_clips(site, site.voice, {})]
    start = time.monotonic()
    try:
        with cache.alone(wait=False) as alone:
            if not alone:
                fail("The server, or another command, makes the clips of this directory now. Try again later.")
            outcome = make_clips(list(dict.fromkeys(wanted)), cache, engines, told=_tell)
    except OSError as error:
        fail(f"{cache.folder} takes no more: {error.strerror}. What was made so far is kept.")
    for clip, why in outcome.failed:
        click.echo(f"{clip.language} {clip.text}: {why}", err=True)
    click.echo(
        f"Made {len(outcome.made)} clips in {time.monotonic() - start:.0f} s; {outcome.there} were there; "
        f"{len(outcome.unspoken)} have no engine here; {len(outcome.failed)} failed."
    )
    if outcome.failed:
        sys.exit(1)


def _tell(clip: Clip) -> None:
    click.echo(f"{clip.language} {clip.text}")


def _engine_lines(engines: "Engines", languages: set[VoiceLanguage]) -> Iterator[str]:
    for name, engine in (("Japanese", engines.japanese), ("others", engines.others), ("encoder", engines.opus)):
        yield f"{name}: {engine.identity if engine else 'not installed'}"
    for language in sorted(languages & WITHOUT_VOICE):
        yield f"{language}: shown, not spoken; no engine has a voice"


def _site_lines(site: Site, cache: "ClipCache") -> Iterator[str]:
    if site.voice is None:
        yield f"{site.id}: silent"
        return
    kept, clips = cache.kept(), needed_clips(site, site.voice, {})
    there = [kept[clip] for clip in clips if clip in kept]
    size = sum(each.bytes for each in there)
    yield f"{site.id}: {len(there)} of {len(clips)} clips, {size / 1_000_000:.1f} MB"
    for language in site.voice.languages:
        if language in WITHOUT_VOICE:
            continue
        for counter in site.counters.values():
            if counter_clip(language, counter, site.voice.readings) is None:
                yield f"{site.id}: {language} has no name or reading for {counter.name}; calls to it are shown only"


def _end_if_missing(languages: set[VoiceLanguage]) -> None:
    from queue_server.voice import missing_programs

    missing = missing_programs(languages)
    if missing:
        fail(f"Not installed; see 'Voice' in deploy/RUNBOOK.md: {INSTALL} {' '.join(missing)}")
