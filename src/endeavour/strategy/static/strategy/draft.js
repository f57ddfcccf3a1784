/* Keeps what is typed on the server while it is typed, on every form that has drafts: `data-keep` says where it is sent,
   `data-keep-with` what goes with it. A browser lets at most 64 kB outlive its page, so only the last one asks for that. Without this file the 'Keep for later' button does the same. */
const form = document.querySelector("form[data-keep]");
if (form) {
  const said = form.querySelector("[data-kept]");
  let waiting = 0, before = "", sent = false;
  let stop = new AbortController();
  const typed = () => {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") values.append(name, value);
    for (const [name, value] of new URLSearchParams(form.dataset.keepWith)) values.set(name, value);
    return values;
  };
  const keep = async () => {
    const values = typed();
    if (sent || values.toString() === before) return;
    const last = before;
    before = values.toString();
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: values, credentials: "same-origin", keepalive: document.visibilityState === "hidden", signal: stop.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      said.textContent = `Kept at ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}. Nobody else can see it.`;
    } catch {
      if (sent) return;
      before = last;
      said.textContent = "Not kept just now. We try again as you type, or press Keep for later.";
    }
  };
  before = typed().toString();
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 1500); });
  /* What is sent is no draft any more: nothing may keep it again on the way out. */
  form.addEventListener("submit", () => { sent = true; clearTimeout(waiting); stop.abort(); });
  addEventListener("pageshow", () => { sent = false; stop = new AbortController(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
}
