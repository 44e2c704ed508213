// One press of Back undoes one action. A preset sets many controls, and Streamlit notes each of them as a step of its
// own in the browser's history: those that follow one another at once are made one.
const SOON = 500;  // milliseconds

export default function () {
  if (window.stepsAreGathered) return;
  window.stepsAreGathered = true;
  const push = history.pushState.bind(history);
  let last = -Infinity;
  history.pushState = (state, title, address) => {
    const isSamePage = new URL(address, location.href).pathname === location.pathname;
    const follows = performance.now() - last < SOON;
    last = performance.now();
    if (isSamePage && follows) history.replaceState(state, title, address);
    else push(state, title, address);
  };
}
