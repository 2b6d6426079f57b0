// What stands on a stage.

/**
 * What is on a stage: of these worlds those on its `sides`. `hides`: nothing is said of who drew whom along;
 * `rings`: who is marked, those who stand alone ("isolated") or have no contact from the programme ("alone").
 */
export function scene(recording, worlds, titles, more = {}) {
  return { name: { key: "stage.title" }, sides: worlds.map((_, side) => side), recording, worlds, titles, knockouts: {}, kept: null, stories: true, hides: false, rings: "isolated", ...more };
}
