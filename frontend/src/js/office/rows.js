// Rows that repeat: a button adds a blank one from the template. Without a script there are spare rows.
export function growRows() {
  for (const rows of document.querySelectorAll("[data-rows]")) {
    const button = rows.querySelector("[data-add-row]"), template = rows.querySelector("template");
    if (!button || !template) continue;
    const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
    button.hidden = false;
    button.addEventListener("click", () => {
      const blank = document.createElement("template");
      blank.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
      total.value = Number(total.value) + 1;
      const row = blank.content.firstElementChild;
      template.before(row);
      row.querySelector("input, select, textarea")?.focus();
    });
  }
}
