// The AWS SDK for JavaScript v3 as its documentation shows it: nothing is configured here, the
// environment names the endpoint. KinesisClient then talks HTTP/2 without being asked to.
import { FirehoseClient, PutRecordBatchCommand, PutRecordCommand as PutFirehoseRecordCommand }
  from "@aws-sdk/client-firehose";
import {
  CreateStreamCommand, DescribeStreamConsumerCommand, DescribeStreamSummaryCommand,
  GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand, PutRecordCommand,
  PutRecordsCommand, RegisterStreamConsumerCommand, SubscribeToShardCommand, waitUntilStreamExists,
} from "@aws-sdk/client-kinesis";
import { EVERY_BYTE, run, tell } from "./told.mjs";

const kinesis = new KinesisClient({});

async function allOf(StreamName, ShardId) {
  const records = [];
  let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(
    { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }));
  for (let behind = 1; behind > 0;) {
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    records.push(...page.Records);
    ShardIterator = page.NextShardIterator;
    behind = page.MillisBehindLatest;
  }
  return records;
}

async function roundTrip(StreamName) {
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 60, minDelay: 1 }, { StreamName });
  const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  const one = await kinesis.send(new PutRecordCommand(
    { StreamName, PartitionKey: "every byte", Data: EVERY_BYTE }));
  const more = await kinesis.send(new PutRecordsCommand({ StreamName, Records: ["a", "b", "c"].map(
    (key) => ({ PartitionKey: key, Data: Buffer.from(`data of ${key}`) })) }));
  const read = [];
  for (const { ShardId } of (await kinesis.send(new ListShardsCommand({ StreamName }))).Shards) {
    for (const record of await allOf(StreamName, ShardId)) {
      read.push({
        shard: ShardId, sequence: record.SequenceNumber, key: record.PartitionKey,
        data: Buffer.from(record.Data).toString("base64"),
        arrival: record.ApproximateArrivalTimestamp.getTime() / 1000,
      });
    }
  }
  const described = summary.StreamDescriptionSummary;
  tell({
    status: described.StreamStatus, shards: described.OpenShardCount,
    put: [one, ...more.Records].map((r) => ({ shard: r.ShardId, sequence: r.SequenceNumber })),
    read,
  });
}

async function errors(StreamName) {
  const missing = `${StreamName}-missing`;
  const refused = [
    new DescribeStreamSummaryCommand({ StreamName: missing }),
    new CreateStreamCommand({ StreamName, ShardCount: 1 }),
    new GetRecordsCommand({ ShardIterator: "x" }),
    new PutRecordCommand({ StreamName, PartitionKey: "k".repeat(257), Data: EVERY_BYTE }),
  ];
  for (const command of refused) {
    try {
      await kinesis.send(command);
      tell({ type: "none" });
    } catch (error) {
      tell({ type: error.name, message: error.message, status: error.$metadata?.httpStatusCode,
             requestId: error.$metadata?.requestId });
    }
  }
}

async function activeConsumer(StreamARN, ConsumerName) {
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand(
    { StreamARN, ConsumerName }));
  const { ConsumerARN } = Consumer;
  for (;;) {
    const { ConsumerDescription } = await kinesis.send(
      new DescribeStreamConsumerCommand({ ConsumerARN }));
    if (ConsumerDescription.ConsumerStatus === "ACTIVE") return ConsumerARN;
  }
}

async function subscribe(StreamName) {
  const { StreamDescriptionSummary: { StreamARN } } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName }));
  const ConsumerARN = await activeConsumer(StreamARN, "v3");
  const { EventStream } = await kinesis.send(new SubscribeToShardCommand(
    { ConsumerARN, ShardId: "shardId-000000000000", StartingPosition: { Type: "TRIM_HORIZON" } }));
  tell({ subscribed: true });
  for await (const { SubscribeToShardEvent: event } of EventStream) {
    for (const record of event.Records) {
      tell({ key: record.PartitionKey, data: Buffer.from(record.Data).toString("base64") });
    }
    if (event.ChildShards) {
      tell({ children: event.ChildShards.map((child) => child.ShardId),
             continuation: event.ContinuationSequenceNumber ?? null });
    }
  }
  tell({ ended: true });
}

async function firehose(DeliveryStreamName) {
  const client = new FirehoseClient({});
  const one = await client.send(new PutFirehoseRecordCommand(
    { DeliveryStreamName, Record: { Data: Buffer.from("one\n") } }));
  const more = await client.send(new PutRecordBatchCommand(
    { DeliveryStreamName, Records: [{ Data: Buffer.from("two\n") }, { Data: EVERY_BYTE }] }));
  const ids = [one, ...more.RequestResponses].map((r) => r.RecordId);
  tell({ ids, failed: more.FailedPutCount });
}

await run({ "round-trip": roundTrip, errors, subscribe, firehose });
