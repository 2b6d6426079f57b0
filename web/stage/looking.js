// Looking at people: on the picture, from a list, from one to the next.
import { neighbours } from "./people.js";

export function looking(state, { set, scene, found }) {
  const pin = (person) => set({ person, around: person });
  function nextPerson() {
    const n = scene().recording.people.length;
    pin(state.person === null ? 0 : (state.person + 1) % n);
  }
  return {
    pin, nextPerson,
    letGo: () => set({ person: null, around: null, hovered: null, without: null }),
    click: (side, event) => pin(found(side, event)),
    hover(side, event) {
      const hovered = event && event.pointerType !== "touch" ? found(side, event) : null;
      if (hovered !== state.hovered) set({ hovered });
    },
    nextNeighbour() {
      if (state.person === null) return nextPerson();
      const near = neighbours(scene().worlds, state.week, state.around ?? state.person);
      if (near.length) set({ person: near[(near.indexOf(state.person) + 1) % near.length] });
    },
  };
}
