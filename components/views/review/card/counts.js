
// ---- counts: every item is open, settled, not sure, or called an error that stays in ----

const KINDS = { unsure: "unsure", escalate: "unsure", error: "errors" };

const kindOf = (item) => (item.is_open || !item.decision ? "open" : KINDS[item.decision.action] ?? "settled");

// What one item has become counts at once; the server says it again once all is saved.
function recount(desk, from, to) {
  if (!desk.counts || from === to) return;
  const counts = { ...desk.counts };
  counts[from] = Math.max(0, counts[from] - 1);
  counts[to] += 1;
  desk.counts = counts;
}

// The sentence of the counts: all its numbers but the second add up to that.
function countsSaid(counts) {
  const shown = (n) => n.toLocaleString("en");
  return (
    `${shown(counts.settled)} of ${shown(counts.items)} settled, ${shown(counts.open)} open, ${shown(counts.unsure)} not sure` +
    (counts.errors ? `, ${shown(counts.errors)} called errors` : "")
  );
}

function finishedSaid(counts) {
  const left = [
    counts.unsure ? `${plural(counts.unsure, "item")} not sure` : "",
    counts.errors ? `${plural(counts.errors, "row")} called ${counts.errors === 1 ? "an error" : "errors"}` : "",
  ].filter(Boolean);
  return left.length ? `Nothing is open. ${left.join(", ")}: choose them in the list.` : "All are settled.";
}

function waitingSaid(counts) {
  const shown = (n) => n.toLocaleString("en");
  return (
    (counts.second ? `; ${shown(counts.second)} of the open ones wait for a second person` : "") +
    (counts.third ? `; ${shown(counts.third)} for a third, because two differ` : "") +
    counts.kept.map(([name, n]) => `; ${shown(n)} kept for ${name}`).join("")
  );
}

// The page beside the card counts anew once nothing is pressed for a while: drawing it anew would
// close a dialog, so it waits for those.
const QUIET_MS = 2_000;

function recountSoon(desk, isChanged = false) {
  desk.isCounted = desk.isCounted !== false && !isChanged;
  clearTimeout(desk.recounting);
  if (desk.isCounted || desk.page.signal.aborted) return;
  desk.recounting = setTimeout(() => {
    const isBusy = desk.unsaved.length || document.hidden || document.querySelector("[role=dialog]") || desk.part("dialog[open]");
    if (isBusy) return recountSoon(desk);
    desk.isCounted = true;
    desk.trigger("counted", true);
  }, QUIET_MS);
  desk.page.signal.addEventListener("abort", () => clearTimeout(desk.recounting), { once: true });
}

function take(desk, counts) {
  if (!desk.unsaved.length || !desk.counts) desk.counts = counts;
  if (counts.open) desk.told = "";
  status(desk);
}

function status(desk) {
  const counts = desk.counts;
  if (counts) {
    desk.part(".done").style.width = `${(100 * counts.settled) / Math.max(1, counts.items)}%`;
    const spent = [...desk.spent].sort((a, b) => a - b);
    const left = Math.max(1, Math.round((counts.open * spent[Math.floor(spent.length / 2)]) / 60));
    const pace = counts.open && spent.length >= FEWEST ? `, about ${plural(left, "minute")} left at your pace` : "";
    desk.part(".counts").textContent = countsSaid(counts) + pace + waitingSaid(counts);
  }
  const saved = desk.part(".saved");
  const n = desk.unsaved.length;
  saved.classList.toggle("late", desk.failures > 0 && n > 0);
  saved.textContent = n ? `${n.toLocaleString("en")} not yet saved${desk.failures ? ", trying again" : ""}` : "All saved";
}
