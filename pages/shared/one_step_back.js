// One press of Back undoes one action. A preset sets many controls, and Streamlit notes each of them as a step of its
// own in the browser's history. Those that come without a further action of the reader's are made one, and so are
// those of actions that follow one another at once.
const SOON = 500;  // milliseconds

export default function () {
  if (window.stepsAreGathered) return;
  window.stepsAreGathered = true;
  const push = history.pushState.bind(history);
  let last = -Infinity, hasActed = false;
  for (const action of ["pointerdown", "keydown"])
    addEventListener(action, (event) => { hasActed ||= !event.repeat; }, true);
  history.pushState = (state, title, address) => {
    const isSamePage = new URL(address, location.href).pathname === location.pathname;
    const belongsToLast = !hasActed || performance.now() - last < SOON;
    last = performance.now();
    hasActed = false;
    if (isSamePage && belongsToLast) history.replaceState(state, title, address);
    else push(state, title, address);
  };
}
