// A transformation of the older kind, which answers by a callback.
exports.handler = (event, context, callback) => {
  callback(null, {
    records: event.records.map((record) => ({ ...record, result: 'Ok' })),
  });
};
exports.broken = async () => {
  throw new TypeError('as asked');
};
