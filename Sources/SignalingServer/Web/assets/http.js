// One exchange with the HTTP API.

/** Longer than the server takes for anything, a password behind a queue of others included. */
const REQUEST_MS = 20_000;

/** A refusal of the server: `code` is stable (`room.full`), `message` is for developers, `reason` for who is refused. */
export class ApiError extends Error {
  constructor(status, code, message, { retryAfter = null, reason = null } = {}) {
    super(message);
    Object.assign(this, { status, code, retryAfter, reason });
  }

  static async from(response) {
    const body = await response.json().catch(() => null);
    const { code = `http.${response.status}`, message = response.statusText, reason } = body?.error ?? {};
    return new ApiError(response.status, code, message, { retryAfter: response.headers.get('Retry-After'), reason });
  }
}

/**
 * The decoded answer, or null when it has no body. Throws `ApiError`, without a network `TypeError`, and a
 * `TimeoutError` when there is no answer in time.
 */
export async function exchange(method, path, body, token) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_MS),
  });
  if (!response.ok) throw await ApiError.from(response);
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}
