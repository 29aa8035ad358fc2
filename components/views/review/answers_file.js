// Sends a file of answers to the server, and shows what became of them.
// Text is set with textContent only: all of it comes from the file.

export default function (component) {
  const root = component.parentElement;
  const field = root.querySelector("input");
  field.onchange = () => field.files.length && send(component, root, field);
}

async function send(component, root, field) {
  const file = field.files[0];
  tell(root, `Taking in ${file.name} …`, [], false);
  field.disabled = true;
  try {
    const { path, pass, most } = component.data;
    if (file.size > most) throw new Error(`The file has more than ${most / 1e6} MB. Export it in several parts.`);
    const answer = await fetch(new URL(path + pass, document.baseURI), { method: "POST", body: file });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.what ?? "The server did not answer. Try again: nothing is taken in twice.");
    const more = told.n_refused - told.told.length;
    tell(root, told.said, more > 0 ? [...told.told, `and ${more.toLocaleString("en")} more`] : told.told, false);
    window.dispatchEvent(new Event("preflight-answers"));
    component.setTriggerValue("came_in", true);
  } catch (error) {
    const lost = error instanceof TypeError; // what fetch throws where nobody answers
    tell(root, lost ? "The server did not answer. Try again: nothing is taken in twice." : error.message, [], true);
  }
  field.disabled = false;
  field.value = "";
}

function tell(root, said, lines, failed) {
  const place = root.querySelector(".said");
  place.textContent = said;
  place.classList.toggle("failed", failed);
  root.querySelector(".told").replaceChildren(
    ...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
  );
}
