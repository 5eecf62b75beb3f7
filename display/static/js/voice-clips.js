// The pieces of speech of a site: which there are, fetched and decoded, the last ones kept.
import { filesOf } from "./voice-calls.js";

const KEPT = 64;
const FRESH_MS = 10_000;
/** A server that is being restarted is back within seconds. */
const PATIENCE_MS = [500, 1_000, 2_000, 4_000];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A store of the clips of `site`; `decode(bytes)` gives what can be played. */
export function clipStore(site, decode) {
  const address = `/board/${encodeURIComponent(site)}/voice`;
  const decoded = new Map();
  let index = null;
  let indexAt = 0;

  async function readIndex() {
    const answer = await patiently(() => fetch(address, { cache: "no-cache" }));
    indexAt = performance.now();
    index = answer.ok ? await answer.json() : { numbers: {}, counters: {}, stages: {} };
  }

  async function files(call, tag, voice) {
    if (index === null) await readIndex();
    const found = filesOf(call, tag, index, voice);
    // Clips are made while the hall is open: what was not there a while ago may be there now.
    if (found || performance.now() - indexAt < FRESH_MS) return found;
    await readIndex();
    return filesOf(call, tag, index, voice);
  }

  async function sound(file) {
    const answer = await patiently(() => fetch(`${address}/${file}`));
    if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
    return decode(await answer.arrayBuffer());
  }

  function load(file) {
    const known = decoded.get(file) ?? sound(file);
    decoded.delete(file);
    decoded.set(file, known);
    known.catch(() => {
      decoded.delete(file);
      index = null;
    });
    if (decoded.size > KEPT) decoded.delete(decoded.keys().next().value);
    return known;
  }

  /** The sounds of a call in a language, in their order; null when they cannot be had. */
  return async function soundsOf(call, tag, voice) {
    try {
      const found = await files(call, tag, voice);
      return found && (await Promise.all(found.map(load)));
    } catch {
      return null;
    }
  };
}

/** The answer to a request; one that does not arrive, or is refused for now, is asked for again a few times. */
async function patiently(ask) {
  for (const ms of PATIENCE_MS) {
    try {
      const answer = await ask();
      if (answer.status < 500) return answer;
    } catch {
      // The line is away; it is asked again below.
    }
    await wait(ms);
  }
  return ask();
}
