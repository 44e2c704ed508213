// The page has led to its open tab, or back to its top, `led` times by now: bring it into view.
const known = {};  // page → `led` as it was last

export default function ({ data: { page, led, tab } }) {
  const isLed = led > known[page];
  known[page] = led;
  if (!isLed) return;
  if (tab) bringTabIntoView(tab);
  else bringTopIntoView();
}

// As soon as the stage is there again, and nothing moves it any more.
function bringTopIntoView(frames = 240, atRest = 0, before = 0) {
  const page = document.querySelector("[data-testid=stMain]"), height = page.scrollHeight;
  const isBack = document.querySelector(".st-key-stage")?.offsetHeight && !document.querySelector(".st-key-way_back");
  if (isBack && atRest >= 15) page.scrollTo({ top: 0, behavior: isStill() ? "instant" : "smooth" });
  else if (frames) requestAnimationFrame(() => bringTopIntoView(frames - 1, isBack && height === before ? atRest + 1 : 0, height));
}

// As soon as Streamlit has opened it; with the way back that stands over it, if there is one.
function bringTabIntoView(tab, frames = 120) {
  const open = document.querySelector("[data-testid=stTabs] [role=tab][aria-selected=true]");
  if (!open || open.textContent !== tab) return frames && requestAnimationFrame(() => bringTabIntoView(tab, frames - 1));
  const room = 60, first = document.querySelector(".st-key-way_back") ?? open;  // room for what stays at the top of the page
  document.querySelector("[data-testid=stMain]").scrollBy({ top: first.getBoundingClientRect().top - room, behavior: isStill() ? "instant" : "smooth" });
  open.focus({ preventScroll: true });
}
