// Sends a command so that it is done once: one Idempotency-Key for one intent, sent again until an answer comes.

const ATTEMPT_MS = 8_000;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 3_000;
/** What the proxy answers while the server is away (deploy/nginx.conf): nobody heard the command. */
const AWAY = "server_away";
/** A server that fails this often at one command will fail again. */
const MOST_FAILURES = 3;

/** No answer came in time: whether the command was done is not known. Sending it again with the same key is safe. */
export class NoAnswer extends Error {}

/** A random key (UUID version 4). crypto.randomUUID is missing where a hall's pages come over plain http. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * POSTs `body` to `path` and returns {status, data}; `data` is null for an answer without JSON. A lost answer, and a
 * server error up to MOST_FAILURES times, is tried again with the same key; after `patience` milliseconds NoAnswer is
 * thrown. A server that says it cannot record now (storage_unavailable) has answered. `onRetry()` is told before each
 * new attempt.
 */
export async function sendCommand(path, body, { key = newKey(), patience = 20_000, onRetry = () => {} } = {}) {
  const deadline = Date.now() + patience;
  let failures = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const answer = await attempt(path, body, key, Math.min(ATTEMPT_MS, deadline - Date.now()));
    if (answer && (answer.status < 500 || answer.data.code === "storage_unavailable")) return answer;
    if (answer && ++failures === MOST_FAILURES) return answer;
    if (Date.now() + pause >= deadline) throw new NoAnswer();
    onRetry();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** One attempt; null when the server itself was not heard: no answer, or one of a proxy in its place. */
async function attempt(path, body, key, ms) {
  const abort = new AbortController();
  const timeout = setTimeout(() => abort.abort(), ms);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: {
        // A refusal is read on this page, in its language.
        "Accept-Language": document.documentElement.lang,
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "",
      },
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    const json = response.headers.get("Content-Type")?.includes("application/json");
    const data = json ? await response.json() : null;
    return response.status < 500 || (data?.code && data.code !== AWAY) ? { status: response.status, data } : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timeout);
  }
}
