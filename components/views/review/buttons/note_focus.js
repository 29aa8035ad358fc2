// Puts the cursor into the field of the note, once, for who has pressed its key; Enter leaves it,
// so that the next key decides.
const DONE = new WeakSet();

export default function ({ parentElement, data }) {
  if (DONE.has(parentElement)) return;
  DONE.add(parentElement);
  const look = (tries) => {
    const field = [...document.querySelectorAll("input")].find((i) => i.ariaLabel === data.label);
    if (field) {
      field.focus();
      field.addEventListener("keydown", (event) => event.key === "Enter" && setTimeout(() => field.blur()));
    }
    else if (tries) requestAnimationFrame(() => look(tries - 1));
  };
  look(60);
}
