
// ---- where one is: what was chosen, and the item in the address ----

const ADDRESS_MS = 400; // browsers take only so many changes of the address in a while

const isOpenOnly = (desk) => (desk.data.selection.stage ?? "open") === "open";

function askedItem(desk) {
  const [, row, column] = /^(\d+)(?: (.*))?$/s.exec(desk.data.item ?? "") ?? [];
  return row === undefined ? null : { row_id: Number(row), column: column ?? desk.data.column };
}

function tellAddress(desk) {
  clearTimeout(desk.telling);
  desk.telling = setTimeout(() => {
    const item = desk.order[desk.at];
    const address = new URL(window.location.href);
    if (!item || desk.page.signal.aborted) address.searchParams.delete("item");
    else address.searchParams.set("item", desk.data.column ? item.row_id : `${item.row_id} ${item.column}`);
    if (address.href !== window.location.href) window.history.replaceState(window.history.state, "", address);
  }, ADDRESS_MS);
  desk.page.signal.addEventListener("abort", () => clearTimeout(desk.telling), { once: true });
}

// A switch that has the focus takes no letters: they are for the card.
const isTypedIn = (field) =>
  field instanceof HTMLElement &&
  (field.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName)) &&
  !/^(checkbox|radio)$/.test(field.type);

// A panel that Escape closes may hold the focus for a moment: what is typed then is for the card.
const CLOSING_MS = 1_000;

function isLeft(desk, field, event) {
  if (event.key === "Escape" && field.ariaExpanded !== "true") {
    desk.left = { field, at: performance.now() };
    field.blur();
    return false;
  }
  if (event.key === "Tab" || event.key === "Escape") desk.left = null;
  return desk.left?.field === field && performance.now() - desk.left.at < CLOSING_MS;
}
