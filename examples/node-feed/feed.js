#!/usr/bin/env node
// Feeds the vouchers of a file into a ledger, and goes on where it was.
'use strict';

const {parseArgs} = require('node:util');
const {connect} = require('./daybook');
const {readInputs} = require('./inputs');
const {feed, ABORTED, UNAVAILABLE, RESOURCE_EXHAUSTED} = require('./stream');

const USAGE = `usage: node feed.js --ledger=LEDGER --source=NAME [flags] FILE.csv|FILE.jsonl
  --server=HOST:PORT  else DAYBOOK_SERVER, else 127.0.0.1:7400
  --report=REPORT     of FILE.csv: what its vouchers belong to, such as
                      ledgers/430203/departments/115001/reports/2024
  --batch=N           events sent together, 1 to 4096; 512 unless given
  --in-flight=N       batches sent and not answered, 1 to 64; 4 unless given
  --tries=N           how often in a row to go on when the server went away; 8
  --progress          say on standard error how far it is`;

// The exit codes of the daybook command.
const DONE = 0;
const REFUSED = 1;
const WRONG_USAGE = 2;
const AWAY = 3;

const WAIT_MS = 250;
const WAIT_MS_MAX = 8000;

class UsageError extends Error {}

function numberOf(values, name, fallback, max) {
  const number = values[name] === undefined ? fallback : Number(values[name]);
  if (!Number.isInteger(number) || number < 1 || number > max) {
    throw new UsageError(`--${name}=${values[name]}: not a whole number from 1 to ${max}`);
  }
  return number;
}

function optionsOf(words) {
  const text = {type: 'string'};
  let parsed;
  try {
    parsed = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        server: text, ledger: text, source: text, report: text, batch: text,
        'in-flight': text, tries: text, progress: {type: 'boolean'},
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const {values, positionals} = parsed;
  if (!values.ledger) throw new UsageError('--ledger is missing');
  if (!values.source) throw new UsageError('--source is missing');
  if (positionals.length !== 1) throw new UsageError('one FILE is needed');
  if (positionals[0].endsWith('.csv') && !values.report) {
    throw new UsageError('a .csv file needs --report');
  }
  return {
    server: values.server ?? process.env.DAYBOOK_SERVER ?? '127.0.0.1:7400',
    ledger: values.ledger,
    source: values.source,
    report: values.report,
    file: positionals[0],
    batchEvents: numberOf(values, 'batch', 512, 4096),
    inFlightMax: numberOf(values, 'in-flight', 4, 64),
    triesMax: numberOf(values, 'tries', 8, 1000),
    progress: values.progress ?? false,
  };
}

// `lines` are those of the batch's events, in order.
function printRefusal(file, lines, refusal) {
  for (const problem of refusal.problems) {
    const kind = problem.retryable ? 'retryable' : 'permanent';
    const value = problem.value ? ` '${problem.value}'` : '';
    console.error(`${file}:${lines[refusal.index]}: ${refusal.eventId} (${kind}): ` +
        `${problem.field}${value}: ${problem.message}; ${problem.remedy}`);
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// May pass: the server restarts, has too much to do, or was still recording what
// a broken stream had sent when the next one asked where the source stands.
const mayPass = (error) =>
    [UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED].includes(error.code);

// One stream after the other, each from where the source stands, until the file
// is through. Waits longer after each that got nowhere.
async function feedAll({client, check}, options, totals) {
  let failures = 0;
  let everOpened = false;
  const told = {
    opened() { everOpened = true; },
    ack(lines, ack) {
      failures = 0;
      for (const outcome of ack.outcomes) totals[outcome]++;
      for (const refusal of ack.refusals) printRefusal(options.file, lines, refusal);
      if (options.progress) console.error(`through line ${ack.cursor || 0}`);
    },
  };
  for (;;) {
    try {
      return await feed(client, options,
          (skip) => readInputs(options.file, {report: options.report, check, skip}), told);
    } catch (error) {
      if (!everOpened || !mayPass(error) || failures === options.triesMax) throw error;
      await sleep(Math.min(WAIT_MS * 2 ** failures, WAIT_MS_MAX));
      failures++;
    }
  }
}

async function main(words) {
  let options;
  try {
    options = optionsOf(words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`feed: ${error.message}\n${USAGE}`);
    return WRONG_USAGE;
  }
  const totals = {
    STREAM_OUTCOME_CREATED: 0, STREAM_OUTCOME_REPLAYED: 0,
    STREAM_OUTCOME_REFUSED: 0, STREAM_OUTCOME_NOT_RECORDED: 0,
  };
  const server = connect(options.server);
  let failure = null;
  try {
    await feedAll(server, options, totals);
  } catch (error) {
    failure = error;
  }
  server.client.close();
  console.log(`${totals.STREAM_OUTCOME_CREATED} new, ` +
      `${totals.STREAM_OUTCOME_REPLAYED} already there, ` +
      `${totals.STREAM_OUTCOME_REFUSED} refused`);
  if (failure !== null) {
    console.error(`feed: ${failure.details || failure.message}`);
    return failure.code === UNAVAILABLE ? AWAY : REFUSED;
  }
  return totals.STREAM_OUTCOME_REFUSED > 0 ? REFUSED : DONE;
}

main(process.argv.slice(2)).then(
    (code) => { process.exitCode = code; },
    (error) => {
      console.error(error);
      process.exitCode = REFUSED;
    });
