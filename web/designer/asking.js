// Questions to the local server: the token, one question at a time, answers line by line.
const API = "/api/1/";

/** A refusal of the server, or that nobody answered (code "gone"). */
export class Refused extends Error {
  constructor(error) { super(error.code); Object.assign(this, { error }); }
}

const me = Math.random().toString(36).slice(2);

export function asking({ token, language }) {
  async function ask(name, { body, kind = "application/json", signal } = {}) {
    const headers = { "peersim-page": me };
    if (body !== undefined) Object.assign(headers, { authorization: `Peersim ${token()}`, "content-type": kind });
    const how = { method: body === undefined ? "GET" : "POST", headers, signal, body: kind === "application/json" && body !== undefined ? JSON.stringify(body) : body };
    let reply;
    try {
      reply = await fetch(`${API}${name}?language=${language()}`, how);
    } catch (problem) {
      throw problem.name === "AbortError" ? problem : new Refused({ code: "gone" });
    }
    if (reply.ok) return reply;
    const told = await reply.json().catch(() => null);
    throw new Refused(told?.error ?? { code: "unexpected", number: reply.status });
  }
  return {
    json: async (name, how) => (await ask(name, how)).json(),
    text: async (name, how) => (await ask(name, how)).text(),
    /** An answer that grows: `take` is called with each line. */
    async lines(name, how, take) {
      const reply = await ask(name, how), reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ;) {
        let done, value;
        try { ({ done, value } = await reader.read()); } catch (problem) { throw problem.name === "AbortError" ? problem : new Refused({ code: "gone" }); }
        if (done) return;
        const found = (rest + value).split("\n");
        rest = found.pop();
        for (const text of found) {
          const line = JSON.parse(text);
          if (line.error) throw new Refused(line.error);
          take(line);
        }
      }
    },
  };
}

/** The token of the address, taken out of it; kept for this tab, and told to pages that lack it. */
export function tokens(storage, taken) {
  let token = storage?.getItem("peersim.token") ?? "";
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("peersim") : null;
  const set = (found, tell) => {
    if (!found || found === token) return;
    token = found;
    storage?.setItem("peersim.token", found);
    if (tell) channel?.postMessage({ token });
    taken();
  };
  channel?.addEventListener("message", ({ data }) => {
    if (data?.token) set(data.token, false);
    else if (data?.ask && token) channel.postMessage({ token });
  });
  return { get: () => token, set: (found) => set(found, true), wanted: () => channel?.postMessage({ ask: true }) };
}
