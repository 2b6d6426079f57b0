// Whether there is an engine to ask: it warms up, is ready, has failed, or nobody answers any more.
const WARMING = 1000, AGAIN = 2000, STILL_THERE = 5000;

export function engine(it, update, ready) {
  const now = { state: "loading", seconds: 0, version: "" };
  let timer = 0;
  const turn = (state) => {
    const before = now.state;
    now.state = state;
    if (state === "ready" && before !== "ready") ready();
    else if (state !== before || state === "loading") update();
  };
  async function look() {
    clearTimeout(timer);
    try {
      const told = await it.api.json("state");
      Object.assign(now, { seconds: told.seconds, version: told.version });
      turn(told.engine === "ready" && now.state === "busy" ? "busy" : told.engine);
    } catch {
      turn("gone");
    }
    timer = setTimeout(look, { loading: WARMING, gone: AGAIN, token: AGAIN }[now.state] ?? STILL_THERE);
  }
  return {
    now, watch: look,
    /** A question was answered, or refused for a reason that lies with the engine. */
    met(code) {
      const state = { gone: "gone", engine_loading: "loading", engine_failed: "failed", busy: "busy", token: "token" }[code] ?? "ready";
      now.state = state;
      clearTimeout(timer);
      if (state === "token") it.tokens.wanted();
      timer = setTimeout(look, state === "loading" ? WARMING : state === "gone" ? AGAIN : STILL_THERE);
      update();
    },
  };
}
