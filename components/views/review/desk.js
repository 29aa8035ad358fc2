// The fast card of the review. The browser holds the next cards and draws them at once; each key
// names its cell and the decision that the screen showed, is kept here until the server has
// answered, and is sent again until it has. The server keeps it once.
// Streamlit calls the default export again at every change of the data: state lives in DESKS.
// Text is set with textContent only: all of it comes from the uploaded file.

const DESKS = new WeakMap();
const AHEAD = 20; // cards that are fetched at once
const FEW = 10; // cards left at which more are fetched
const MOST_SENT = 100;
const SHOWN = 12; // columns of a card that are not folded away
const PAGE = 14; // entries of a page of the list
const STAY_MS = 60_000;
const AGAIN_MS = 4_000; // until it is asked again whether others have left something
const RETRY_MS = [300, 600, 1_200, 2_400, 5_000];
const FEWEST = 5; // timed decisions from which the time that is left is told

const COMMANDS = [
  ["k", "keep", "Keep", (d) => decide(d, "keep")],
  ["l", "change", "Accept", (d) => accept(d)],
  ["x", "exclude", "Leave out", (d) => decide(d, "exclude")],
  ["n", "unsure", "Not sure", (d) => decide(d, "unsure")],
  ["e", "escalate", "Hand on", (d) => decide(d, "escalate")],
  ["z", "", "Undo", (d) => undo(d)],
  ["y", "", "Redo", (d) => redo(d)],
  ["arrowleft", "", "Previous", (d) => step(d, -1)],
  ["arrowright", "", "Next", (d) => step(d, 1)],
  ["m", "", "Write a note", (d) => focus(d.part(".note input"))],
  ["s", "", "Several like this", several],
  ["g", "", "Go to a row", (d) => focus(d.part(".jump input"))],
  ["/", "", "Type a class", (d) => focus(d.part(".classes input"))],
  ["h", "", "Guidelines", guidelines],
  ["?", "", "Show the keys", (d) => d.part(".keyhelp").showModal()],
];
const NAMES = { arrowleft: "←", arrowright: "→" };
const SAID = {
  keep: "Kept",
  change: "Changed to",
  exclude: "Left out",
  unsure: "Not sure",
  escalate: "Handed on",
  error: "An error",
};

export default function (component) {
  const root = component.parentElement;
  let desk = DESKS.get(root);
  if (desk && desk.data.queue !== component.data.queue) {
    desk.page.abort();
    if (desk.data.store !== component.data.store) desk.part(".notices").replaceChildren(); // of another tab
    desk = null;
  }
  if (!desk) {
    desk = makeDesk(root, component.data);
    DESKS.set(root, desk);
    begin(desk);
  }
  desk.data = component.data; // a new pass is as good as the old one
  desk.trigger = component.setTriggerValue;
  return () => {
    desk.page.abort();
    DESKS.delete(root);
  };
}

function makeDesk(root, data) {
  const desk = {
    data,
    part: (selector) => root.querySelector(selector),
    page: new AbortController(),
    order: [], // cards in the order in which they were shown, and those to come
    at: -1,
    examples: new Map(), // class -> rows of the highest quality; null while they are on their way
    from: -1, // the place behind which it begins
    done: [], // what can be undone: {made, before}, or what was decided together
    undone: storedUndone(data), // what can be done again: {made, undo, left}, or the same
    unsaved: stored(data),
    shown: new Set(storedShown(data)), // items whose suggestion was on the screen
    counts: null,
    keys: new Map(), // key -> class
    commands: [],
    fetching: null,
    sending: false,
    atOnce: MOST_SENT,
    n: 0,
    failures: 0,
    shownAt: 0,
    spent: [],
    list: { start: 0, stage: "all", n: 0 },
  };
  const here = { signal: desk.page.signal };
  window.addEventListener("keydown", (event) => pressed(desk, event), { capture: true, ...here });
  window.addEventListener("pointerdown", () => ((desk.left = null), recountSoon(desk)), { capture: true, ...here });
  document.addEventListener("visibilitychange", () => visible(desk), here);
  window.addEventListener("online", () => send(desk), here);
  window.addEventListener("preflight-answers", () => refreshList(desk), here); // of another tool
  window.addEventListener("pagehide", () => navigator.sendBeacon(addressOf(desk, "leave"), "{}"), here);
  const staying = setInterval(() => document.hidden || ask(desk, "stay", {}).catch(() => {}), STAY_MS);
  desk.page.signal.addEventListener("abort", () => (clearInterval(staying), keepShown(desk)));
  window.addEventListener("pagehide", () => keepShown(desk), here);
  const note = desk.part(".note input");
  note.addEventListener("keydown", (event) => event.key === "Enter" && noted(desk), here);
  const jump = desk.part(".jump input");
  jump.addEventListener("keydown", (event) => event.key === "Enter" && jumped(desk, jump), here);
  desk.part(".before").addEventListener("click", () => turn(desk, -PAGE), here);
  desk.part(".after").addEventListener("click", () => turn(desk, PAGE), here);
  desk.part(".stage").addEventListener("change", (event) => {
    desk.list = { ...desk.list, start: 0, stage: event.target.value };
    refreshList(desk);
  }, here);
  return desk;
}

