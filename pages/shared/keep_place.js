// While another tab is drawn, the page is shorter for a moment, and the browser would scroll up to its end: tabs would
// move away under the pointer. Whatever the reader presses, the page stays as high as it reaches down on the screen
// then; for a moment so high that a short tab, too, can come to the top. What is left of it goes when they scroll up.
const HEADER = 48, MOMENT = 3000;  // pixels that stay at the top of the page; milliseconds in which tabs are drawn

export default function () {
  if (window.placeIsKept) return;
  window.placeIsKept = true;
  let timer = 0;
  const keep = (withTabs) => {
    const page = document.querySelector("[data-testid=stMain]");
    const content = page?.querySelector("[data-testid=stMainBlockContainer]");
    if (!content) return;
    const tabs = withTabs && content.querySelector("[data-testid=stTabs]");
    const below = tabs ? tabs.getBoundingClientRect().top - content.getBoundingClientRect().top - HEADER : 0;
    content.style.minHeight = `${Math.max(page.scrollTop, below) + page.clientHeight}px`;
  };
  const press = () => {
    keep(true);
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; keep(false); }, MOMENT);
  };
  for (const action of ["pointerdown", "keydown"]) addEventListener(action, press, { capture: true, passive: true });
  addEventListener("scrollend", () => timer || keep(false), { capture: true, passive: true });
}
