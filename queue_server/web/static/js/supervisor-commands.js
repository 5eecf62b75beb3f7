// What the supervisor's buttons send.

/** The commands of one site; each is what `send` of supervisor-send.js takes. */
export function commandsOf(site) {
  const at = (...parts) => `/api/sites/${[site, ...parts].map(encodeURIComponent).join("/")}`;
  const ofTicket = (ticket, command, body = {}) => ({
    path: `/api/tickets/${encodeURIComponent(ticket.id)}/${command}`,
    body,
    label: ticket.label,
  });
  return {
    pause: (service, forToday) => ({ path: at("services", service, "pause"), body: { for_today: forToday } }),
    resume: (service) => ({ path: at("services", service, "resume") }),
    closeReception: (reason) => ({ path: at("reception", "close"), body: { reason } }),
    openReception: (until) => ({ path: at("reception", "open"), body: { until } }),
    resetReception: () => ({ path: at("reception", "reset") }),
    /** Opens a counter for whoever works there, without becoming its clerk. */
    openCounter: (counter) => ({ path: at("counters", counter, "open"), body: { remote: true } }),
    closeCounter: (counter) => ({ path: at("counters", counter, "close") }),
    assign: (counter, services) => ({ path: at("counters", counter, "services"), body: { services } }),
    postNotice: (text, until) => ({ path: at("notices"), body: { text, until } }),
    withdraw: (notice) => ({ path: at("notices", notice, "withdraw") }),
    closeDay: (expire) => ({ path: at("close-day"), body: { expire } }),
    move: (ticket, move, body) => ofTicket(ticket, move.replace("_", "-"), body),
    undo: (ticket) => ofTicket(ticket, "undo"),
    reissue: (ticket) => ofTicket(ticket, "reissue"),
  };
}