async function begin(desk) {
  desk.part(".card").hidden = true; // that of another choice: no key would be about it
  status(desk);
  await send(desk); // keys of before a reload come first
  desk.isOutdated = false; // nothing is here yet
  const told = await untilAnswered(desk, "start", {});
  if (!told) return;
  desk.classes = told.classes;
  desk.mixed = told.mixed;
  desk.marks = told.marks; // column -> what to know of it
  desk.predictedBy = told.predicted_by; // which columns of the table hold the probabilities, "" for none
  desk.type = told.type;
  desk.part('.stage [value="errors"]').hidden = told.type !== "row";
  desk.commands = commandsOf(told); // of this type of item
  desk.counts = told.counts;
  desk.keys = new Map(told.keys); // the same on every card
  drawCommands(desk);
  drawHelp(desk);
  desk.done = told.mine.reverse().map((made) => ({ made, batch: made.batch, before: null }));
  await more(desk);
  const asked = askedItem(desk);
  if (!asked || !(await goTo(desk, asked))) show(desk, firstOpen(desk, 0));
  refreshList(desk);
}

// ---- what the server is asked ----

async function ask(desk, what, body) {
  const answer = await fetch(addressOf(desk, what), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: desk.page.signal,
  });
  const told = await answer.json().catch((error) => {
    if (answer.ok) throw error; // cut off: it is asked again, or nobody is here any more
    return {};
  });
  if (!answer.ok) {
    const refused = new Error([told.what, told.todo].filter(Boolean).join(" ") || "The server did not answer.");
    refused.tooLong = answer.status === 413;
    refused.final = answer.status === 403 || answer.status === 404;
    throw refused;
  }
  return told;
}

const addressOf = (desk, what) => new URL(`${desk.data.path}${desk.data.pass}/${what}`, document.baseURI);

