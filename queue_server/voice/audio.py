"""A clip's sound made fit for the hall: no silence around it, every clip as loud as the others, never clipped."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from math import sqrt

from queue_server.voice.engines import SynthesisFailed

BLOCK_SECONDS = 0.01
QUIET_SHARE = 0.02
"""A block whose loudest sample is below this share of the clip's loudest is silence."""
LEAD_SECONDS, TAIL_SECONDS = 0.03, 0.08
TARGET_RMS = 0.14
"""Of full scale, over the blocks that are not silent: about -17 dBFS, as speech in a hall is set."""
HIGHEST_PEAK = 0.8
"""Of full scale. A lossy encoder may overshoot a little."""
_FULL = 32_767
_HEADER = "<4sI4s4sIHHIIHH4sI"


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono samples of 16 bits."""

    rate: int
    samples: array[int]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def read_wav(data: bytes) -> Sound:
    """The sound of a WAV file of mono 16-bit PCM. The length in its header is not believed: who streams writes none.

    Raises SynthesisFailed for anything else.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise SynthesisFailed("what was spoken is no WAV file")
    rate, at = 0, 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if name == b"fmt ":
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, at)
            if (kind, channels, bits) != (1, 1, 16):
                raise SynthesisFailed("what was spoken is not mono PCM of 16 bits")
        if name == b"data":
            body = data[at : at + size]
            samples = array("h")
            samples.frombytes(body[: len(body) // 2 * 2])
            return Sound(rate, samples)
        at += size + size % 2
    raise SynthesisFailed("what was spoken has no sound")


def write_wav(sound: Sound) -> bytes:
    """A sound as a WAV file."""
    body = sound.samples.tobytes()
    return (
        struct.pack(
            _HEADER,
            *(b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, 1, 1, sound.rate, 2 * sound.rate, 2, 16),
            *(b"data", len(body)),
        )
        + body
    )


def levelled(sound: Sound) -> Sound:
    """The sound without the silence around it, at the common loudness. Raises SynthesisFailed for silence."""
    size = max(1, int(sound.rate * BLOCK_SECONDS))
    blocks = [sound.samples[start : start + size] for start in range(0, len(sound.samples), size)]
    peaks = [max(map(abs, block)) for block in blocks]
    peak = max(peaks, default=0)
    loud = [place for place, each in enumerate(peaks) if each > QUIET_SHARE * peak]
    if not loud:
        raise SynthesisFailed("what was spoken is silence")
    squares = sum(sample * sample for place in loud for sample in blocks[place])
    rms = sqrt(squares / sum(len(blocks[place]) for place in loud))
    gain = min(TARGET_RMS * _FULL / rms, HIGHEST_PEAK * _FULL / peak)
    start = max(0, loud[0] * size - int(LEAD_SECONDS * sound.rate))
    end = (loud[-1] + 1) * size + int(TAIL_SECONDS * sound.rate)
    return Sound(sound.rate, array("h", (round(sample * gain) for sample in sound.samples[start:end])))
