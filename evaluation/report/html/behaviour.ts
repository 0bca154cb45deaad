/**
 * The program of the page: it makes the heads of the table of tries sort and the form filter, and opens the try that a link leads to. Without
 * it, the page says the same.
 */
export const behaviour = `"use strict";
(() => {
  const table = document.getElementById("tries");
  const form = document.getElementById("filter");
  if (!table || !form) return;
  const bodies = [...table.tBodies];
  const collator = new Intl.Collator("en", { numeric: true });

  const keyOf = (body, column) => body.rows[0].cells[column].dataset.key ?? body.rows[0].cells[column].textContent;
  const compare = (left, right, isNumber) =>
    isNumber ? Number(left) - Number(right) : collator.compare(left, right);

  const sortBy = (head) => {
    const direction = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of table.tHead.rows[0].cells) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", direction);
    const keyed = bodies.map((body, place) => ({ body, place, key: keyOf(body, head.cellIndex) }));
    const sign = direction === "ascending" ? 1 : -1;
    const isNumber = head.classList.contains("number");
    keyed.sort((left, right) => sign * compare(left.key, right.key, isNumber) || left.place - right.place);
    const sorted = document.createDocumentFragment();
    for (const { body } of keyed) sorted.append(body);
    table.append(sorted);
  };

  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sortBy(head));
  }

  const filter = () => {
    const words = form.elements.words.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const outcome = form.elements.outcome.value;
    let shown = 0;
    for (const body of bodies) {
      const text = body.dataset.text.toLowerCase();
      const fits = (outcome === "" || body.dataset.outcome === outcome) && words.every((word) => text.includes(word));
      body.hidden = !fits;
      if (fits) shown += 1;
    }
    form.elements.shown.value = shown + " of " + bodies.length + " shown";
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();

  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const details = target && target.querySelector("details");
    if (!details) return;
    if (target.hidden) {
      form.reset();
      filter();
    }
    details.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
})();
`;