async function untilAnswered(desk, what, body) {
  for (let tries = 0; !desk.page.signal.aborted; tries++) {
    try {
      return await ask(desk, what, body);
    } catch (error) {
      if (desk.page.signal.aborted) return null;
      if (error.final) {
        notice(desk, error.message);
        return null;
      }
      await pause(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
    }
  }
  return null;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Fetch more cards behind the last one; those that were passed over come again at the end.
function more(desk) {
  desk.fetching ??= (async () => {
    const last = desk.order.at(-1);
    const after = last ? last.place : desk.from;
    const told = await untilAnswered(desk, "deal", { n: AHEAD, after, selection: desk.data.selection });
    desk.fetching = null;
    if (!told) return 0;
    take(desk, told.counts);
    const known = new Set(desk.order.map(cellOf));
    const fresh = told.items.filter((item) => !known.has(cellOf(item)));
    desk.order.push(...fresh);
    markTogether(desk);
    return fresh.length;
  })();
  return desk.fetching;
}

const cellOf = (item) => `${item.row_id} ${item.column}`;

// Send what is not yet saved, in its order, until all of it is answered.
async function send(desk) {
  if (desk.sending) return;
  desk.sending = true;
  const isChanged = desk.unsaved.length > 0;
  while (desk.unsaved.length && !desk.page.signal.aborted) {
    try {
      const [first] = desk.unsaved;
      const isOne = isTogether(first);
      const told = await (isOne ? ask(desk, "together", first) : ask(desk, "presses", { presses: firstOf(desk) }));
      desk.failures = 0;
      if (isOne) settleTogether(desk, first, told);
      for (const answer of told.answers ?? []) settle(desk, answer);
      take(desk, told.counts);
    } catch (error) {
      if (desk.page.signal.aborted) break;
      if (error.tooLong && desk.atOnce > 1) {
        desk.atOnce = Math.ceil(desk.atOnce / 2); // long notes
        continue;
      }
      desk.failures += 1;
      if (error.final || error.tooLong) {
        notice(desk, `${error.message} ${plural(desk.unsaved.length, "key")} not yet saved: they are kept in this browser.`);
        break;
      }
      status(desk);
      await pause(RETRY_MS[Math.min(desk.failures - 1, RETRY_MS.length - 1)]);
    }
  }
  desk.sending = false;
  status(desk);
  if (desk.classes && !desk.order[desk.at]) drawEmpty(desk);
  if (desk.isOutdated && desk.classes && !desk.unsaved.length) await renew(desk);
  if (!desk.unsaved.length) refreshSoon(desk);
  recountSoon(desk, isChanged);
}

// The first of what is not yet saved, as far as it may go out in one request.
function firstOf(desk) {
  const marks = new Set(desk.unsaved.map((press) => AWAITED + press.mark));
  const stop = desk.unsaved.findIndex((press, n) => n > 0 && (isTogether(press) || marks.has(press.seen)));
  return desk.unsaved.slice(0, Math.min(desk.atOnce, stop < 0 ? MOST_SENT : stop));
}

function settle(desk, answer) {
  const place = desk.unsaved.findIndex((press) => press.mark === answer.mark);
  if (place < 0) return;
  const [press] = desk.unsaved.splice(place, 1);
  const item = desk.order.find((one) => cellOf(one) === cellOf(press));
  const isKept = answer.fate === "kept";
  if (isKept && !press.action) tookBack(desk, press, answer, item);
  forgetHere(desk, press);
  if (isKept) {
    if (press.action && item && item.version === answer.version) item.waits = answer.waits;
    return;
  }
  if (press.action) dropped(desk, press);
  else putBack(desk, press.mark);
  if (item) Object.assign(item, stateOf(answer));
  notice(desk, answer.why, () => goTo(desk, press));
  if (item && desk.order[desk.at] === item) show(desk, desk.at);
}

// A decision that was not kept can be neither undone nor, with what it changed, done again.
function dropped(desk, press) {
  desk.done = desk.done.filter((entry) => entry.made.version !== press.mark);
  keepUndone(desk, desk.undone.filter((entry) => entry.batch || cellOf(entry.made) !== cellOf(press)));
}

const stateOf = ({ decision, version, waits, differing, is_open }) => ({ decision, version, waits, differing, is_open });

// Whether this browser lets pages keep anything at all.
function keepsAnything() {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}

// Each press has a place of its own, so that two tabs of one person do not overwrite each other.
function keepHere(desk, press) {
  press.since ??= Date.now();
  try {
    localStorage.setItem(storeKey(desk.data) + press.mark, JSON.stringify(press));
  } catch {
    notice(desk, "This browser keeps nothing: do not close the page before all is saved.");
  }
}

function forgetHere(desk, press) {
  if (keepsAnything()) localStorage.removeItem(storeKey(desk.data) + press.mark);
}

function stored(data) {
  const kept = [];
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(storeKey(data))) kept.push(JSON.parse(localStorage.getItem(key)));
  } catch {
    return kept;
  }
  return kept.filter((press) => press?.mark).sort((a, b) => a.since - b.since || a.n - b.n);
}

const storeKey = (data) => `preflight-desk ${data.store} `;
const mark = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

// ---- decisions ----

