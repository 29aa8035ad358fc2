
// ---- several items at once: shown first, then confirmed; one press, one undo ----

const LIKENESS = {
  reason: ["the whole reason", "the reason"],
  strongest: ["the strongest reason", "the strongest reason"],
  values: ["the labels alone", ""],
};
const FOR_ALL = {
  keep: ["k", "Keep all"],
  change: ["l", "Accept for all"],
  exclude: ["x", "Leave all out"],
};

function several(desk) {
  const item = desk.order[desk.at];
  if (!item || item.kept_for || desk.several || desk.mixed || isHidden(desk, item)) return;
  const dialog = make("dialog", "", "several");
  dialog.addEventListener("close", () => {
    dialog.remove();
    desk.several = null;
  });
  dialog.addEventListener("keydown", (event) => severalPressed(desk, event));
  desk.part(".desk").append(dialog);
  desk.several = { dialog, item, found: null, action: "" };
  dialog.append(make("p", "Looking for items like this one.", "small"));
  dialog.showModal();
  lookForSimilar(desk, "");
}

async function lookForSimilar(desk, likeness) {
  const at = desk.several;
  const { item } = at;
  try {
    await send(desk); // what is not saved yet would be among them
    at.found = await ask(desk, "similar", { row_id: item.row_id, column: item.column, likeness, selection: desk.data.selection });
    at.action = "";
  } catch (error) {
    if (desk.page.signal.aborted) return;
    at.dialog.close();
    return notice(desk, error.message);
  }
  if (desk.several === at) drawSeveral(desk);
}

function drawSeveral(desk) {
  const { dialog, found } = desk.several;
  const n = found.places.length;
  const many = n ? `${n.toLocaleString("en")} open items like this` : "Nothing to decide together";
  const head = make("h2", n === 1 ? "One open item like this" : many);
  dialog.replaceChildren(head, sameIn(desk, found), ...(n ? [effectsOf(desk, found)] : []), choicesOf(desk, found));
  dialog.tabIndex = -1; // no choice has the focus: none is preselected
  dialog.focus();
}

function sameIn(desk, found) {
  const part = make("div");
  const line = make("div", "", "keys likeness");
  line.append(make("span", isWholeDesk(desk) ? "The same" : "The same given and suggested value, and the same", "small"));
  for (const [name, [text]] of Object.entries(LIKENESS)) {
    const made = button("", `${name === "values" ? "nothing else" : text} (${(found.n[name] ?? 0).toLocaleString("en")})`, () => lookForSimilar(desk, name));
    made.classList.toggle("chosen", name === found.likeness);
    made.setAttribute("aria-pressed", name === found.likeness);
    line.append(made);
  }
  part.append(line);
  if (!isWholeDesk(desk)) part.append(pairLine(found));
  if (found.reason) part.append(make("div", `${found.likeness === "reason" ? "The reason" : "The strongest reason"}: ${found.reason}`, "small"));
  const out = [];
  if (found.n_held) out.push(`${plural(found.n_held, "item")} on the screen of somebody else: left out`);
  if (found.n_alone) out.push(`${plural(found.n_alone, "item")} for one by one: you have answered, or two people differ`);
  if (found.n_more) out.push(`${plural(found.n_more, "more item")}: the next time`);
  if (out.length) part.append(make("div", `${out.join(". ")}.`, "small"));
  return part;
}

function pairLine(found) {
  const line = make("div", "", "same");
  const given = make("b", found.given || "an empty cell");
  const suggested = make("b", found.suggested === null ? "not known" : found.suggested || "an empty cell");
  for (const one of [given, suggested]) one.dir = "auto";
  line.append("given ", given, ", suggested ", suggested);
  return line;
}

function effectsOf(desk, found) {
  const part = make("div", "", "effects scroll");
  part.append(make("h3", "Whom it is about"));
  if (!found.effects.length) {
    part.append(make("p", "No column that forms groups of people is marked as sensitive, so nothing can be said of them.", "small"));
    return part;
  }
  const table = make("table");
  const head = make("tr");
  head.append(...["Column", "Group", "Rows decided", "Of the rows of the group"].map((name) => make("th", name)));
  table.append(head);
  let former = "";
  for (const [column, group, n, all] of found.effects) {
    const line = make("tr");
    line.append(make("td", column === former ? "" : column), make("td", group), make("td", n.toLocaleString("en"), "number"), make("td", `${all.toLocaleString("en")} (${share(n, all)})`, "number"));
    table.append(line);
    former = column;
  }
  part.append(table);
  for (const sentence of found.changed) part.append(make("p", sentence, "small"));
  return part;
}

const share = (n, all) => `${((100 * n) / Math.max(1, all)).toLocaleString("en", { maximumSignificantDigits: 2 })} %`;

function choicesOf(desk, found) {
  const part = make("div", "", "actions");
  const line = make("div", "", "keys");
  for (const [action, [key, text]] of Object.entries(forAll(desk))) {
    const made = button(shownKey(desk, key), text, () => chooseForAll(desk, action));
    made.dataset.action = action;
    made.disabled = !found.places.length || (action === "change" && !found.can_accept);
    line.append(made);
  }
  const said = make("p", found.places.length ? "Choose what to decide; then confirm it." : "", "said");
  said.setAttribute("role", "status");
  const confirm = button("enter", "Confirm", () => confirmForAll(desk));
  confirm.classList.add("confirm");
  confirm.disabled = true;
  const close = button("", "Cancel", () => desk.several.dialog.close());
  const ends = make("div", "", "keys");
  ends.append(confirm, close);
  part.append(line, said, ends);
  return part;
}

