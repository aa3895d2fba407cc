"""The built-in voice: what comes out is a sound that plays, says where each paragraph begins, always the same."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import av
import pytest

from hocvuso.media import speech
from hocvuso.media.speech import Unspoken, Voice, speak

LESSON = ["Gọi video cho con cháu.", "Sau bài này, bạn tự gọi được. Bạn nhìn thấy mặt con.", "Bước một: mở máy. " * 12]


@pytest.fixture(scope="module")
def lesson():
    return speak(LESSON)


def opened(content):
    return av.open(BytesIO(content))


def test_it_is_opus_in_webm_as_long_as_it_says(lesson):
    with opened(lesson.content) as container:
        stream = container.streams.audio[0]
        assert container.format.name == "matroska,webm" and stream.codec_context.name in ("opus", "libopus")
        assert stream.codec_context.layout.name == "mono"
        assert container.duration / av.time_base == pytest.approx(lesson.seconds, abs=0.2)


def test_a_minute_is_at_most_180_kilobytes(lesson):
    assert len(lesson.content) / lesson.seconds * 60 <= 180 * 1024


def test_each_paragraph_begins_after_a_pause(lesson):
    """The marks rise, and just before each there is silence, as in the file itself."""
    assert lesson.marks[0] == 0 and lesson.marks == sorted(set(lesson.marks)) and lesson.marks[-1] < lesson.seconds
    loud = loudness(lesson.content)
    for mark in lesson.marks[1:]:
        assert max(loud[int(mark * 10) - 4 : int(mark * 10)]) < 0.01 < max(loud[int(mark * 10) : int(mark * 10) + 6])


def loudness(content):
    """The loudest sample of each tenth of a second."""
    with opened(content) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
        samples = b"".join(
            bytes(out.planes[0])[: 2 * out.samples]
            for frame in container.decode(audio=0)
            for out in resampler.resample(frame)
        )
    heights = [abs(height) / 2**15 for height in memoryview(samples).cast("h")]
    return [max(heights[at : at + 800]) for at in range(0, len(heights), 800)]


def test_the_same_text_gives_the_same_bytes(lesson):
    assert speak(LESSON) == lesson


def test_another_text_or_pace_gives_others():
    first = speak(["Một câu."])
    assert speak(["Hai câu."]).content != first.content
    slow = speak(["Một câu."], Voice("vi", 80))
    assert slow.seconds > first.seconds and str(Voice("vi", 80)) != str(speech.VIETNAMESE)


@pytest.mark.parametrize(
    ("paragraphs", "voice"),
    [
        ([], speech.VIETNAMESE),
        (["Một.", " "], speech.VIETNAMESE),
        (["a" * (speech.LONGEST + 1)], speech.VIETNAMESE),
        (["Một."], Voice("không có", 115)),
    ],
)
def test_what_cannot_be_said_is_refused(paragraphs, voice):
    with pytest.raises(Unspoken):
        speak(paragraphs, voice)


def test_a_voice_that_hangs_or_aborts_takes_nothing_with_it(monkeypatch):
    monkeypatch.setattr(speech, "_SECONDS", 0.01)
    with pytest.raises(Unspoken, match="end"):
        speak(LESSON)


def test_whoever_does_not_speak_carries_no_voice(lesson):
    loaded = "import sys; import hocvuso.media.speech; print({'av', 'espeakng_loader'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
