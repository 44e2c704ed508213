const echoed = new WeakMap();  // where it is drawn → the number echoed last

export default function ({ parentElement, data, setStateValue }) {
  if (!data.number || echoed.get(parentElement) === data.number) return;
  echoed.set(parentElement, data.number);
  setTimeout(() => setStateValue("number", data.number));  // all that was drawn with it holds its values by then
}
