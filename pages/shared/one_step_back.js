// One press of Back undoes one action. A preset sets many controls, and Streamlit notes each of them as a step of its
// own in the browser's history. Those that come without a further action of the reader's are made one, and so are
// those of actions that follow one another at once. Before Streamlit leaves a page, it takes the controls out of its
// address: that is no step at all, for Back shall lead to the page as the reader left it.
const SOON = 500;  // milliseconds

export default function () {
  if (window.stepsAreGathered) return;
  window.stepsAreGathered = true;
  const push = history.pushState.bind(history);
  let last = -Infinity, hasActed = false, left = null;  // left: the page that a press on a link is about to leave
  for (const action of ["pointerdown", "keydown"])
    addEventListener(action, (event) => {
      hasActed ||= !event.repeat;
      left = event.target.closest?.("a[data-testid*=Link]") ? location.pathname : null;
    }, true);
  history.pushState = (state, title, address) => {
    const isSamePage = new URL(address, location.href).pathname === location.pathname;
    if (isSamePage && left === location.pathname) return;
    const belongsToLast = !hasActed || performance.now() - last < SOON;
    last = performance.now();
    hasActed = false;
    if (isSamePage && belongsToLast) history.replaceState(state, title, address);
    else push(state, title, address);
  };
}
