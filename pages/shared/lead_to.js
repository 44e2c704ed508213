// A button under the stage has opened a tab, `led` times by now: bring it into view.
let known;

export default function ({ data: { led, tab } }) {
  const isLed = known !== undefined && led > known;
  known = led;
  if (isLed) bringTabIntoView(tab);
}

// As soon as Streamlit has opened it.
function bringTabIntoView(tab, frames = 120) {
  const open = document.querySelector("[data-testid=stTabs] [role=tab][aria-selected=true]");
  if (!open || open.textContent !== tab) return frames && requestAnimationFrame(() => bringTabIntoView(tab, frames - 1));
  const room = 60;  // for what stays at the top of the page
  document.querySelector("[data-testid=stMain]").scrollBy({ top: open.getBoundingClientRect().top - room, behavior: isStill() ? "instant" : "smooth" });
  open.focus({ preventScroll: true });
}
