// The pictures of a page: each canvas is painted with the world of its side, everybody in their own place.
import { draw, measures, whoAt } from "./network.js";
import { numberOf } from "./people.js";

export function pictures(root) {
  const shapes = [null, null], drawn = [{}, {}];
  function paint(scene, state, mix = 1) {
    const { recording, worlds } = scene, at = scene.at ?? recording.at;
    root.querySelectorAll("canvas").forEach((canvas) => {
      const { clientWidth: width, clientHeight: height } = canvas, side = Number(canvas.dataset.side);
      if (shapes[side]?.from !== at || shapes[side].width !== width || shapes[side].height !== height) {
        shapes[side] = { ...measures(width, height, at), from: at };
      }
      drawn[side] = draw(canvas, shapes[side], { world: worlds[side], people: recording.people, week: state.week, mix,
        person: state.hovered ?? state.person, arrows: state.arrows && !scene.hides, numbers: recording.people.map(numberOf), rings: scene.rings });
    });
  }
  /** Who stands where the pointer is; null: nobody near. */
  function found(side, event) {
    const box = event.target.getBoundingClientRect();
    return whoAt(shapes[side], event.clientX - box.x, event.clientY - box.y);
  }
  return { paint, found, drawn, shapes };
}
