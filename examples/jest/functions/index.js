// A transform of Firehose records, as it is uploaded to Lambda.

function decoded(record) {
  return JSON.parse(Buffer.from(record.data, "base64").toString());
}

function returned(record, order, result = "Ok") {
  const data = Buffer.from(JSON.stringify(order) + "\n").toString("base64");
  return { recordId: record.recordId, result, data };
}

// Adds a total to each order, and drops those of nothing, as Firehose wants it said.
exports.totals = async (event) => ({
  records: event.records.map((record) => {
    const order = decoded(record);
    if (order.quantity === 0) return returned(record, order, "Dropped");
    return returned(record, { ...order, total: order.price * order.quantity });
  }),
});

// Leaves out the orders of nothing. Firehose takes that for a mistake: it wants them Dropped.
exports.forgets = async (event) => ({
  records: event.records
    .filter((record) => decoded(record).quantity > 0)
    .map((record) => returned(record, decoded(record))),
});
