// Round numbers along an axis: steps of 1, 2 or 5 times a power of ten, as d3-array's `ticks` finds them.

/** Numbers as parts of a whole one where the step is small, since 3 / 10 is nearer to 0.3 than 3 * 0.1. */
function stepping(low, high, count) {
  const asked = (high - low) / count, power = Math.floor(Math.log10(asked)), error = asked / 10 ** power;
  const factor = error >= Math.sqrt(50) ? 10 : error >= Math.sqrt(10) ? 5 : error >= Math.SQRT2 ? 2 : 1;
  return power < 0 ? { parts: 10 ** -power / factor, step: 1 } : { parts: 1, step: 10 ** power * factor };
}

export function tickStep(low, high, count) {
  const { parts, step } = stepping(low, high, count);
  return step / parts;
}

/** About so many round numbers from `low` to `high`. */
export function ticks(low, high, count) {
  const { parts, step } = stepping(low, high, count), near = 1e-9; // 0.30000000000000004 is 0.3
  const first = Math.ceil((low * parts) / step - near), last = Math.floor((high * parts) / step + near);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => ((first + k) * step) / parts);
}
