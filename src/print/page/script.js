
"use strict";
// The page is complete without this: it only sorts, filters, and opens what a link leads to.
{
  const key = cell => {
    const data = cell.querySelector("data");
    const text = (data ? data.value : cell.textContent).trim();
    const rank = cell.querySelector(".level b");
    if (rank) return Number(rank.textContent);
    return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  };
  const compare = (one, other) => {
    if (one === "" || other === "") return (one === "") - (other === "");
    if (typeof one === typeof other) return one < other ? -1 : Number(one > other);
    return typeof one === "number" ? -1 : 1;
  };
  const sort = (table, heading, column) => {
    const up = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows].map(row => [key(row.cells[column]), row]);
    // what is not known stays last, whichever way
    rows.sort(([one], [other]) => compare(one, other) * (up || one === "" || other === "" ? 1 : -1));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };
  const filter = table => {
    const frame = table.parentElement;
    const label = document.createElement("label");
    const input = document.createElement("input");
    const told = document.createElement("output");
    const rows = [...table.tBodies[0].rows].map(row => [row.textContent.toLowerCase(), row]);
    input.type = "search";
    label.append(table.dataset.filter + " ", input);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      let shown = 0;
      for (const [text, row] of rows) {
        row.hidden = !words.every(word => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      told.textContent = document.body.dataset.filtered.replace("{shown}", shown).replace("{all}", rows.length);
    });
    const box = document.createElement("div");
    box.className = "filter";
    box.append(label, told);
    frame.before(box);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    if (table.tBodies[0].rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sort(table, heading, column));
      heading.append(button);
    });
    if (table.dataset.filter && table.tBodies[0].rows.length > 5) filter(table);
  }
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    const details = target && target.closest("details");
    if (!details) return;
    details.open = true;
    target.focus({ preventScroll: true });
    details.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
}
