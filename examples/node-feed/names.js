// Holds objects against the protos before they are sent. The loader drops a field
// that it does not know and takes an unknown word of an enum for 0: a misspelt
// name would be a fact that was never recorded.
'use strict';

const PACKAGE = 'daybook.v1.';

class NameError extends Error {}

// `definition` is what protoLoader.loadSync answers. Throws NameError.
function checkNames(definition, message, object, path = '') {
  const type = definition[PACKAGE + message]?.type;
  // Of another package, such as a timestamp.
  if (type === undefined) return;
  if (object === null || typeof object !== 'object' || Array.isArray(object)) {
    throw new NameError(`${path || 'line'}: is no ${message}`);
  }
  for (const [name, value] of Object.entries(object)) {
    const at = path ? `${path}.${name}` : name;
    const field = type.field.find((known) => known.name === name);
    if (field === undefined) {
      const known = type.field.map((one) => one.name).join(', ');
      throw new NameError(`${at}: no field of ${message}; it has ${known}`);
    }
    const values = field.label === 'LABEL_REPEATED' && Array.isArray(value)
      ? value : [value];
    for (const one of values) {
      if (field.type === 'TYPE_MESSAGE') {
        checkNames(definition, field.typeName, one, at);
      } else if (field.type === 'TYPE_ENUM') {
        checkWord(definition, type, field, one, at);
      }
    }
  }
}

function checkWord(definition, type, field, word, at) {
  if (typeof word !== 'string') return;
  const nested = type.enumType.find((one) => one.name === field.typeName);
  const known = nested ?? definition[PACKAGE + field.typeName]?.type;
  const words = known?.value.map((value) => value.name) ?? [];
  if (words.includes(word)) return;
  throw new NameError(`${at}: '${word}' is none of ${words.join(', ')}`);
}

module.exports = {checkNames, NameError};
