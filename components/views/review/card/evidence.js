
// ---- what speaks for and against: probabilities, reasons, examples, texts ----

const LONG = 90; // characters from which a value is a block of text
const percent = (share) => (share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(100 * share)} %`);

// Judging first: the suggestion and all that betrays it come after the answer.
const isHidden = (desk, item) => Boolean(desk.data.judge_first && item.is_open && !isWhole(item));

// The same answer again, to a suggestion that was shown after it, means: go on.
const isSameAnswer = (item, action, chosen) =>
  Boolean(item.isRevealed && item.decision?.action === action && (action !== "change" || item.decision.new === chosen));

// Whose suggestion this browser has shown is kept here: such an answer is not judged first.
const SHOWN_MS = 500;
const seenKey = (data) => `preflight-shown ${data.store}`;

function storedShown(data) {
  try {
    return JSON.parse(localStorage.getItem(seenKey(data)) ?? "[]");
  } catch {
    return [];
  }
}

function markShown(desk, item) {
  if (isWhole(item) || desk.shown.has(cellOf(item))) return;
  desk.shown.add(cellOf(item));
  clearTimeout(desk.keeping);
  desk.keeping = setTimeout(() => keepShown(desk), SHOWN_MS);
}

function keepShown(desk) {
  for (const cell of storedShown(desk.data)) desk.shown.add(cell); // of another tab
  try {
    localStorage.setItem(seenKey(desk.data), JSON.stringify([...desk.shown]));
  } catch {
    return; // a browser that keeps nothing knows of this page alone
  }
}

function isUnseen(desk, item) {
  const before = desk.data.shown.some(([row_id, column]) => row_id === item.row_id && column === item.column);
  return !before && !desk.data.betrays && !desk.shown.has(cellOf(item)) && !storedShown(desk.data).includes(cellOf(item));
}

function drawSuggestion(desk, item) {
  const hidden = isHidden(desk, item);
  const suggested = desk.part(".suggested");
  const expects = desk.mixed ? "Another value that may be right" : item.confidence === null ? "The check suggests" : desk.predictedBy ? "The probabilities in the table say" : "The models expect";
  desk.part(".suggested-name").textContent = hidden ? "What is suggested comes after your answer" : expects;
  suggested.textContent = hidden ? "" : item.suggested === null ? "not known" : item.suggested || "an empty cell";
  desk.part(".grounds").hidden = hidden;
  if (hidden) return;
  markShown(desk, item);
  const shown = item.suggested || "an empty cell";
  desk.part(".reason").textContent = item.reason ? `Speaks for “${shown}”: ${item.reason}.` : "";
  desk.part(".against").textContent = item.against ? `Speaks against it: ${item.against}.` : "";
  drawLikely(desk, item);
}

function drawLikely(desk, item) {
  const part = desk.part(".likely");
  const told = item.likely.length || item.confidence === null ? item.likely : [[item.suggested ?? "", item.confidence]];
  part.hidden = !told.length;
  part.replaceChildren();
  for (const [name, probability] of told) {
    const line = make("div", "", "chance");
    const label = make("span", name || "an empty cell", "name");
    label.dir = "auto";
    label.title = name;
    if (name === item.given) label.prepend(make("small", "in the file"));
    const bar = make("span", "", "track");
    const fill = make("span");
    fill.style.width = `${100 * probability}%`;
    bar.append(fill);
    line.append(label, bar, make("span", percent(probability), "share"));
    part.append(line);
  }
  const whose = desk.predictedBy
    ? `Probabilities in ${desk.predictedBy}, of a model that must not have seen this row`
    : "Probabilities of models that had not seen this row";
  if (told.length) part.append(make("div", `${whose}; they are not the chance that the label is wrong.`, "small"));
}

const isLong = (text) => text.length > LONG || text.includes("\n");

// A cell: a long text is a block with its line breaks; each goes in the direction of its script.
function valueOf(text) {
  const value = text.trim() ? make("dd", text) : make("dd", "missing", "missing");
  value.dir = "auto";
  return value;
}

async function drawExamples(desk, item) {
  const part = desk.part(".examples");
  part.hidden = isHidden(desk, item) || !desk.classes.length;
  part.ontoggle ??= () => drawExamples(desk, desk.order[desk.at]);
  if (!item || part.hidden || !part.open) return;
  const names = [...new Set([item.given, item.suggested ?? item.given])];
  const missing = names.filter((name) => !desk.examples.has(name));
  for (const name of missing) desk.examples.set(name, null); // asked for once
  if (missing.length) {
    const told = await ask(desk, "examples", { names: missing }).catch(() => null);
    for (const name of missing)
      if (told) desk.examples.set(name, told.examples.find((one) => one.name === name));
      else desk.examples.delete(name);
  }
  if (desk.order[desk.at] === item) fillExamples(desk, part.querySelector(".scroll"), item, names);
}

function fillExamples(desk, part, item, names) {
  const known = names.map((name) => desk.examples.get(name)).filter(Boolean);
  if (!known.some((one) => one.rows.length)) {
    part.replaceChildren(make("p", known.length ? "This check keeps none." : "They are on their way.", "small"));
    return;
  }
  const columns = known[0].columns.slice(0, SHOWN);
  const table = make("table");
  const head = make("tr");
  head.append(make("th", item.column), make("th", "Row"), ...columns.map((name) => make("th", name)));
  table.append(head);
  for (const one of known)
    for (const [row, texts] of one.rows) {
      const line = make("tr");
      line.append(make("td", one.name), make("td", row.toLocaleString("en")), ...columns.map((_, n) => make("td", texts[n])));
      table.append(line);
    }
  const note = make("p", "Of each class the rows with the highest label quality. No person has looked at them. The columns are those that the models read.", "small");
  part.replaceChildren(table, note);
}
