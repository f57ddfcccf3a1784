/* Keeps what is typed while it is typed. Without this file the draft is kept on every step instead. */
const form = document.querySelector("form[data-draft]");
const line = document.querySelector("[data-draft-line]");

if (form && line) {
  let waiting = null;
  let kept = "";

  const typed = () => {
    const data = new FormData(form);
    data.set("step", "autosave");
    return data;
  };
  const words = (data) => new URLSearchParams([...data].filter(([name]) => name !== "csrfmiddlewaretoken")).toString();
  kept = words(typed());

  const keep = async () => {
    waiting = null;
    const data = typed();
    const now = words(data);
    if (now === kept) return;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, keepalive: true });
      if (answer.status !== 204) throw new Error(answer.statusText);
      kept = now;
      const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      line.textContent = `Draft kept at ${time}. Nobody else can see it.`;
    } catch {
      line.textContent = "The draft could not be kept just now. We will try again as you type.";
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1500);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting) {
      clearTimeout(waiting);
      keep();
    }
  });
}
