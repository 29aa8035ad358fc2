// A picture of a figure, made by Plotly in this browser: choose the format, press its own camera.
// The figure is found by the class that Streamlit gives to its key. Nothing is sent anywhere.

const PLACES = new WeakMap();

export default function (component) {
  const root = component.parentElement;
  let place = PLACES.get(root);
  if (!place) {
    place = { data: component.data };
    PLACES.set(root, place);
    for (const format of ["png", "svg"]) {
      root.querySelector("." + format).addEventListener("click", () => save(root, place, format));
    }
  }
  place.data = component.data;
  return () => PLACES.delete(root);
}

function save(root, place, format) {
  const plot = document.querySelector(`.st-key-${place.data.figure} .js-plotly-plot`);
  const camera = plot?.querySelector(".modebar-btn[data-title^='Download plot']");
  root.querySelector(".told").textContent = camera ? "" : "The figure is not on the screen.";
  if (!camera) return;
  const options = { format, filename: place.data.name, scale: format === "png" ? 2 : 1 };
  plot._context.toImageButtonOptions = options;
  // it must not bubble: a click outside closes the popover that this button is in
  camera.dispatchEvent(new MouseEvent("click", { bubbles: false }));
}
