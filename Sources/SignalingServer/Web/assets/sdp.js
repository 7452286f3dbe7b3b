// Session descriptions as text: what browsers have no other means for.

const SECTION = /(?=^m=)/m;

/** The offer with repairs (NACK) and in-band redundancy (FEC) for Opus, in one channel. */
export function withRobustSound(sdp) {
  return sdp.split(SECTION).map((section) => (section.startsWith('m=audio') ? robust(section) : section)).join('');
}

function robust(section) {
  const payload = section.match(/^a=rtpmap:(\d+) opus\/48000/im)?.[1];
  if (!payload) return section;
  const map = new RegExp(`^a=rtpmap:${payload} .*\r\n`, 'm');
  const parameters = new RegExp(`^a=fmtp:${payload} (.*)\r\n`, 'm');
  let result = section;
  if (!new RegExp(`^a=rtcp-fb:${payload} nack\r\n`, 'm').test(result)) {
    result = result.replace(map, (line) => `${line}a=rtcp-fb:${payload} nack\r\n`);
  }
  if (!parameters.test(result)) result = result.replace(map, (line) => `${line}a=fmtp:${payload} minptime=10\r\n`);
  return result.replace(parameters, (_, list) => `a=fmtp:${payload} ${soundParameters(list)}\r\n`);
}

function soundParameters(list) {
  const kept = list.split(';').filter((entry) => !/^(useinbandfec|stereo|sprop-stereo)=/.test(entry.trim()));
  return [...kept, 'useinbandfec=1', 'stereo=0'].join(';');
}

/** What a PATCH that restarts ICE says (RFC 8840): the credentials of `sdp`. */
export function restartFragment(sdp) {
  return ['ice-ufrag', 'ice-pwd'].map((name) => `a=${name}:${attribute(sdp, name)}\r\n`).join('');
}

/** The old answer with the server's new credentials out of `fragment`; all else stays as it was negotiated. */
export function restartedAnswer(answer, fragment) {
  return ['ice-ufrag', 'ice-pwd'].reduce((sdp, name) => {
    const value = attribute(fragment, name);
    return sdp.replace(new RegExp(`^a=${name}:.*$`, 'gm'), () => `a=${name}:${value}`);
  }, answer.replace(/\r?\n/g, '\n')).replace(/\n/g, '\r\n');
}

function attribute(sdp, name) {
  const value = sdp.match(new RegExp(`^a=${name}:([^\r\n]+)`, 'm'))?.[1];
  if (!value) throw new Error(`no ${name}`);
  return value;
}
