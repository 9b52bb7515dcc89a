// In a demo: a click on a person fills in the sign-in form; signing in itself stays the visitor's own click.
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const person = event.target.closest(".demo-person");
    const form = document.querySelector("form.form");
    if (!person || !form) return;
    form.elements.login.value = person.dataset.login;
    form.elements.password.value = person.dataset.password;
    for (const other of document.querySelectorAll(".demo-person")) other.setAttribute("aria-pressed", String(other === person));
    form.querySelector("button[type=submit]").focus();
  });
})();
