/* The slider says its month while it moves and fills the day beside it; without this file the form does the same on Show. */
for (const slider of document.querySelectorAll("[data-slider]")) {
  const form = slider.form;
  const box = form.elements.as_at;
  const words = form.querySelector("output");
  const first = new Date(Date.UTC(2017, 0, 1));

  slider.addEventListener("input", () => {
    const day = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + Number(slider.value), 1));
    const said = day.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
    words.textContent = said;
    slider.setAttribute("aria-valuetext", said);
    box.value = day.toISOString().slice(0, 10);
  });
  box.addEventListener("input", () => { form.elements.was.value = slider.value; });
}
