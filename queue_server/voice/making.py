"""Making the clips of a city, one after the other; what is there already is not made again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from queue_server.domain.speech import Clip
from queue_server.voice.audio import levelled, read_wav, write_wav
from queue_server.voice.cache import ClipCache, clip_name
from queue_server.voice.engines import Engines, SynthesisFailed


@dataclass(slots=True)
class Outcome:
    """What a run has made of the clips that were wanted."""

    there: int = 0
    """Made by an earlier run."""
    made: list[Clip] = field(default_factory=list)
    unspoken: list[Clip] = field(default_factory=list)
    """No engine of this machine speaks their language."""
    failed: list[tuple[Clip, str]] = field(default_factory=list)
    """With what the engine said."""
    stopped: bool = False


def make_clips(
    clips: Sequence[Clip],
    cache: ClipCache,
    engines: Engines,
    *,
    told: Callable[[Clip], None] = lambda clip: None,
    go_on: Callable[[], bool] = lambda: True,
) -> Outcome:
    """Make the clips in their order; `told` hears of each that was made, `go_on` is asked before each.

    One that an engine cannot speak does not stop the others. Raises OSError when the disk takes no more.
    """
    outcome = Outcome()
    for clip in clips:
        engine = engines.of(clip.language)
        if engine is None or engines.opus is None:
            outcome.unspoken.append(clip)
            continue
        name = clip_name(clip, f"{engine.identity} {engines.opus.identity}")
        if cache.has(clip, name):
            outcome.there += 1
            continue
        if not go_on():
            outcome.stopped = True
            break
        try:
            sound = levelled(read_wav(engine.speak(clip)))
            cache.keep(clip, name, engines.opus.encode(write_wav(sound)), sound.seconds)
        except SynthesisFailed as error:
            outcome.failed.append((clip, str(error)))
        else:
            outcome.made.append(clip)
            told(clip)
    return outcome
