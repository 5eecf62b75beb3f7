// What a clerk should know of the day, in one calm line: reception, kiosks, paused services, the supervisor's notices.
import { el, show, syncChildren, text } from "./dom.js";
import { clockText, fill } from "./format.js";
import { kioskNews } from "./kiosk-states.js";

/** The sentences for now, the most general first. */
export function newsOf(view, messages) {
  const { by_hand: byHand, until, reason } = view.reception;
  const paused = view.services
    .filter((service) => service.paused)
    .map((service) => fill(service.ended_today ? messages.news_ended : messages.news_paused, { service: service.name }));
  const news = [...kioskNews(view, messages), ...paused, ...view.notices.map((notice) => notice.text)];
  if (byHand === "closed") news.unshift(reason ? fill(messages.news_closed_reason, { reason }) : messages.news_closed);
  else if (byHand === "open") news.unshift(fill(messages.news_open_until, { time: clockText(until) }));
  else if (!view.status.open) news.unshift(messages[`phase_${view.status.phase}`]);
  return news;
}

/** Shows them; the line is not there when there are none. */
export function showNews(view, messages) {
  const list = document.querySelector('[data-list="news"]');
  const news = newsOf(view, messages);
  syncChildren(list, [...news.entries()], {
    key: ([place]) => place,
    make: () => el("li", { class: "news__item" }),
    update: (item, [, sentence]) => text(item, sentence),
  });
  show(list, news.length > 0);
}