// Decide about the card; `again` is the decision of one's own that this one repeats after an undo.
function decide(desk, action, chosen = "", again = null) {
  const item = desk.order[desk.at];
  if (!item) return;
  if (item.kept_for) return notice(desk, `Row ${item.row.toLocaleString("en")} is kept for ${item.kept_for}: you can look at it, and go on with →.`);
  if (item.differing.length && !desk.part(".note input").value.trim()) {
    focus(desk.part(".note input"));
    return notice(desk, "Two people differ about this row. Write why you decide as you do, then decide.");
  }
  if (isSameAnswer(item, action, chosen)) return show(desk, firstOpen(desk, desk.at + 1));
  const isFirst = isHidden(desk, item) && !again;
  const before = stateOf(item);
  const press = { ...pressOf(desk, item, action, chosen, again), judged_first: again ? Boolean(again.judged_first) : isFirst && isUnseen(desk, item) };
  const made = { ...press, version: press.mark, by: desk.data.reviewer, mine: true };
  desk.done.push({ before, made });
  if (!again) keepUndone(desk, []);
  const from = kindOf(item);
  Object.assign(item, { decision: made, version: press.mark, waits: false, differing: [], is_open: false });
  queueUp(desk, press, from, kindOf(item));
  item.isRevealed = isFirst;
  show(desk, isFirst ? desk.at : firstOpen(desk, desk.at + 1));
}

// What is done again has taken as long as the first time.
function pressOf(desk, item, action, chosen, again = null) {
  const spent = (performance.now() - desk.shownAt) / 1_000;
  const measured = desk.shownAt ? Math.round(spent * 100) / 100 : null;
  const seconds = again ? again.seconds ?? null : measured;
  if (action && !again && seconds !== null) desk.spent.push(seconds);
  return {
    mark: mark(),
    n: (desk.n += 1), // tells the order of presses of one moment
    row_id: item.row_id,
    column: item.column,
    seen: item.version,
    action,
    new: chosen,
    note: action ? desk.part(".note input").value : "",
    seconds,
  };
}

// Keep a press and send it; from and to are what the counts call its item before and after.
function queueUp(desk, press, from = "", to = "") {
  desk.unsaved.push(press);
  keepHere(desk, press);
  recount(desk, from, to);
  send(desk);
}

function accept(desk) {
  const item = desk.order[desk.at];
  if (item && canAccept(item) && !isHidden(desk, item)) decide(desk, "change", item.suggested);
}

const canAccept = (item) => item.suggested !== null && item.suggested !== item.given;

function choose(desk, name) {
  const item = desk.order[desk.at];
  if (item) decide(desk, name === item.given ? "keep" : "change", name === item.given ? "" : name);
}

function noted(desk) {
  desk.part(".note input").blur();
  const item = desk.order[desk.at];
  const made = item?.decision;
  if (made?.mine && made.note !== desk.part(".note input").value)
    decide(desk, made.action, made.action === "change" ? made.new : "");
}

// ---- which card is shown ----

const placeOf = (desk, item) => desk.order.indexOf(item);

function firstOpen(desk, from) {
  for (let n = from; n < desk.order.length; n++) if (desk.order[n].is_open || !isOpenOnly(desk)) return n;
  return desk.order.length;
}

function step(desk, by) {
  const next = desk.at + by;
  if (next >= 0 && next <= desk.order.length) show(desk, next);
}

async function show(desk, place) {
  desk.at = place;
  if (desk.order.length - place < FEW) {
    const waiting = more(desk);
    if (place >= desk.order.length) {
      draw(desk);
      let n = await waiting;
      // what came may have been settled by others meanwhile
      while (n && desk.at === place && firstOpen(desk, place) === desk.order.length) n = await more(desk);
      if (desk.at !== place) return;
      const skipped = isOpenOnly(desk) ? firstOpen(desk, 0) : desk.order.length;
      desk.at = n ? firstOpen(desk, place) : skipped < desk.order.length ? skipped : desk.order.length;
    }
  }
  desk.shownAt = document.hidden ? 0 : performance.now();
  draw(desk);
}

async function fetched(desk, cell) {
  const known = desk.order.find((one) => cellOf(one) === cellOf(cell));
  if (known) return known;
  try {
    const told = await ask(desk, "one", { row_id: cell.row_id, column: cell.column });
    const [item] = told.items;
    desk.order.splice(Math.min(desk.at + 1, desk.order.length), 0, item);
    return item;
  } catch (error) {
    if (!desk.page.signal.aborted) notice(desk, error.message);
    return null;
  }
}

