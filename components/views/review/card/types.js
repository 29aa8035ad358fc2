// The card of items that are no labels: cells to edit, whole rows, rows that repeat one.
// It stands behind desk.js, whose functions it uses; which keys make sense comes from the server.

const WHOLE_ROW = " row";
const REPEATS = " repeats";
const SAID_OF = {
  [WHOLE_ROW]: { keep: "Rare but right", error: "An error, left in", exclude: "Left out" },
  [REPEATS]: { keep: "All kept", exclude: "One kept, the others left out" },
};
const MARKED = 40; // characters from which a cell of the table is cut

// The keys of a page: those of labels, with the answers that this type of item has.
function commandsOf(told) {
  const answers = new Map(told.choices.map(([key, action, text]) => [key, { action, text }]));
  const isAnswer = (command) => command[1] !== "";
  return COMMANDS.filter((command) => !isAnswer(command) || answers.has(command[0])).map((command) => {
    if (!isAnswer(command)) return command;
    const [key] = command;
    const { action, text } = answers.get(key);
    const act = action === "change" ? command[3] : (desk) => decide(desk, action);
    return [key, action, text, act];
  });
}

// What an entry of the list is called: of cells of several columns also the column.
const named = (desk, item) => {
  if (desk.type === "cell") return `${item.column} is ${item.given || "empty"}`;
  if (desk.type !== "unlabelled") return item.given;
  return isHidden(desk, item) ? "no label" : `no label, ${item.suggested === null ? "none suggested" : `${item.suggested}?`}`;
};

const isWhole = (item) => item.column === WHOLE_ROW || item.column === REPEATS;

// What a cell is changed to where none of a few classes is meant: any text that its column can hold.
function editField(desk) {
  const label = make("label");
  const field = make("input");
  field.placeholder = "another value, or none";
  field.ariaLabel = "Type another value";
  field.maxLength = 10_000;
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const item = desk.order[desk.at];
    const text = field.value;
    field.value = "";
    field.blur();
    if (item) choose(desk, text); // nothing typed: an empty cell
  });
  label.append(make("kbd", "/"), field);
  return label;
}

// Draws what an item about whole rows shows in the place of the two values of a cell.
function drawWhole(desk, item) {
  const place = desk.part(".whole");
  place.replaceChildren();
  place.hidden = !isWhole(item);
  desk.part(".pair").hidden = isWhole(item);
  desk.part(".card").classList.toggle("of-repeats", item.column === REPEATS);
  if (place.hidden) return;
  desk.part(".grounds").hidden = true;
  if (item.equal) drawEqual(place, item);
  else drawOdd(place, item);
}

function drawOdd(place, item) {
  place.append(make("h3", "What sets this row apart"));
  const list = make("ul", "", "odd");
  for (const [column, value, reason, usual] of item.odd) {
    const line = make("li");
    line.append(make("span", column, "name"), make("strong", value || "missing"));
    line.append(make("small", [reason, usual].filter(Boolean).join("; ")));
    list.append(line);
  }
  const named = new Set(item.odd.map(([, , reason]) => reason));
  const rest = (item.reason ?? "").split("; ").filter((part) => part && !named.has(part));
  for (const part of rest) {
    const line = make("li");
    line.append(make("small", part));
    list.append(line);
  }
  if (!list.children.length) list.append(make("li", "No single value: it lies apart as a whole."));
  place.append(list);
}

function drawEqual(place, item) {
  const { names, differing, rows, more } = item.equal;
  const n = rows.length + more;
  place.append(make("h3", `${n.toLocaleString("en")} rows are equal${differing.length ? " but for the marked columns" : " in every column"}`));
  const table = make("table");
  const head = make("tr");
  head.append(make("th", "Row"), ...names.map((name) => make("th", name, differing.includes(name) ? "other" : "")));
  table.append(head);
  for (const [row, texts] of rows) {
    const line = make("tr");
    line.append(make("td", row.toLocaleString("en")));
    texts.forEach((text, k) => {
      const cell = make("td", text, differing.includes(names[k]) ? "other" : "");
      if (text.length > MARKED) cell.title = text;
      line.append(cell);
    });
    table.append(line);
  }
  const scroll = make("div", "", "scroll");
  scroll.append(table);
  place.append(scroll);
  if (more) place.append(make("p", `and ${plural(more, "more row", "more rows")}`, "small"));
  place.append(make("p", `“Keep one” leaves ${plural(n - 1, "row")} out and keeps row ${item.row.toLocaleString("en")}.`, "small"));
}

// Marks the values of a row that set it apart, among all its values.
function markOdd(desk, item) {
  const names = new Set((item.odd ?? []).map(([column]) => column));
  for (const term of desk.part(".card").querySelectorAll(".values dt")) {
    const name = term.firstChild?.textContent ?? "";
    term.parentElement.classList.toggle("odd", names.has(name));
  }
}

// ---- several at once ----

const FOR_ALL_OF = {
  row: { keep: ["k", "All rare but right"], exclude: ["x", "Leave all out"] },
  repeats: { keep: ["k", "Keep all rows"], exclude: ["l", "Keep one of each set"] },
};

const forAll = (desk) => FOR_ALL_OF[desk.type] ?? FOR_ALL;
const isWholeDesk = (desk) => desk.type in FOR_ALL_OF;

function saidForAll(desk, action, n) {
  if (desk.type === "row") {
    const rows = plural(n, "row");
    return action === "keep" ? `${rows} kept as rare but right.` : `${rows} left out of the corrected table.`;
  }
  const sets = plural(n, "set");
  return action === "keep" ? `All rows of ${sets} stay.` : `Of ${sets} one row each stays in the corrected table.`;
}
