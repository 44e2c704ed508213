export default function ({ parentElement, data: { svg, alt, narrowest, widest } }) {
  const box = parentElement.querySelector(".printed"), [name] = alt.split(";");
  box.setAttribute("aria-label", name);
  box.innerHTML = svg;  // printed.py has made it
  const picture = box.firstElementChild;
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", alt);
  picture.style.minWidth = `${narrowest}px`;
  picture.style.maxWidth = `${widest}px`;
  const hint = box.nextElementSibling;
  const tell = () => { hint.textContent = box.scrollWidth > box.clientWidth + 1 ? "↔ Push the drawing sideways to see all of it." : ""; };
  box.follower?.disconnect();
  box.follower = new ResizeObserver(tell);
  box.follower.observe(box);
}
