
// ---- undo and redo: one press after the other; the server says what stands after each ----

// After an undo of what was decided before this page was loaded the server alone knows what stands.
// Until it has answered, a key names that undo instead of a version, and is sent behind its answer.
const AWAITED = "?";
const SOON_MS = 30;

const undo = (desk) => inTurn(desk, undoLast);
const redo = (desk) => inTurn(desk, redoLast);

// One that has to fetch its card is not overtaken by the next, and none is lost.
function inTurn(desk, act) {
  desk.turn = (desk.turn ?? Promise.resolve()).then(() => desk.page.signal.aborted || act(desk));
  return desk.turn;
}

async function undoLast(desk) {
  const last = desk.done.at(-1);
  if (!last) return notice(desk, "There is nothing of yours to undo.");
  if (last.batch) return undoTogether(desk, last);
  const item = await fetched(desk, last.made);
  if (!item) return;
  desk.done = desk.done.filter((entry) => entry !== last); // what was decided meanwhile stays
  const press = { ...pressOf(desk, item, null, ""), seen: last.made.version };
  const awaited = AWAITED + press.mark;
  const from = kindOf(item);
  const isHere = item.version === last.made.version; // else the server says what became of it
  if (isHere) Object.assign(item, last.before ?? { decision: null, version: awaited, waits: false, differing: [], is_open: true });
  keepUndone(desk, [...desk.undone, { made: last.made, undo: press.mark, n: press.n, left: isHere ? item.version : awaited }]);
  queueUp(desk, press, from, kindOf(item));
  show(desk, placeOf(desk, item));
}

// The answer to an undo: what stands now, for the card and for all that waits for it.
function tookBack(desk, press, answer, item) {
  const awaited = AWAITED + press.mark;
  for (const later of desk.unsaved)
    if (later.seen === awaited) keepHere(desk, Object.assign(later, { seen: answer.version }));
  for (const entry of desk.done) if (entry.before?.version === awaited) entry.before = stateOf(answer);
  const isOfIt = (entry) => entry.undo === press.mark || entry.left === awaited;
  keepUndone(desk, desk.undone.map((entry) => (isOfIt(entry) ? { ...entry, left: answer.version } : entry)));
  const isLast = !desk.unsaved.some((later) => cellOf(later) === cellOf(press));
  if (!item || !(isLast || item.version === awaited)) return;
  Object.assign(item, stateOf(answer));
  if (desk.order[desk.at] === item) draw(desk);
}

// An undo that was refused has taken nothing back: the next one is about the same decision.
function putBack(desk, mark) {
  const entry = desk.undone.find((one) => one.undo === mark);
  if (!entry) return;
  keepUndone(desk, desk.undone.filter((one) => one !== entry));
  const later = desk.done.findIndex((one) => one.made.n > entry.n);
  const { made, batch, asked } = entry;
  desk.done.splice(later < 0 ? desk.done.length : later, 0, { made, batch, asked, before: null });
}

async function redoLast(desk) {
  const last = desk.undone.at(-1);
  if (!last) return notice(desk, "There is nothing to do again.");
  if (last.batch) return redoTogether(desk, last);
  const item = await fetched(desk, last.made);
  if (!item) return;
  while (desk.unsaved.some((press) => press.mark === last.undo) && item.version !== last.left) {
    if (desk.page.signal.aborted) return;
    await pause(SOON_MS);
  }
  const now = desk.undone.find((entry) => entry.made.version === last.made.version);
  if (!now) return; // its undo was refused
  keepUndone(desk, desk.undone.filter((entry) => entry !== now));
  if (item.version !== now.left)
    return notice(desk, `Nothing was done again: row ${item.row.toLocaleString("en")} was decided otherwise meanwhile.`, () => goTo(desk, now.made));
  show(desk, placeOf(desk, item));
  desk.part(".note input").value = now.made.note ?? "";
  decide(desk, now.made.action, now.made.action === "change" ? now.made.new : "", now.made);
}

// What can be done again is kept for this tab, so that it outlives a reload.
function keepUndone(desk, undone) {
  desk.undone = undone;
  try {
    sessionStorage.setItem(undoneKey(desk.data), JSON.stringify(undone));
  } catch {
    return; // a browser that keeps nothing forgets it with the page
  }
}

function storedUndone(data) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(undoneKey(data)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((entry) => entry?.made) : [];
  } catch {
    return [];
  }
}

const undoneKey = (data) => `preflight-undone ${data.store}`;
