// One stream of events: opened, fed in batches, acked in order.
'use strict';

const {status} = require('@grpc/grpc-js');

// The server takes 16 MiB of events in one batch.
const BATCH_BYTES_MAX = 4 << 20;

class FeedError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

// How far a source is that a feed of ours wrote: a number of lines.
function linesOf(cursor) {
  if (cursor === '') return 0;
  if (!/^[0-9]+$/.test(cursor)) {
    throw new FeedError(status.FAILED_PRECONDITION,
        `cursor '${cursor}': the source stands where another feed left it; ` +
        'use a source of your own');
  }
  return Number(cursor);
}

// The answers of a stream, to be awaited one by one, and its end.
class Answers {
  constructor(call) {
    this.ready = [];
    this.waiting = null;
    this.failure = null;
    this.ended = false;
    call.on('data', (message) => { this.ready.push(message); this.wake(); });
    call.on('error', (error) => { this.failure = error; this.wake(); });
    call.on('end', () => { this.ended = true; this.wake(); });
  }

  wake() {
    const waiting = this.waiting;
    this.waiting = null;
    if (waiting !== null) waiting();
  }

  // The next one. Throws when the stream fails, or ends before it.
  async next() {
    for (;;) {
      if (this.ready.length > 0) return this.ready.shift();
      if (this.failure !== null) throw this.failure;
      if (this.ended) {
        // An error comes after the end; without one the server just left.
        await new Promise(setImmediate);
        if (this.failure !== null) throw this.failure;
        throw new FeedError(status.UNAVAILABLE, 'the server ended the stream');
      }
      await new Promise((resolve) => { this.waiting = resolve; });
    }
  }

  get hasReady() {
    return this.ready.length > 0 || this.failure !== null || this.ended;
  }
}

// Feeds what `inputsAfter(lines)` yields ({line, bytes, input}) from where the
// source stands. `told` has `opened(progress)` and `ack(lines, ack)`. Throws an
// error with a code when the stream breaks, or can not go on.
async function feed(client, options, inputsAfter, told) {
  const call = client.streamEvents();
  const answers = new Answers(call);
  try {
    await feedOn(call, answers, options, inputsAfter, told);
  } finally {
    call.cancel();
  }
}

async function feedOn(call, answers, options, inputsAfter, told) {
  const write = async (message) => {
    // False: the server is slower than we are. Nothing is queued behind it.
    if (call.write(message)) return;
    await new Promise((resolve) => {
      const done = () => {
        for (const event of ['drain', 'error', 'end', 'close']) call.off(event, done);
        resolve();
      };
      for (const event of ['drain', 'error', 'end', 'close']) call.on(event, done);
    });
  };

  await write({open: {ledger: options.ledger, source: options.source}});
  const {opened} = await answers.next();
  told.opened(opened);
  let cursor = opened.cursor;
  const inFlight = [];

  const takeAck = async () => {
    const {ack} = await answers.next();
    const {lines} = inFlight.shift();
    if (ack.error) throw new FeedError(ack.error.code, ack.error.message);
    told.ack(lines, ack);
    if (!ack.cursorKept) {
      throw new FeedError(status.FAILED_PRECONDITION,
          `the source stays at line ${ack.cursor || 0}: what an event names is not ` +
          'recorded yet. Record it, then feed again');
    }
  };

  let batch = [];
  let bytes = 0;
  const sendBatch = async () => {
    if (batch.length === 0) return;
    while (inFlight.length >= options.inFlightMax ||
           (answers.hasReady && inFlight.length > 0)) {
      await takeAck();
    }
    const lines = batch.map(({line}) => line);
    const next = String(lines[lines.length - 1]);
    const inputs = batch.map(({input}) => input);
    batch = [];
    bytes = 0;
    inFlight.push({lines});
    await write({
      batch: {correlationId: next, inputs, cursor: next, previousCursor: cursor},
    });
    cursor = next;
  };

  for await (const next of inputsAfter(linesOf(cursor))) {
    if (batch.length === options.batchEvents || bytes + next.bytes > BATCH_BYTES_MAX) {
      await sendBatch();
    }
    batch.push(next);
    bytes += next.bytes;
  }
  await sendBatch();
  while (inFlight.length > 0) await takeAck();
  call.end();
}

module.exports = {
  feed,
  FeedError,
  ABORTED: status.ABORTED,
  UNAVAILABLE: status.UNAVAILABLE,
  RESOURCE_EXHAUSTED: status.RESOURCE_EXHAUSTED,
};
