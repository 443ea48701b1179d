// One request to the API, and what can go wrong with it.

/** Why a request did not succeed. `unknown` means that it may have been done. */
export class Problem extends Error {
  constructor(status, kind, detail, field, wait, errors) {
    super(kind);
    Object.assign(this, { status, kind, detail, field, wait, errors });
  }

  get unknown() {
    return this.status === 0 || this.status >= 500;
  }
}

const LONGEST = 35_000; // ms; the API gives up after 30 s

/** Sends JSON and reads JSON. */
export async function send(method, path, { body, token, key, longest = LONGEST } = {}) {
  const headers = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token) headers.authorization = `Bearer ${token}`;
  if (key) headers["idempotency-key"] = key;
  let response;
  let answer = null;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(longest),
    });
    if (response.status !== 204) answer = await response.json();
  } catch {
    // No answer, or half of one, or one that is not ours.
    throw new Problem(response && !response.ok ? response.status : 0, "unreachable");
  }
  if (response.ok) return answer;
  const kind = String(answer?.type ?? "").split(":").at(-1);
  throw new Problem(response.status, kind, answer?.detail, answer?.field, Number(response.headers.get("retry-after")), answer?.errors);
}

/**
 * Something that a person does once. Every try of the same thing carries the same key, until its outcome is known: then the
 * next try is a new act.
 */
export class Act {
  #key;
  #what;

  key(path, body) {
    const what = `${path} ${JSON.stringify(body)}`;
    if (what !== this.#what) {
      this.#what = what;
      this.#key = crypto.randomUUID();
    }
    return this.#key;
  }

  settle() {
    this.#what = undefined;
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
