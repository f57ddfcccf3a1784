/* Everything works without this file; it only makes some of it smoother. */
import { initAll } from "../vendor/nhsuk/nhsuk-frontend.min.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();

/* A choice that only changes what is shown may apply itself; the button stays for everybody else. */
for (const form of document.querySelectorAll("form[data-instant]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