async function goTo(desk, cell) {
  const item = await fetched(desk, cell);
  if (item) show(desk, placeOf(desk, item));
  return Boolean(item);
}

function jumped(desk, field) {
  const row = Number.parseInt(field.value.replaceAll(",", ""), 10);
  field.blur();
  if (row > 0) goTo(desk, { row_id: row - 1, column: desk.order[desk.at]?.column ?? "" });
}

function visible(desk) {
  desk.shownAt = 0; // time away is no time of work
  if (!document.hidden) send(desk);
}

// ---- keys ----

function pressed(desk, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const inside = event.composedPath()[0];
  if (desk.part(".keyhelp").open || desk.part(".guidelines").open || desk.several) return;
  if (isTypedIn(inside)) {
    if (!isLeft(desk, inside, event)) return;
  } else if (event.composedPath().some((one) => one.role === "dialog")) return;
  const key = ownKey(desk, event);
  const command = desk.commands.find(([name]) => name === key);
  const chosen = desk.keys.get(key);
  if (!command && chosen === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat && !key.startsWith("arrow")) return; // a key that is held is one key
  if (command) command[3](desk);
  else choose(desk, chosen);
}

// The key that is meant here, where the person has chosen the keys of another tool; and back.
function ownKey(desk, event) {
  const key = event.key.toLowerCase();
  const meant = Object.entries(desk.data.keys).find(([, theirs]) => theirs === key);
  return meant ? meant[0] : key in desk.data.keys ? "" : key;
}

const shownKey = (desk, key) => desk.data.keys[key] ?? key;

function focus(field) {
  if (!field) return;
  field.focus();
  field.select();
}

// What the labels mean, as the owner of the table has written it by now.
async function guidelines(desk) {
  const shown = desk.part(".guidelines");
  const text = shown.querySelector("p");
  text.textContent = "Reading them.";
  shown.showModal();
  try {
    const told = await ask(desk, "guidelines", {});
    text.textContent = told.text || "Nobody has written guidelines for this table yet.";
    shown.querySelector("small").textContent = told.text ? `By ${told.by}, ${told.at.replace("T", " ").slice(0, 16)} UTC` : "";
  } catch (error) {
    if (!desk.page.signal.aborted) text.textContent = error.message;
  }
}

// ---- drawing ----

function make(tag, text = "", name = "") {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function button(key, text, act) {
  const made = make("button");
  made.type = "button";
  if (key) made.append(make("kbd", NAMES[key] ?? key.toUpperCase()));
  made.append(text);
  made.title = text;
  made.addEventListener("click", act);
  return made;
}

function drawCommands(desk) {
  const commands = desk.part(".commands");
  commands.replaceChildren();
  for (const [key, action, name, act] of desk.commands) {
    if ("mg/".includes(key)) continue;
    const made = button(shownKey(desk, key), name, () => act(desk));
    made.dataset.action = action;
    made.dataset.key = key;
    made.classList.toggle("minor", !action); // decisions stand out
    commands.append(made);
  }
  const classes = desk.part(".classes");
  classes.replaceChildren();
  for (const [key, name] of desk.keys) {
    const made = button(key, name, () => choose(desk, name));
    made.dataset.name = name;
    classes.append(made);
  }
  if (desk.classes.length > desk.keys.size) classes.append(typed(desk));
  else if (desk.type === "cell") classes.append(editField(desk));
}

function typed(desk) {
  const label = make("label");
  const field = make("input");
  const names = make("datalist");
  names.id = "desk-classes";
  field.setAttribute("list", names.id);
  field.placeholder = `one of ${desk.classes.length.toLocaleString("en")} classes`;
  field.ariaLabel = "Type a class";
  names.append(...desk.classes.map((name) => Object.assign(make("option"), { value: name })));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const begun = field.value.toLowerCase();
    const found = desk.classes.find((name) => name.toLowerCase() === begun) ?? desk.classes.find((name) => begun && name.toLowerCase().startsWith(begun));
    if (found === undefined) return notice(desk, `No class begins with “${field.value}”.`);
    field.value = "";
    field.blur();
    choose(desk, found);
  });
  label.append(make("kbd", "/"), field, names);
  return label;
}

