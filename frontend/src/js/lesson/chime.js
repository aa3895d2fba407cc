// Soft sounds made on the device: a few notes, nothing to download.
const TUNES = { right: [659, 880], end: [523, 659, 784, 1047], passed: [523, 659, 784, 1047, 1319] };
const STEP = 0.13;
let sound;

/** Play a tune, at most a second long. */
export function chime(name) {
  sound ??= new AudioContext();
  TUNES[name].forEach((pitch, at) => {
    const note = new OscillatorNode(sound, { type: "sine", frequency: pitch });
    const volume = new GainNode(sound, { gain: 0 });
    const begin = sound.currentTime + at * STEP;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.08, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + 0.35);
    note.connect(volume).connect(sound.destination);
    note.start(begin);
    note.stop(begin + 0.4);
  });
}
