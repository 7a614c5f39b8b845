// The AWS SDK for JavaScript v2: out of support, and still in many a program. It knows no
// SubscribeToShard.
import AWS from "aws-sdk";
import { EVERY_BYTE, run, tell } from "./told.mjs";

// Version 2 reads neither variable that the others read.
const settings = { endpoint: process.env.AWS_ENDPOINT_URL, region: process.env.AWS_REGION };
const kinesis = new AWS.Kinesis(settings);

async function allOf(StreamName, ShardId) {
  const records = [];
  let { ShardIterator } = await kinesis.getShardIterator(
    { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }).promise();
  for (let behind = 1; behind > 0;) {
    const page = await kinesis.getRecords({ ShardIterator }).promise();
    records.push(...page.Records);
    ShardIterator = page.NextShardIterator;
    behind = page.MillisBehindLatest;
  }
  return records;
}

async function roundTrip(StreamName) {
  await kinesis.createStream({ StreamName, ShardCount: 2 }).promise();
  const { StreamDescription } = await kinesis.waitFor(
    "streamExists", { StreamName, $waiter: { delay: 1 } }).promise();
  const one = await kinesis.putRecord(
    { StreamName, PartitionKey: "every byte", Data: EVERY_BYTE }).promise();
  const more = await kinesis.putRecords({ StreamName, Records: ["a", "b", "c"].map(
    (key) => ({ PartitionKey: key, Data: `data of ${key}` })) }).promise();
  const read = [];
  for (const { ShardId } of StreamDescription.Shards) {
    for (const record of await allOf(StreamName, ShardId)) {
      read.push({
        shard: ShardId, sequence: record.SequenceNumber, key: record.PartitionKey,
        data: record.Data.toString("base64"),
        arrival: record.ApproximateArrivalTimestamp.getTime() / 1000,
      });
    }
  }
  tell({
    status: StreamDescription.StreamStatus, shards: StreamDescription.Shards.length,
    put: [one, ...more.Records].map((r) => ({ shard: r.ShardId, sequence: r.SequenceNumber })),
    read,
  });
}

async function errors(StreamName) {
  const refused = [
    () => kinesis.describeStreamSummary({ StreamName: `${StreamName}-missing` }),
    () => kinesis.createStream({ StreamName, ShardCount: 1 }),
    () => kinesis.getRecords({ ShardIterator: "x" }),
    () => kinesis.putRecord({ StreamName, PartitionKey: "k".repeat(257), Data: EVERY_BYTE }),
  ];
  for (const call of refused) {
    try {
      await call().promise();
      tell({ type: "none" });
    } catch (error) {
      tell({ type: error.code, message: error.message, status: error.statusCode,
             requestId: error.requestId });
    }
  }
}

async function firehose(DeliveryStreamName) {
  const client = new AWS.Firehose(settings);
  const one = await client.putRecord(
    { DeliveryStreamName, Record: { Data: "one\n" } }).promise();
  const more = await client.putRecordBatch(
    { DeliveryStreamName, Records: [{ Data: "two\n" }, { Data: EVERY_BYTE }] }).promise();
  const ids = [one, ...more.RequestResponses].map((r) => r.RecordId);
  tell({ ids, failed: more.FailedPutCount });
}

await run({ "round-trip": roundTrip, errors, firehose });