function drawHelp(desk) {
  const told = desk.part(".keyhelp dl");
  told.replaceChildren();
  const isTyped = desk.classes.length > desk.keys.size || desk.type === "cell";
  const commands = desk.commands.filter(([key]) => key !== "/" || isTyped);
  const lines = [...commands.map(([key, , name]) => [shownKey(desk, key), name]), ...desk.keys];
  for (const [key, name] of lines) {
    const term = make("dt");
    term.append(make("kbd", NAMES[key] ?? key.toUpperCase()));
    told.append(term, make("dd", name));
  }
}

function draw(desk) {
  const item = desk.order[desk.at];
  desk.part(".card").hidden = !item;
  desk.part(".empty").hidden = Boolean(item);
  status(desk);
  if (!item) return drawEmpty(desk);
  const where = [item.line ? `line ${item.line.toLocaleString("en")} of the file` : "", `item ${(item.place + 1).toLocaleString("en")}`];
  desk.part(".row").textContent = `Row ${item.row.toLocaleString("en")}`;
  desk.part(".where").textContent = where.filter(Boolean).join(", ");
  desk.part(".given-name").textContent = `${item.column} in the file`;
  desk.part(".given").textContent = item.given || "an empty cell";
  drawSuggestion(desk, item);
  drawWhole(desk, item);
  drawDecision(desk, item);
  drawValues(desk, item);
  markOdd(desk, item);
  drawNear(desk, item);
  drawExamples(desk, item);
  markList(desk);
  tellAddress(desk);
}

function drawDecision(desk, item) {
  const made = item.decision;
  const stands = desk.part(".stands");
  stands.hidden = !made && !item.kept_for;
  if (item.kept_for) stands.textContent = `Kept for ${item.kept_for}: here to look at only.`;
  else if (made) stands.textContent = `${said(made)}, by ${who(item)}${made.note ? `: “${made.note}”` : ""}${after(item)}`;
  drawDiffering(desk, item);
  desk.part(".note input").value = made?.mine ? made.note ?? "" : "";
  for (const one of desk.part(".commands").children) {
    one.classList.toggle("chosen", Boolean(made && one.dataset.action === made.action));
    if (one.dataset.key === "l") one.disabled = !isWhole(item) && (!canAccept(item) || isHidden(desk, item));
    if (one.dataset.key === "s") one.disabled = desk.mixed || isHidden(desk, item);
  }
  for (const one of desk.part(".classes").querySelectorAll("button")) {
    const isGiven = one.dataset.name === item.given;
    one.classList.toggle("chosen", Boolean(made && made.action === "change" && one.dataset.name === made.new));
    one.title = isGiven ? `Keep ${one.dataset.name}` : `Change to ${one.dataset.name}`;
  }
}

const after = (item) => (item.waits ? ". It waits for the answer of somebody else." : item.is_open ? ". That answered another suggestion, so it is open again." : "");

// Two people differ: both answers, not whose they are.
function drawDiffering(desk, item) {
  const both = desk.part(".differing");
  both.hidden = !item.differing.length;
  both.replaceChildren(make("strong", "Two people differ. Decide, and write why."));
  for (const one of item.differing) both.append(make("span", `${said(one)}${one.note ? `: “${one.note}”` : ""}`));
}

const BY_TWO = new Set(["blind", "again"]);

// What stands because two agreed is nobody's alone.
const who = ({ decision, waits }) => (BY_TWO.has(decision.capacity) && !waits ? "two people who agree" : decision.mine ? "you" : decision.by);

const said = (made) => (made.action === "change" ? `${SAID.change} “${made.new || "an empty cell"}”` : SAID_OF[made.column]?.[made.action] ?? SAID[made.action]);

