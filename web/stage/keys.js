// Keys of the player: none of them while a field has the focus, and no space while a button has.
const FIELDS = "input, select, textarea, [contenteditable]", BUTTONS = "button, summary, a";

/** What a key asks for, as the name of an action and its value; null: nothing. */
export function meaning(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
  if (event.target.closest?.(FIELDS) || (event.key === " " && event.target.closest?.(BUTTONS))) return null;
  const far = event.shiftKey ? 4 : 1;
  const known = {
    " ": ["toggle"], ArrowLeft: ["by", -far], ArrowRight: ["by", far], Home: ["first"], End: ["last"],
    p: ["nextPerson"], n: ["nextNeighbour"], Escape: ["letGo"],
  };
  return known[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}