function chooseForAll(desk, action) {
  const { dialog, found } = desk.several;
  const made = dialog.querySelector(`[data-action=${action}]`);
  if (!made || made.disabled) return;
  desk.several.action = action;
  for (const one of dialog.querySelectorAll("[data-action]")) {
    one.classList.toggle("chosen", one === made);
    one.setAttribute("aria-pressed", one === made);
  }
  const n = plural(found.places.length, "row");
  const to = found.suggested || "an empty cell";
  const told = isWholeDesk(desk) ? saidForAll(desk, action, found.places.length) : {
    keep: `“${found.given || "an empty cell"}” stays in ${n}.`,
    change: `“${found.given || "an empty cell"}” becomes “${to}” in ${n}.`,
    exclude: `${n} ${found.places.length === 1 ? "is" : "are"} left out of the corrected table.`,
  }[action];
  dialog.querySelector(".said").textContent = `${told} One undo takes it back.`;
  const confirm = dialog.querySelector(".confirm");
  confirm.disabled = false;
  confirm.focus();
}

function severalPressed(desk, event) {
  event.stopPropagation();
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const key = ownKey(desk, event);
  const chosen = Object.entries(forAll(desk)).find(([, [one]]) => one === key);
  if (chosen) chooseForAll(desk, chosen[0]);
  else if (key === "enter" && desk.several.action && !event.composedPath()[0].closest?.(".likeness, .keys button:not(.confirm)")) confirmForAll(desk);
  else return;
  event.preventDefault();
}

function confirmForAll(desk) {
  const { found, action, dialog } = desk.several;
  if (!action) return;
  dialog.close();
  decideTogether(desk, { places: found.places, as_of: found.as_of, action, to: found.suggested });
}

function decideTogether(desk, asked, isAgain = false) {
  const press = { mark: mark(), n: (desk.n += 1), places: asked.places, as_of: asked.as_of, action: asked.action, note: "" };
  const made = { action: asked.action, new: asked.action === "change" ? asked.to : "", version: press.mark, batch: press.mark, by: desk.data.reviewer, mine: true, note: "" };
  desk.done.push({ batch: press.mark, made, asked });
  if (!isAgain) keepUndone(desk, []);
  queueUp(desk, press);
  markTogether(desk);
  show(desk, firstOpen(desk, Math.max(0, desk.at)));
}

// What was decided together just now shows as decided, also on cards that were asked for before.
function markTogether(desk) {
  for (const { batch, made, asked } of desk.done) {
    const isFresh = desk.isOutdated || desk.unsaved.some((press) => press.mark === batch);
    if (!batch || !asked || !isFresh) continue;
    const those = new Set(asked.places);
    for (const item of desk.order)
      if (item.is_open && those.has(item.place)) Object.assign(item, { decision: { ...made, row_id: item.row_id, column: item.column }, version: batch, waits: false, differing: [], is_open: false });
  }
}

function undoTogether(desk, last) {
  desk.done = desk.done.filter((entry) => entry !== last);
  const press = { mark: mark(), n: (desk.n += 1), batch: last.batch, action: "" };
  keepUndone(desk, [...desk.undone, { ...last, undo: press.mark, n: press.n }]);
  queueUp(desk, press);
}

// Do again what was decided together: about the same items, if nothing came between.
function redoTogether(desk, last) {
  keepUndone(desk, desk.undone.filter((entry) => entry !== last));
  if (!last.asked) return notice(desk, "What was decided together before the page was loaded is not done again: choose the items anew with S.");
  decideTogether(desk, last.asked, true);
}

const isTogether = (press) => Boolean(press.places || press.batch);

function settleTogether(desk, press, told) {
  desk.unsaved = desk.unsaved.filter((one) => one.mark !== press.mark);
  forgetHere(desk, press);
  if (!told.n && press.places) desk.done = desk.done.filter((entry) => entry.batch !== press.mark);
  if (told.fate !== "kept" && press.batch) putBack(desk, press.mark);
  const said = press.batch ? `Undone: ${plural(told.n, "item")} together.` : `${plural(told.n, "item")} decided together.`;
  for (const line of desk.part(".notices").querySelectorAll(".done-together")) line.remove();
  notice(desk, [told.fate === "kept" ? said : "", told.why].filter(Boolean).join(" "), null, told.why ? "notice" : "notice calm done-together");
  desk.isOutdated = true;
}

// Fetch anew what the browser holds: rows beyond the card were decided, or are open again.
async function renew(desk) {
  if (desk.isRenewing) return;
  desk.isRenewing = true;
  await desk.fetching; // cards of before
  desk.isOutdated = desk.isRenewing = false;
  desk.from = (desk.order[Math.min(desk.at, desk.order.length - 1)]?.place ?? 0) - 1;
  desk.order = [];
  desk.at = -1;
  desk.done = desk.done.map(({ made, batch, asked }) => ({ made, batch, asked, before: null }));
  await more(desk);
  show(desk, firstOpen(desk, 0));
}
