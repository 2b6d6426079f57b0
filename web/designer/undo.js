// What can be taken back: states as addresses, kept by the browser's tab over a reload.
const KEY = "peersim.history", MOST = 100;
const TOGETHER = 800; // milliseconds within which changes of one control are one change

/** `keep` is sessionStorage, or nothing where a page may not have it. */
export function history(keep) {
  let list = [], at = -1, last = "", when = 0;
  try { ({ list, at } = JSON.parse(keep.getItem(KEY)) ?? { list, at }); } catch { /* nothing is kept */ }
  const store = () => { try { keep.setItem(KEY, JSON.stringify({ list, at })); } catch { /* nothing is kept */ } };
  return {
    /** Note a state; a further move of the same control takes the place of the one before. */
    note(state, control = "", now = Date.now()) {
      if (list[at] === state) return;
      const isSame = control !== "" && control === last && now - when < TOGETHER && at > 0;
      list = [...list.slice(0, isSame ? at : at + 1), state].slice(-MOST);
      at = list.length - 1;
      [last, when] = [control, now];
      store();
    },
    undo() { return this.go(-1); },
    redo() { return this.go(1); },
    /** The state that many steps on; null: there is none. */
    go(steps) {
      if (at + steps < 0 || at + steps >= list.length) return null;
      at += steps;
      last = "";
      store();
      return list[at];
    },
    /** What was chosen last, also where the address had no time to follow. */
    get last() { return list[at] ?? null; },
    get canUndo() { return at > 0; },
    get canRedo() { return at < list.length - 1; },
  };
}
