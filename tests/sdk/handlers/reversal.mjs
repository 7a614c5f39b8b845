// A transformation in JavaScript: each record backwards.
export const handler = async (event) => ({
  records: event.records.map(({ recordId, data }) => ({
    recordId,
    result: 'Ok',
    data: Buffer.from([...Buffer.from(data, 'base64').toString()].reverse().join(''))
      .toString('base64'),
  })),
});
