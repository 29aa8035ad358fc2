// One drop zone: ask the page for a ticket, send the file, tell the page that it is there.
// Streamlit calls the default export again at every change of the data: state lives in ZONES,
// and listeners are registered once. Text is set with textContent only: names are untrusted.

const ZONES = new WeakMap();
const SI = 1000;

export default function (component) {
  const root = component.parentElement;
  let zone = ZONES.get(root);
  if (!zone) {
    zone = makeZone(root);
    ZONES.set(root, zone);
  }
  zone.trigger = component.setTriggerValue;
  zone.data = component.data;
  zone.part("hint").textContent = zone.data.hint;
  zone.part("file").accept = zone.data.endings.join(",");
  answer(zone);
  return () => {
    zone.page.abort();
    zone.request?.abort();
    ZONES.delete(root);
  };
}

function makeZone(root) {
  const part = (name) => root.querySelector("." + name);
  const zone = { part, file: null, asked: "", request: null, arrived: false, page: new AbortController() };
  const area = part("zone");
  part("choose").addEventListener("click", () => part("file").click());
  part("file").addEventListener("change", () => {
    if (part("file").files.length) begin(zone, part("file").files[0]);
    part("file").value = ""; // the same file may be chosen again
  });
  part("cancel").addEventListener("click", () => cancel(zone));
  const here = { signal: zone.page.signal };
  window.addEventListener("dragover", (event) => event.preventDefault(), here);
  for (const place of [area, window])
    place.addEventListener("drop", (event) => drop(zone, event), here);
  area.addEventListener("dragenter", (event) => {
    event.preventDefault();
    area.classList.toggle("over", !zone.file);
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) area.classList.remove("over");
  });
  return zone;
}

// A file that misses the zone is taken as well: the browser would leave the app to show it.
function drop(zone, event) {
  event.preventDefault();
  event.stopPropagation();
  zone.part("zone").classList.remove("over");
  const files = event.dataTransfer.files;
  if (files.length > 1) tell(zone, "Drop one file at a time.");
  else if (files.length === 1) begin(zone, files[0]);
}

function begin(zone, file) {
  if (zone.file) return;
  const lower = file.name.toLowerCase();
  if (!zone.data.endings.some((ending) => lower.endsWith(ending)))
    return tell(zone, `“${file.name}” is not allowed here. Preflight takes ${zone.data.hint}.`);
  zone.file = file;
  zone.asked = crypto.getRandomValues(new Uint32Array(4)).join("-");
  tell(zone, "");
  zone.part("name").textContent = file.name;
  show(zone, 0, "Getting ready", megabytes(file.size));
  busy(zone, true);
  zone.part("cancel").focus();
  zone.trigger("asked", { mark: zone.asked, name: file.name, size: file.size });
}

function answer(zone) {
  const { mark, token, refused } = zone.data;
  if (zone.arrived && mark !== zone.asked) rest(zone); // the page has taken the file, or refused it
  if (!zone.file || mark !== zone.asked) return;
  if (refused) stop(zone, refused);
  else if (token && !zone.request) send(zone, token);
}

function send(zone, token) {
  const request = new XMLHttpRequest();
  const started = performance.now();
  zone.request = request;
  request.upload.onprogress = (event) => progress(zone, event.loaded, started);
  request.onload = () => {
    if (request.status === 201) arrived(zone);
    else stop(zone, said(request));
  };
  request.onerror = () =>
    stop(zone, "The connection broke, or the file changed while it was sent. Choose it again.");
  request.open("PUT", new URL(zone.data.path + token, document.baseURI));
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.send(zone.file);
}

function said(request) {
  try {
    const { what, todo } = JSON.parse(request.responseText);
    return `${what} ${todo}`;
  } catch {
    return `The server did not take the file (status ${request.status}). Choose it again.`;
  }
}

function progress(zone, loaded, started) {
  const size = zone.file.size;
  const seconds = (performance.now() - started) / SI;
  const left = (seconds * (size - loaded)) / loaded;
  const speed = `${megabytes(loaded)} of ${megabytes(size)}`;
  const rest = seconds > 2 && left > 1 ? `, about ${duration(left)} left` : "";
  show(zone, loaded / size, `Uploading ${Math.floor((100 * loaded) / size)} %`, speed + rest);
}

function arrived(zone) {
  show(zone, 1, "Uploaded", "Reading the table");
  zone.part("cancel").hidden = true;
  zone.arrived = true;
  zone.trigger("arrived", zone.asked);
}

function cancel(zone) {
  zone.request?.abort();
  stop(zone, "Cancelled. Nothing was kept.", true);
}

function rest(zone) {
  zone.file = null;
  zone.request = null;
  zone.asked = "";
  zone.arrived = false;
  busy(zone, false);
}

function stop(zone, words, calm = false) {
  rest(zone);
  tell(zone, words, calm);
  zone.part("choose").focus();
}

function busy(zone, on) {
  zone.part("idle").hidden = on;
  zone.part("busy").hidden = !on;
  zone.part("cancel").hidden = false;
}

function show(zone, share, state, figures) {
  const percent = Math.floor(100 * share);
  zone.part("bar").style.width = `${percent}%`;
  zone.part("track").setAttribute("aria-valuenow", percent);
  zone.part("state").textContent = state;
  zone.part("figures").textContent = figures;
}

function tell(zone, words, calm = false) {
  zone.part("told").textContent = words;
  zone.part("told").classList.toggle("calm", calm);
}

function megabytes(bytes) {
  const value = bytes / (SI * SI);
  if (value >= SI) return `${(value / SI).toFixed(2)} GB`;
  return value >= 1 ? `${value.toFixed(value < 10 ? 1 : 0)} MB` : `${Math.ceil(bytes / SI)} kB`;
}

function duration(seconds) {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
