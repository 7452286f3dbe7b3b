// One tab at a time. Browsers offer locks to secure pages only; elsewhere a lease in the storage stands in for them.

const LEASE_MS = 30_000;
const LOOK_MS = 60;
const queues = new Map();

/** Does `work` while nobody else of this origin does work of that name; resolves with what it gives. */
export function exclusively(name, work) {
  if (navigator.locks) return navigator.locks.request(name, work);
  const before = queues.get(name) ?? Promise.resolve();
  const turn = before.then(() => leased(name, work));
  queues.set(name, turn.catch(() => {}));
  return turn;
}

async function leased(name, work) {
  const key = `${name}.lease`;
  const owner = `${Date.now()}-${Math.random()}`;
  await acquire(key, owner);
  try {
    return await work();
  } finally {
    if (holder(key)?.owner === owner) localStorage.removeItem(key);
  }
}

/** Written, and still there a moment later: of two tabs that write at once the last one has it. */
async function acquire(key, owner) {
  for (;;) {
    if (!holder(key)) {
      localStorage.setItem(key, JSON.stringify({ owner, until: Date.now() + LEASE_MS }));
      await pause(LOOK_MS / 2);
      if (holder(key)?.owner === owner) return;
    }
    await pause(LOOK_MS * (1 + Math.random()));
  }
}

/** Who has the lease, unless it has run out: his tab may be gone. */
function holder(key) {
  try {
    const lease = JSON.parse(localStorage.getItem(key));
    return lease && lease.until > Date.now() ? lease : null;
  } catch {
    return null;
  }
}

const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });
