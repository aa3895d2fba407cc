"""Text becomes speech: one sound file, and at which second each of its paragraphs begins.

The voice is espeak-ng, a synthesiser by rules: it needs no network and no model, and always says the same in the same
way. It comes with a package and runs in a process of its own: C code that aborts takes nothing with it.
"""

from __future__ import annotations

import ctypes
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from io import BytesIO
from typing import Any

from hocvuso.base import apart

# Opus in WebM: played by Chrome and Android since 2014, by Firefox, and by Safari since 17 (Ogg: since 18.4 only, and
# MP4 with Opus no sooner than WebM); so it is the one container that more phones play than any other.
CONTAINER, KIND = "webm", ".weba"
BITS = 20_000  # a second: what a synthetic voice has to say fits in there, 140 KB a minute
RATE = 24_000  # samples a second, one of those that Opus knows
LONGEST = 60_000  # letters
_SECONDS = 300.0
_BETWEEN_SENTENCES, _BETWEEN_PARAGRAPHS = 0.3, 0.9  # seconds: older listeners take in one thing before the next
_SENTENCE = re.compile(r"(?<=[.!?…:])\s+")
_RETRIEVE, _DO_NOT_EXIT = 2, 0x8000  # of speak_lib.h: AUDIO_OUTPUT_SYNCHRONOUS, espeakINITIALIZE_DONT_EXIT
_UTF8, _SPEED = 1, 1  # espeakCHARS_UTF8, espeakRATE


class Unspoken(RuntimeError):
    """The voice said nothing of this text."""


@dataclass(frozen=True)
class Voice:
    """A voice of espeak-ng, and how fast it speaks: `words` a minute, which in Vietnamese are syllables."""

    name: str
    words: int

    def __str__(self) -> str:
        return f"espeak-ng {version('espeakng-loader')} {self.name} {self.words}"


VIETNAMESE = Voice("vi", 115)  # an unhurried newsreader says nearly twice as many


@dataclass(frozen=True)
class Speech:
    """A sound file (`KIND`), how long it is, and at which second each paragraph begins."""

    content: bytes
    seconds: float
    marks: list[float]


def speak(paragraphs: Sequence[str], voice: Voice = VIETNAMESE) -> Speech:
    """What `voice` says of plain text. The same text and voice give the same bytes. Raises Unspoken."""
    asked = json.dumps({"paragraphs": list(paragraphs), "voice": voice.name, "words": voice.words}).encode()
    try:
        told, _line, content = apart.read(_spoken, asked, seconds=_SECONDS).partition(b"\n")
    except apart.Unread as error:
        raise Unspoken(str(error) or "the voice did not come to an end") from error
    return Speech(content, **json.loads(told))


def _spoken(asked: bytes) -> bytes:
    """In the other process: marks as a line of JSON, then the sound. Raises ValueError."""
    given = json.loads(asked)
    paragraphs = given["paragraphs"]
    if not paragraphs or not all(text.strip() for text in paragraphs) or sum(map(len, paragraphs)) > LONGEST:
        raise ValueError(f"nothing to say, or more than {LONGEST} letters")
    synthesiser = _Synthesiser(given["voice"], given["words"])
    marks = []
    for text in paragraphs:
        marks.append(round(synthesiser.seconds, 2))
        for sentence in _SENTENCE.split(text.strip()):
            synthesiser.say(sentence)
            synthesiser.be_silent(_BETWEEN_SENTENCES)
        synthesiser.be_silent(_BETWEEN_PARAGRAPHS - _BETWEEN_SENTENCES)
    told = {"seconds": round(synthesiser.seconds, 2), "marks": marks}
    return json.dumps(told).encode() + b"\n" + _packed(bytes(synthesiser.samples), synthesiser.rate)


class _Synthesiser:
    """espeak-ng by its C interface (speak_lib.h); it gathers samples of 16 bits."""

    def __init__(self, voice: str, words: int) -> None:
        import espeakng_loader  # here and in `_packed`: only the process that speaks carries these libraries

        self.library = ctypes.CDLL(espeakng_loader.get_library_path())
        folder = espeakng_loader.get_data_path().encode()
        self.rate = int(self.library.espeak_Initialize(_RETRIEVE, 0, folder, _DO_NOT_EXIT))
        if self.rate <= 0 or self.library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"there is no voice {voice!r}")
        self.library.espeak_SetParameter(_SPEED, words, 0)
        self.samples = bytearray()
        takes = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        self._taken = takes(self._take)  # kept: C code calls it
        self.library.espeak_SetSynthCallback(self._taken)

    @property
    def seconds(self) -> float:
        return len(self.samples) / 2 / self.rate

    def say(self, sentence: str) -> None:
        """Raises ValueError."""
        text = sentence.encode() + b"\0"
        if self.library.espeak_Synth(text, len(text), 0, 1, 0, _UTF8, None, None):
            raise ValueError("the voice refused a sentence")

    def be_silent(self, seconds: float) -> None:
        self.samples += bytes(2 * round(seconds * self.rate))

    def _take(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self.samples += ctypes.string_at(samples, 2 * count)
        return 0


def _packed(samples: bytes, rate: int) -> bytes:
    """The samples as one sound file; without dates and random ids in it, so that it is the same every time."""
    import av

    out = BytesIO()
    with av.open(out, "w", format=CONTAINER, container_options={"fflags": "+bitexact"}) as container:
        options = {"application": "voip", "frame_duration": "60"}  # for speech, in few packets
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options=options)
        stream.bit_rate = BITS
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        for at in range(0, len(samples), 2 * rate):
            for frame in resampler.resample(_frame(samples[at : at + 2 * rate], rate, at // 2)):
                container.mux(stream.encode(frame))
        for frame in resampler.resample(None):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def _frame(samples: bytes, rate: int, at: int) -> Any:
    import av

    frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples) // 2)
    frame.planes[0].update(samples)
    frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
    return frame