function drawValues(desk, item) {
  const fill = (list, values) => {
    list.replaceChildren();
    for (const [name, text] of values) {
      const pair = make("div");
      const term = make("dt", name);
      if (Object.hasOwn(desk.marks, name)) term.append(make("em", desk.marks[name]));
      pair.append(term, valueOf(text));
      const picture = pictureOf(desk, item, name, text);
      if (picture) pair.append(picture);
      if (picture || isLong(text)) pair.className = "long";
      list.append(pair);
    }
  };
  fill(desk.part(".values"), item.values.slice(0, SHOWN));
  const rest = item.values.slice(SHOWN);
  desk.part(".more").hidden = !rest.length;
  desk.part(".more summary").textContent = plural(rest.length, "more column", "more columns");
  fill(desk.part(".rest"), rest);
}

function drawNear(desk, item) {
  const table = desk.part(".near table");
  desk.part(".near").hidden = !item.near.length || isHidden(desk, item);
  table.replaceChildren();
  const names = [item.column, ...item.values.map(([name]) => name)].slice(0, SHOWN + 1);
  const own = [item.given, ...item.values.map(([, text]) => text)];
  const head = make("tr");
  head.append(make("th", "Row"), ...names.map((name) => make("th", name)));
  table.append(head);
  for (const [row, texts] of item.near) {
    const line = make("tr");
    line.append(make("td", row.toLocaleString("en")));
    names.forEach((_, n) => line.append(make("td", texts[n], texts[n] === own[n] ? "" : "other")));
    table.append(line);
  }
}

function drawEmpty(desk) {
  const empty = desk.part(".empty");
  const counts = desk.counts;
  if (desk.fetching || !counts) empty.textContent = "More cards are on their way.";
  else if (counts.open) {
    empty.textContent = "Nothing is left for you here: others hold what is open, it waits for the answer of somebody else or is kept for them, or it is not among what you chose.";
    clearTimeout(desk.later);
    desk.later = setTimeout(() => desk.order[desk.at] || show(desk, desk.order.length), AGAIN_MS);
  }
  else empty.textContent = finishedSaid(counts);
  if (!counts || counts.open || desk.fetching || desk.unsaved.length) return;
  const { told } = desk;
  desk.told = countsSaid(counts); // the page says what became of all, also after a second look
  if (told !== desk.told) desk.trigger("finished", true);
}

function notice(desk, text, look, kind = "notice") {
  const line = make("div", "", kind);
  line.append(make("span", text));
  if (look) line.append(button("", "Look at it", () => (line.remove(), look())));
  const gone = button("", "Close", () => line.remove());
  line.append(gone);
  const all = desk.part(".notices");
  all.prepend(line);
  while (all.children.length > 3) all.lastChild.remove();
}

const plural = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

// ---- the list ----

function refreshSoon(desk) {
  clearTimeout(desk.soon);
  desk.soon = setTimeout(() => refreshList(desk), 250);
}

async function refreshList(desk) {
  const { start, stage } = desk.list;
  const selection = { ...desk.data.selection, stage };
  const told = await ask(desk, "list", { start, n: PAGE, selection }).catch(() => null);
  if (!told || desk.list.start !== start || desk.list.stage !== stage) return;
  desk.list.n = told.n_chosen;
  take(desk, told.counts);
  const entries = told.items.map((item) => {
    const entry = make("li");
    const line = button("", "", () => goTo(desk, item));
    line.dataset.cell = cellOf(item);
    line.title = "";
    line.append(make("span", `Row ${item.row.toLocaleString("en")}: ${named(desk, item)}`));
    const made = item.decision;
    const or = `${desk.mixed ? "or" : "suggested"}: ${item.suggested === null ? "not known" : item.suggested || "an empty cell"}`;
    if (!made && !isHidden(desk, item)) markShown(desk, item);
    line.append(make("small", made ? `${said(made)}, ${who(item)}` : isWhole(item) || isHidden(desk, item) ? "open" : or));
    entry.append(line);
    return entry;
  });
  desk.part(".entries").replaceChildren(...entries);
  desk.part(".before").disabled = start === 0;
  desk.part(".after").disabled = start + PAGE >= told.n_chosen;
  markList(desk);
}

function markList(desk) {
  const item = desk.order[desk.at];
  for (const line of desk.part(".entries").querySelectorAll("button")) line.classList.toggle("here", Boolean(item && line.dataset.cell === cellOf(item)));
}

function turn(desk, by) {
  desk.list.start = Math.max(0, desk.list.start + by);
  refreshList(desk);
}
