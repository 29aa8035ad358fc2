// Runs before Streamlit's own scripts, in the document of every page.

// Where the server is. Else Streamlit tries the address of the page first: two answers 404.
window.__streamlit = { BACKEND_BASE_URL: `${window.location.origin}/` };

// One entry in the history per press. Streamlit adds one for every part of the address that
// changes, three for a click in the menu: then "back" has to be pressed as often. What the server
// writes into the address without being asked makes no entry.
(() => {
  const push = window.history.pushState.bind(window.history);
  const replace = window.history.replaceState.bind(window.history);
  let pressed = false;
  const press = (event) => {
    pressed ||= event.isTrusted;
  };
  for (const kind of ["pointerdown", "keydown", "drop"])
    window.addEventListener(kind, press, { capture: true });
  window.addEventListener("popstate", () => (pressed = false), { capture: true });
  window.history.pushState = (state, title, url) => {
    const isOwn = pressed;
    pressed = false;
    if (isOwn) push(state, title, url);
    else replace(state, title, url);
  };
})();
