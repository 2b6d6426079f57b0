// The module that a notebook loads (anywidget): it shows what its model holds, and takes everything back
// when the cell goes.
import { mountLiving } from "./widget/living.js";
import { mountRecorded } from "./widget/recorded.js";

const SHOWS = { recording: mountRecorded, model: mountLiving };

/** A root of its own: the notebook's style stays outside, and ours inside. */
function rooted(el) {
  const host = el.appendChild(document.createElement("div")), shadow = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE); // put in by build.mjs
  shadow.adoptedStyleSheets = [style];
  const root = shadow.appendChild(document.createElement("div"));
  return { host, root };
}

function render({ model, el }) {
  const { host, root } = rooted(el), undo = [];
  const does = {
    /** Listen to a trait; undone at the end. */
    hear(name, reaction) {
      model.on(`change:${name}`, reaction);
      undo.push(() => model.off(`change:${name}`, reaction));
    },
    /** Whatever else is to be undone. */
    undo: (action) => undo.push(action),
    /** Draw anew when there is another width to draw for. */
    resized(reaction) {
      const watcher = new ResizeObserver(reaction);
      watcher.observe(root);
      undo.push(() => watcher.disconnect());
    },
  };
  const shown = model.get("_shows");
  root.className = `widget ${shown}`;
  SHOWS[shown](root, model, does);
  return () => {
    for (const action of undo.splice(0)) action();
    host.remove();
  };
}

export default { render };
