// Typing a request: steps of one copy, Enter goes to the next line, a cure sets its copies in place, and the address keeps the form's key,
// so that reloading or duplicating the page is the same request. Without this script every button is sent to the server, which does the same.
(() => {
  "use strict";

  const form = document.getElementById("request");
  if (!form) return;

  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  const put = (field, copies) => {
    field.value = copies > 0 ? String(copies) : "";
    changed(field);
  };

  const step = (button) => {
    const field = button.parentElement.querySelector("input");
    const copies = Number(field.value.trim() || "0");
    if (Number.isInteger(copies)) put(field, copies + Number(button.dataset.step));
  };

  const setCopies = (value) => {
    const [product, copies] = value.split(":");
    const field = document.getElementById(`copies-${product}`);
    if (!field) return false;
    put(field, Number(copies));
    return true;
  };

  document.addEventListener("click", (event) => {
    const stepper = event.target.closest("[data-step]");
    if (stepper) step(stepper);
    const cure = event.target.closest("button[name='set']");
    if (cure && setCopies(cure.value)) event.preventDefault();
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
    event.preventDefault();
    const fields = [...form.querySelectorAll("table input.asks")];
    const next = fields[fields.indexOf(event.target) + 1];
    if (event.target.matches(".asks") && next) next.focus();
  });

  const address = new URL(location.href);
  const key = form.elements.key?.value;
  if (key && address.searchParams.get("key") !== key) {
    address.searchParams.set("key", key);
    if (form.elements.buyer?.value) address.searchParams.set("buyer", form.elements.buyer.value);
    history.replaceState(history.state, "", address);
  }
})();
