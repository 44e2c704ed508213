// An address that ends in #a-section leads to its heading as soon as that is there, and then the page goes on growing
// above and around it: the heading keeps its place at the top of the screen until the reader acts.
const ROOM = 60;  // for what stays at the top of the page

export default function () {
  if (window.sectionIsKept) return;
  window.sectionIsKept = true;
  const name = decodeURIComponent(location.hash.slice(1)), page = document.querySelector("[data-testid=stMain]");
  if (!name) return;
  const growth = new ResizeObserver(() => {
    const heading = document.getElementById(name);
    if (heading) page.scrollBy({ top: heading.getBoundingClientRect().top - ROOM, behavior: "instant" });
  });
  growth.observe(page.querySelector("[data-testid=stMainBlockContainer]"));
  for (const action of ["pointerdown", "wheel", "keydown"])
    addEventListener(action, () => growth.disconnect(), { capture: true, once: true, passive: true });
}
