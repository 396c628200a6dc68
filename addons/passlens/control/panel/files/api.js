// The control API: the token, one call, the stream of events. What goes wrong is an error whose message is a sentence.

const KEY = "passlens-token";
const PATIENCE = 15000; // milliseconds for an answer
const LONGEST = 1 << 20; // characters of a line of the stream; what is longer is nobody's event
const MIN_TOKEN = 16; // a shorter fragment is a place in the page

export const MISSING = "This page needs the address with the token: open the one that passlens proxy shows.";
export const WRONG =
  "The proxy does not take this token, which is wrong or of an earlier run: open the address that passlens proxy shows now.";
export const GONE = "The proxy has ended or cannot be reached; this page tries again by itself.";

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// The token of the address, which is taken out of it, else the one that this tab knows; null without one.
export function takeToken() {
  const given = location.hash.slice(1);
  if (given.length >= MIN_TOKEN) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY);
}

async function ask(method, path, body, signal) {
  const token = sessionStorage.getItem(KEY);
  if (token === null) throw new Refused(401, MISSING);
  if (!/^[!-~]+$/.test(token)) throw new Refused(401, WRONG);
  let answer;
  try {
    answer = await fetch(`/api/v1/${path}`, {
      method,
      signal,
      headers: { Authorization: `Bearer ${token}` },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
  } catch {
    throw new Error(GONE);
  }
  if (answer.ok) return answer;
  if (answer.status === 401) throw new Refused(401, WRONG);
  const said = await answer.json().catch(() => null);
  throw new Refused(answer.status, said?.error?.message ?? GONE);
}

// The answer's JSON.
export async function call(method, path, body) {
  const answer = await ask(method, path, body, AbortSignal.timeout(PATIENCE));
  try {
    return await answer.json();
  } catch {
    throw new Error(GONE);
  }
}

// Reads the stream of events until it ends: `heard` gets "begin" once nothing will be missed, the name of each event,
// and null for a sign of life.
export async function listen(heard, signal) {
  const answer = await ask("GET", "events", undefined, signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  heard("begin");
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard(null);
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      if (rest.length > LONGEST) rest = "";
      for (const line of lines) if (line.startsWith("event: ")) heard(line.slice(7));
    }
  } catch {
    throw new Error(GONE);
  }
}
