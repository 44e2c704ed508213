// A connection that breaks just after a press loses the press, and now and then leaves Streamlit 1.67 with half a
// page, on which it fails: the page stays white. A white page is loaded anew, and a press of the page's primary
// button that changed nothing is made again. What is made again is only what says so by its name: "Train" that was
// heard is "Pause" by now.
const SOON = 5000;  // milliseconds: a press longer ago was heard
const PATIENCE = 20000;
const PRESSED = "pressed before the page broke", WAS_WHITE = "the page was white";
const PRIMARY = '[data-testid="stBaseButton-primary"]';

export default function () {
  if (window.comesBack) return;
  window.comesBack = true;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(PRIMARY);
    if (button) sessionStorage.setItem(PRESSED, JSON.stringify({ name: button.innerText, at: Date.now() }));
  }, true);
  if (sessionStorage.getItem(WAS_WHITE)) pressAgainIfLost();
  else sessionStorage.removeItem(PRESSED);  // a reader who loads the page anew sees what became of the press
  sessionStorage.removeItem(WAS_WHITE);

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...address) {
      super(...address);
      this.addEventListener("open", pressAgainIfLost);
    }
  };

  const root = document.getElementById("root");
  const isWhite = () => root.childElementCount === 0;
  const startAnew = () => {
    sessionStorage.setItem(WAS_WHITE, "yes");
    location.reload();
  };
  new MutationObserver(() => isWhite() && setTimeout(() => isWhite() && startAnew(), 500))
    .observe(root, { childList: true });
}

// Press once more what was pressed just before now, if it is still there when the page rests.
function pressAgainIfLost() {
  const { name, at } = JSON.parse(sessionStorage.getItem(PRESSED) ?? "{}");
  sessionStorage.removeItem(PRESSED);
  if (!(Date.now() - at < SOON)) return;
  let restedBefore = false;
  const look = setInterval(() => {
    const rests = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning";
    if (rests && restedBefore) {
      clearInterval(look);
      const button = document.querySelector(PRIMARY);
      if (button?.innerText === name && !button.disabled) button.click();
    }
    restedBefore = rests;
    if (Date.now() - at > PATIENCE) clearInterval(look);
  }, 250);
}
