const echoed = new WeakMap();  // where it is drawn → the number echoed last

export default function ({ parentElement, data, setStateValue }) {
  if (!data.number || echoed.get(parentElement) === data.number) return;
  echoed.set(parentElement, data.number);
  setTimeout(() => {  // all that was drawn with it holds its values by then
    setStateValue("number", data.number);
    document.documentElement.dataset.echoed = data.number;  // for whoever waits for it
  });
}
