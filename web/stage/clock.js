// Time on a page that plays: weeks go by at the speed that was chosen, each fading into the next.
import { SPEEDS } from "./transport.js";

const FADE = 300; // milliseconds
export const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * What can be done with time. `state` holds week, playing, until and speed; `update` draws anew, `paint` the
 * pictures alone, part of the way into the week; `ended` is told when the last week is reached.
 */
export function clock(state, { weeks, update, paint, ended = () => {} }) {
  let begun = 0, frame = 0;
  function tick(now) {
    if (!state.playing) return;
    const pace = 1000 / (still.matches ? SPEEDS.slow : SPEEDS[state.speed]), past = now - begun;
    if (past >= pace) {
      begun = now;
      go(state.week + 1, true);
    } else if (!still.matches && past < Math.min(FADE, pace)) paint(past / Math.min(FADE, pace));
    frame = requestAnimationFrame(tick);
  }
  function play(until = weeks()) {
    cancelAnimationFrame(frame);
    Object.assign(state, { playing: true, until, week: state.week >= until ? 0 : state.week });
    begun = performance.now();
    update();
    frame = requestAnimationFrame(tick);
  }
  function go(week, playing = false) {
    const last = weeks();
    state.week = Math.max(0, Math.min(last, week));
    state.playing = playing && state.week < state.until;
    if (state.week === last) ended();
    update();
  }
  function pause() {
    state.playing = false;
    update();
  }
  function stop() {
    state.playing = false;
    cancelAnimationFrame(frame);
  }
  return { play, stop, act: {
    go, by: (weeks) => go(state.week + weeks), first: () => go(0), last: () => go(weeks()), toggle: () => (state.playing ? pause() : play()),
  } };
}

/** Let something fade in once: `paint` is given how much of it is there. Gives what ends it before its time. */
export function fade(paint) {
  let frame = 0;
  const begun = performance.now();
  const tick = (now) => {
    const part = still.matches ? 1 : Math.min(1, Math.max(0, (now - begun) / FADE));
    paint(part);
    if (part < 1) frame = requestAnimationFrame(tick);
  };
  frame = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(frame);
}
