// The client of LedgerService, made from the protos that Daybook ships.
'use strict';

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const {checkNames} = require('./names');

const PROTOS = process.env.DAYBOOK_PROTOS ??
    path.join(__dirname, '..', '..', 'proto');

// What the server sends at most, with room to spare.
const RECEIVE_BYTES_MAX = 64 << 20;

// {client, check}: `check` throws what is wrong with the names in an EventInput.
function connect(address) {
  const definition = protoLoader.loadSync('daybook/v1/ledger_service.proto', {
    includeDirs: [PROTOS],
    // 64-bit numbers as text: money and positions are exact in no other way.
    longs: String,
    enums: String,
    defaults: true,
    arrays: true,
    oneofs: true,
  });
  const {LedgerService} = grpc.loadPackageDefinition(definition).daybook.v1;
  const client = new LedgerService(address, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': RECEIVE_BYTES_MAX,
    'grpc.enable_http_proxy': 0,
    // Or a server that restarts would be found only much later.
    'grpc.max_reconnect_backoff_ms': 1000,
  });
  return {client, check: (input) => checkNames(definition, 'EventInput', input)};
}

module.exports = {connect};
