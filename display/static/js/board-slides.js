// What the city shows between calls: one slide after the other; a film to its end.
import { show } from "../../../static/js/dom.js";

const LONGEST_FILM_MS = 10 * 60_000;

function open(slide) {
  const frame = slide.querySelector("iframe");
  if (frame) frame.src = frame.dataset.src;
}

function close(slide) {
  const frame = slide.querySelector("iframe");
  if (frame) frame.removeAttribute("src");
  slide.querySelector("video")?.pause();
}

/** Shows the slides of the page in turn, for ever. */
export function runSlides() {
  const root = document.querySelector("[data-slides]");
  const slides = [...(root?.children ?? [])];
  if (slides.length === 0) return;
  const pause = Number(root.dataset.seconds) * 1000;
  let now = 0;
  let timer = 0;

  function next() {
    clearTimeout(timer);
    if (slides.length > 1) {
      close(slides[now]);
      now = (now + 1) % slides.length;
      slides.forEach((each, index) => show(each, index === now));
    }
    begin();
  }

  function begin() {
    const film = slides[now].querySelector("video");
    open(slides[now]);
    timer = setTimeout(next, film ? LONGEST_FILM_MS : pause);
    if (!film) return;
    film.currentTime = 0;
    // A film that cannot be played makes room for the next slide.
    film.play().catch(() => {
      clearTimeout(timer);
      timer = setTimeout(next, pause);
    });
  }

  for (const film of root.querySelectorAll("video")) film.addEventListener("ended", next);
  begin();
}
