// A recording, unpacked: who stands how in which week, and which ties live.
export const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export const VERSION = 1;
const KEPT = 8; // weeks
export const STATES = ["nothing", "training", "waiting", "completed", "left", "closed", "moved_on"];

/** Of the digit of a tie in a week: 0 acquainted, 1 somebody to confide in, 2 a friend. */
export const level = (digit) => digit & 3;
export const met = (digit) => digit >= 4;
/** Of the byte of a person in a week: the communities they take part in, as four bits. */
export const communities = (byte) => byte & 15;
export const state = (byte) => (byte & 15 ? "active" : STATES[byte >> 4]);
export const hasLeft = (byte) => !(byte & 15) && (byte >> 4 === 4 || byte >> 4 === 5);

/** Read the data of a page: gzipped and in base64, or plain JSON. */
export async function unpacked(text) {
  if (text.trimStart().startsWith("{")) return JSON.parse(text);
  const stream = new Blob([bytes(text.trim())]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** What a variant leaves out stands in its base: bytes by exclusive or, ties by ranges. */
export function whole(world, base) {
  if (!base) return world;
  const flipped = (name) => {
    const other = bytes(base[name]);
    return String.fromCharCode(...bytes(world[name]).map((byte, k) => byte ^ other[k]));
  };
  const listed = (name) => (world[name] ?? []).flatMap((item) => (item.length === 2 ? base[name].slice(...item) : [item]));
  const same = Object.fromEntries(["standing", "connected", "isolated"].map((name) => [name, btoa(flipped(name))]));
  return { ...base, ...world, ...same, ties: listed("ties"), once: listed("once") };
}

/** A world with its bytes and digits read: how a person stands in a week, who has ties in it. */
export function living(world, n) {
  const standing = bytes(world.standing), connected = bytes(world.connected), isolated = bytes(world.isolated);
  for (let k = n; k < connected.length; k++) connected[k] += connected[k - n]; // written as the change from the week before
  const ties = world.ties.map(([i, j, place, from, digits]) => ({ i, j, place, from, digits: Uint8Array.from(digits, Number) }));
  for (const [i, j, place, from, weeks] of world.once ?? []) {
    ties.push({ i, j, place, from, digits: Uint8Array.from({ length: weeks }, (_, k) => (k ? 0 : 4)) });
  }
  const kept = new Map();
  return {
    ...world, ties,
    standing: (week, person) => standing[week * n + person],
    connected: (week, person) => connected[week * n + person],
    isolated: (week, person) => (isolated[(week * n + person) >> 3] >> ((week * n + person) & 7)) & 1,
    /** Ties that live in a week, with the digit of that week; those of the last few weeks asked for are kept. */
    living: (week) => {
      if (!kept.has(week)) {
        if (kept.size > KEPT) kept.clear();
        const here = ties.filter((tie) => week >= tie.from && week < tie.from + tie.digits.length);
        kept.set(week, here.map(({ i, j, from, digits }) => ({ i, j, digit: digits[week - from] })));
      }
      return kept.get(week);
    },
  };
}

/** Places of people, between 0 and 1 in both directions. */
export const placed = (at) => at.map(([x, y]) => [x / 1000, y / 1000]);

/** All worlds of a recording; one that says only what differs from another is made whole first. */
export function decoded(recording) {
  const full = Object.fromEntries(recording.worlds.filter((world) => !world.base).map((world) => [world.key, world]));
  const worlds = recording.worlds.map((world) => living(whole(world, full[world.base]), recording.people.length));
  return { ...recording, at: placed(recording.at), worlds };
}
