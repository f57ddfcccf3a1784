/* Keeps what is typed on the server while it is typed. Without this file the 'Keep for later' button does the same. */
const form = document.querySelector("form[data-keep]");
if (form) {
  const said = form.querySelector("[data-kept]");
  let waiting = 0, before = "", sent = false;
  let stop = new AbortController();
  const typed = () => {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") values.append(name, value);
    values.append("_form", location.pathname + location.search);
    return values;
  };
  const keep = async () => {
    const values = typed();
    if (sent || values.toString() === before) return;
    before = values.toString();
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: values, credentials: "same-origin", keepalive: true, signal: stop.signal });
      said.textContent = answer.ok ? `Kept at ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}.` : "Not kept: press Keep for later.";
    } catch { if (!sent) said.textContent = "Not kept: no connection."; }
  };
  before = typed().toString();
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 1500); });
  /* What is sent is no draft any more: nothing may keep it again on the way out. */
  form.addEventListener("submit", () => { sent = true; clearTimeout(waiting); stop.abort(); });
  addEventListener("pageshow", () => { sent = false; stop = new AbortController(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
}
