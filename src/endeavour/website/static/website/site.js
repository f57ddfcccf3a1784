/* Everything works without this file; it only makes some of it smoother. */
import { initAll } from "../vendor/nhsuk/nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

/* A choice that only changes what is shown may apply itself; the button stays for everybody else. */
for (const form of document.querySelectorAll("form[data-instant]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

/* The hexagon map: one stop for the keyboard, arrows to move, and a line that says what is under the finger. */
for (const box of document.querySelectorAll("[data-hexmap]")) {
  const links = [...box.querySelectorAll("svg.ce-hexmap a")];
  if (!links.length) continue;
  const spots = new Map(links.map((link) => {
    const hex = link.querySelector("use");
    return [link, [Number(hex.getAttribute("x")), Number(hex.getAttribute("y"))]];
  }));
  const line = document.createElement("p");
  line.className = "ce-readout";
  line.setAttribute("aria-live", "polite");
  line.textContent = "Touch or point at a hexagon to see its name and value. On a keyboard, use the arrow keys.";
  box.querySelector(".ce-chart__picture").after(line);

  const say = (link) => {
    const way = document.createElement("a");
    way.href = link.getAttribute("href");
    way.textContent = "See this neighbourhood";
    line.replaceChildren(`${link.querySelector("title").textContent}. `, way);
  };
  const stop = (link) => {
    for (const other of links) other.setAttribute("tabindex", other === link ? "0" : "-1");
  };
  const nearest = (from, dx, dy) => {
    const [x, y] = spots.get(from);
    let best = null, least = Infinity;
    for (const [link, [ox, oy]] of spots) {
      const along = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      const cost = along + aside * 2;
      if (along > 4 && cost < least) { best = link; least = cost; }
    }
    return best;
  };
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  stop(links[0]);
  for (const link of links) {
    link.addEventListener("pointerenter", () => say(link));
    link.addEventListener("focus", () => { say(link); stop(link); });
    link.addEventListener("click", (event) => {
      if (event.pointerType === "touch") { event.preventDefault(); say(link); }
    });
    link.addEventListener("keydown", (event) => {
      const way = arrows[event.key];
      if (!way) return;
      event.preventDefault();
      nearest(link, ...way)?.focus();
    });
  }
}
