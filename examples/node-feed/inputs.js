// The events of a file, line by line, so that memory does not grow with it.
//
// A .jsonl file has an EventInput a line, in protobuf's JSON mapping, as `daybook
// append` takes it. A .csv file has a voucher a line and a head:
//
//   voucher,date,fund,nature,function,economic,project,amount,payee,summary
//
// voucher is its number, date 2024-03-15, fund and nature as in the protos
// without their prefix (general, operating), amount yuan (201.50). Columns that
// are empty are left out of the event.
'use strict';

const fs = require('node:fs');
const {NameError} = require('./names');

const LINE_BYTES_MAX = 1 << 20;
const COLUMNS = ['voucher', 'date', 'fund', 'nature', 'function', 'economic',
  'project', 'amount', 'payee', 'summary'];
const REQUIRED = ['voucher', 'date', 'fund', 'amount'];

class InputError extends Error {}

// Yuan as text to fen as text, exactly: no floating point touches money.
function fenOf(yuan) {
  const found = /^(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?$/.exec(yuan);
  if (!found) throw new InputError(`amount '${yuan}': not yuan such as 201.50`);
  const [, sign, whole, part = ''] = found;
  return String(BigInt(`${sign}${whole}${part.padEnd(2, '0')}`));
}

function dateOf(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!found) throw new InputError(`date '${text}': not a day such as 2024-03-15`);
  const [, year, month, day] = found.map(Number);
  return {year, month, day};
}

// The cells of one line; a cell with commas or quotes stands in quotes.
function cellsOf(line) {
  const cells = [];
  const cell = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  for (;;) {
    const found = cell.exec(line);
    if (!found) throw new InputError(`'${line.slice(0, 40)}': quotes do not match`);
    cells.push(found[1] !== undefined ? found[1].replaceAll('""', '"') : found[2].trim());
    if (found[3] === '') return cells;
  }
}

function checkHead(line) {
  // Spreadsheets begin a file with a byte-order mark.
  if (cellsOf(line.replace(/^\uFEFF/, '')).join() !== COLUMNS.join()) {
    throw new InputError(`the head is not ${COLUMNS.join()}`);
  }
}

function voucherOf(report, cells) {
  const row = Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i] ?? '']));
  for (const column of REQUIRED) {
    if (row[column] === '') throw new InputError(`${column} is empty; it is required`);
  }
  const spent = {
    line: {fund: `FUND_${row.fund.toUpperCase()}`},
    amountFen: fenOf(row.amount),
    voucherNumber: row.voucher,
  };
  if (row.nature) spent.line.nature = `NATURE_${row.nature.toUpperCase()}`;
  if (row.function) spent.line.functionCode = row.function;
  if (row.economic) spent.line.economicCode = row.economic;
  if (row.project) spent.line.project = row.project;
  const input = {
    event: {
      // The number is the identity: the same voucher again is no second one.
      eventId: row.voucher,
      subject: report,
      effectiveDate: dateOf(row.date),
      expenditureRecorded: spent,
    },
  };
  if (row.payee || row.summary) {
    input.personalData = {payee: row.payee, summary: row.summary};
  }
  return input;
}

// protobuf's JSON writes a time as text, the loader wants its parts.
function jsonInputOf(line) {
  let input;
  try {
    input = JSON.parse(line);
  } catch (error) {
    throw new InputError(`not JSON: ${error.message}`);
  }
  const time = input.event?.sourceRecordedTime;
  if (typeof time === 'string') {
    const ms = Date.parse(time);
    if (Number.isNaN(ms)) {
      throw new InputError(`sourceRecordedTime '${time}': not a time such as ` +
          '2024-03-15T09:30:00Z');
    }
    input.event.sourceRecordedTime = {
      seconds: String(Math.floor(ms / 1000)),
      nanos: (ms % 1000) * 1e6,
    };
  }
  return input;
}

// Yields {line, bytes, input} for each line after the first `skip`. `report` is
// what the vouchers of a .csv belong to; `check` throws at an input with names
// that are not known.
async function* readInputs(file, {report, check, skip}) {
  const isCsv = file.endsWith('.csv');
  const handle = await fs.promises.open(file);
  let line = 0;
  try {
    for await (const text of handle.readLines({encoding: 'utf8'})) {
      ++line;
      if (isCsv && line === 1) {
        checkHead(text);
        continue;
      }
      if (line <= skip || text.trim() === '') continue;
      const bytes = Buffer.byteLength(text);
      if (bytes > LINE_BYTES_MAX) {
        throw new InputError(`has ${bytes} bytes, at most ${LINE_BYTES_MAX}`);
      }
      const input = isCsv ? voucherOf(report, cellsOf(text)) : jsonInputOf(text);
      check(input);
      yield {line, bytes, input};
    }
  } catch (error) {
    if (error instanceof InputError || error instanceof NameError) {
      error.message = `${file}:${line}: ${error.message}`;
    }
    throw error;
  } finally {
    await handle.close().catch(() => {});
  }
}

module.exports = {readInputs};
