// Keeps a page at the newest board: Socket.IO when it can be had, the board's address every so often while it cannot.
import { watchLink } from "./link.js";

const POLL_MS = 10_000;
const POLL_NEAR_MS = 1_000;
const FETCH_TIMEOUT_MS = 8_000;
const DEAF_MS = 15_000;
const VENDOR = "../vendor/socket.io.js";

/** About `ms`, so that a thousand screens do not ask in the same second after a restart. */
const jitter = (ms) => ms * (0.8 + Math.random() * 0.4);

/**
 * Connects a page to the live board of `site`. The newest board by `version` wins; older ones are dropped, also when they
 * are older than `board`, the one already on the page.
 *
 * onBoard(board) and onDesk(view; only with desk: true) get each newer one. onLink({state, since}): "offline" at once on a
 * known break, "silent" after 30 s without anything heard, "live" again by itself. onDenied() is told when the staff's
 * view is refused: nobody is signed in any more. `socketAfter` (ms) lets a phone show its page before it spends its line
 * on the socket client. `silent` says that `board` was kept from before
 * and nothing was heard since. Where nobody pushes (`pushed: false`), the board is asked for each second: the one who answers is
 * on the same machine. Returns {close(), refresh()}.
 */
export function connect({
  site,
  desk = false,
  board = null,
  socketAfter = 0,
  pushed = true,
  silent = false,
  onBoard = () => {},
  onDesk = () => {},
  onLink = () => {},
  onDenied = () => {},
}) {
  const newest = { board: board?.version ?? -1, desk: -1 };
  const tell = { board: onBoard, desk: onDesk };
  const link = watchLink(onLink, { silent });
  let socket = null;
  let attempts = 0;
  let pollTimer = 0;
  let socketTimer = 0;
  let closed = false;

  function take(kind, data) {
    link.heard();
    if (data.version <= newest[kind]) return;
    newest[kind] = data.version;
    tell[kind](data);
  }

  async function read(kind) {
    const abort = new AbortController();
    const timeout = setTimeout(() => abort.abort(), FETCH_TIMEOUT_MS);
    const headers = newest[kind] >= 0 ? { "If-None-Match": `"${newest[kind]}"` } : {};
    try {
      const address = `/api/sites/${encodeURIComponent(site)}/${kind}`;
      const answer = await fetch(address, { headers, cache: "no-store", signal: abort.signal });
      if (closed) return;
      if (answer.status === 200) take(kind, await answer.json());
      else if (answer.status === 304) link.heard();
      else if (answer.status === 401 || answer.status === 403) onDenied();
    } finally {
      clearTimeout(timeout);
    }
  }

  async function refresh() {
    try {
      await Promise.all(desk ? [read("board"), read("desk")] : [read("board")]);
    } catch {
      link.lost();
    }
  }

  function schedulePoll(ms) {
    clearTimeout(pollTimer);
    pollTimer = setTimeout(async () => {
      if (closed || socket?.connected) return;
      await refresh();
      if (!socket && pushed) startSocket();
      schedulePoll(pushed ? POLL_MS : POLL_NEAR_MS);
    }, jitter(ms));
  }

  function lost() {
    link.lost();
    schedulePoll(500);
  }

  async function startSocket() {
    let io;
    try {
      // A failed import is remembered by its address.
      ({ io } = await import(attempts++ ? `${VENDOR}?${attempts}` : VENDOR));
    } catch {
      return;
    }
    if (closed || socket) return;
    socket = io({
      query: desk ? { site, desk: 1 } : { site },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      // A thousand screens that were cut in one instant come back over four seconds, and not in one.
      reconnectionDelay: 2000,
      randomizationFactor: 1,
      reconnectionDelayMax: 10_000,
    });
    socket.on("connect", () => {
      link.heard();
      clearTimeout(pollTimer);
    });
    socket.on("board", (data) => take("board", data));
    socket.on("desk", (data) => take("desk", data));
    socket.io.on("ping", () => link.heard());
    socket.on("disconnect", (reason) => {
      if (closed) return;
      lost();
      // Socket.IO does not come back by itself when the server has sent it away.
      if (reason === "io server disconnect") setTimeout(() => !closed && socket.connect(), jitter(2000));
    });
  }

  const onOffline = () => lost();
  const onWake = () => {
    if (document.hidden) return;
    // A socket that slept may be dead without knowing it.
    if (socket?.connected && link.quietFor() > DEAF_MS) socket.disconnect().connect();
    refresh();
  };
  const onReturn = (event) => event.persisted && onWake();
  window.addEventListener("offline", onOffline);
  window.addEventListener("online", onWake);
  window.addEventListener("pageshow", onReturn);
  document.addEventListener("visibilitychange", onWake);

  if (!navigator.onLine) link.lost();
  if (pushed) socketTimer = setTimeout(startSocket, socketAfter);
  schedulePoll(pushed ? Math.max(3000, socketAfter + 3000) : POLL_NEAR_MS);

  return {
    refresh,
    close() {
      closed = true;
      clearTimeout(pollTimer);
      clearTimeout(socketTimer);
      link.close();
      socket?.close();
      window.removeEventListener("offline", onOffline);
      window.removeEventListener("online", onWake);
      window.removeEventListener("pageshow", onReturn);
      document.removeEventListener("visibilitychange", onWake);
    },
  };
}
