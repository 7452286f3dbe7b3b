// Camera and microphone: opening, choosing, metering.

const STORE = 'mixd.devices';

const SIZES = { 360: [640, 360], 540: [960, 540], 720: [1280, 720] };

/** What was chosen last time: `camera`, `microphone`, `height`, `originalSound`. */
export function savedChoice() {
  try {
    return { height: 720, originalSound: false, ...JSON.parse(localStorage.getItem(STORE) ?? '{}') };
  } catch {
    return { height: 720, originalSound: false };
  }
}

export function saveChoice(choice) {
  localStorage.setItem(STORE, JSON.stringify(choice));
}

/**
 * Opens the devices of a choice. A remembered device that is gone is replaced by the default one.
 * Throws an error whose `key` names the text to show.
 */
export async function openDevices(choice, { video = true, audio = true } = {}) {
  if (!navigator.mediaDevices?.getUserMedia) throw deviceError('device.insecure');
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: video && videoConstraints(choice),
      audio: audio && audioConstraints(choice),
    });
  } catch (error) {
    throw deviceError(errorKey(error, { video, audio }), error);
  }
}

/**
 * Camera and microphone, or the one that works: `{stream, failed}`, where `failed` is absent or
 * `{kind, error}` of the one that does not. Throws when neither does, or when the user has refused.
 */
export async function openWhatWorks(choice) {
  try {
    return { stream: await openDevices(choice) };
  } catch (error) {
    if (error.key === 'device.denied' || error.key === 'device.insecure') throw error;
    const alone = await Promise.allSettled([
      openDevices(choice, { audio: false }), openDevices(choice, { video: false }),
    ]);
    const [picture, sound] = alone;
    if (picture.value && sound.value) {
      return { stream: new MediaStream([...picture.value.getTracks(), ...sound.value.getTracks()]) };
    }
    if (sound.value) return { stream: sound.value, failed: { kind: 'video', error: picture.reason } };
    if (picture.value) return { stream: picture.value, failed: { kind: 'audio', error: sound.reason } };
    throw error;
  }
}

function videoConstraints({ camera, height }) {
  const [width, rows] = SIZES[height] ?? SIZES[720];
  const size = { width: { ideal: width }, height: { ideal: rows }, frameRate: { ideal: 30, max: 30 } };
  return camera ? { ...size, deviceId: { ideal: camera } } : size;
}

/** "Original sound" switches off what makes speech clear and music ugly. */
function audioConstraints({ microphone, originalSound }) {
  const processing = !originalSound;
  return {
    echoCancellation: processing,
    noiseSuppression: processing,
    autoGainControl: processing,
    ...(microphone ? { deviceId: { ideal: microphone } } : {}),
  };
}

/** The text of a failure, of one device if only one was asked for. */
function errorKey(error, { video, audio }) {
  const one = video && audio ? '' : video ? '-camera' : '-microphone';
  switch (error.name) {
    case 'NotAllowedError': case 'SecurityError': return 'device.denied';
    case 'NotFoundError': case 'OverconstrainedError': return `device.missing${one}`;
    case 'NotReadableError': case 'AbortError': return `device.busy${one}`;
    default: return 'device.failed';
  }
}

/** Why a track ended by itself: its device is gone, or somebody took it away. */
export async function endingKey(track, device) {
  const kind = track.kind === 'video' ? 'camera' : 'microphone';
  const present = (await listDevices(INPUTS[track.kind])).some(({ deviceId }) => deviceId === device);
  return present ? `device.stopped-${kind}` : `device.unplugged-${kind}`;
}

/** What the browser calls the devices of a kind of track. */
const INPUTS = { audio: 'audioinput', video: 'videoinput' };

async function listDevices(input) {
  const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
  return all.filter(({ kind }) => kind === input);
}

export const hasDevice = async (kind) => (await listDevices(INPUTS[kind])).length > 0;

function deviceError(key, cause) {
  return Object.assign(new Error(key, { cause }), { key });
}

/** Fills a `<select>` with the devices of a kind of track (`video`, `audio`), the one in use selected. */
export async function fillDeviceList(select, kind, track, unnamed) {
  const devices = await listDevices(INPUTS[kind]);
  const current = track?.getSettings().deviceId;
  select.replaceChildren(...devices.map((device, index) => {
    const label = device.label || `${unnamed} ${index + 1}`;
    return new Option(label, device.deviceId, false, device.deviceId === current);
  }));
  select.disabled = devices.length === 0;
}

export function stopTracks(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

const QUIETEST_DB = -60;

/** Shows the loudness of a stream in a `<meter>` of 0…1, 0 being −60 dBFS. */
export class LevelMeter {
  constructor(meter) {
    this.meter = meter;
  }

  start(stream) {
    this.stop();
    if (!stream?.getAudioTracks().length) return;
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    this.context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const energy = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const decibel = 10 * Math.log10(energy + 1e-12);
      this.meter.value = Math.min(1, Math.max(0, 1 - decibel / QUIETEST_DB));
    }, 100);
    // Without a gesture on the page the browser may keep this pending for ever; the meter then stays at zero.
    this.context.resume().catch(() => {});
  }

  stop() {
    clearInterval(this.timer);
    this.context?.close().catch(() => {});
    this.context = null;
    this.meter.value = 0;
  }
}
