// What a project can assert about its streams: what was delivered, what failed and why, and when.
const { FirehoseClient, PutRecordBatchCommand } = require("@aws-sdk/client-firehose");
const { KinesisClient, PutRecordCommand, PutRecordsCommand } = require("@aws-sdk/client-kinesis");
const { Hydrant } = require("./hydrant.js");

const LAMP = { item: "lamp", price: 20, quantity: 2 };
const NOTHING = { item: "vase", price: 9, quantity: 0 };

let hydrant;
let firehose;
let kinesis;

beforeAll(async () => {
  hydrant = await Hydrant.start();
  firehose = new FirehoseClient(hydrant.clientConfig);
  kinesis = new KinesisClient(hydrant.clientConfig);
});

beforeEach(() => hydrant.reset());

afterAll(async () => {
  firehose.destroy();
  kinesis.destroy();
  await hydrant.stop();
});

async function put(DeliveryStreamName, ...orders) {
  const answer = await firehose.send(new PutRecordBatchCommand({
    DeliveryStreamName,
    Records: orders.map((order) => ({ Data: Buffer.from(JSON.stringify(order)) })),
  }));
  expect(answer.FailedPutCount).toBe(0);
}

test("a buffer of five minutes is written after five minutes", async () => {
  await put("orders", LAMP, NOTHING);
  // The function has a buffer of its own before that of the destination: of 60 seconds.
  await hydrant.advance(60 + 299);
  expect(hydrant.lines("lake")).toEqual([]);
  await hydrant.advance(1);
  expect(hydrant.lines("lake/orders")).toEqual([{ ...LAMP, total: 40 }]);
});

test("a record that the function leaves out is missing", async () => {
  await put("forgotten-orders", LAMP, NOTHING);
  await hydrant.flush();
  expect(hydrant.lines("lake/orders")).toEqual([LAMP]);
  const [failure, ...others] = hydrant.lines("lake/errors/processing-failed");
  expect(others).toEqual([]);
  expect(failure.errorCode).toBe("Lambda.MissingRecordId");
  expect(JSON.parse(Buffer.from(failure.rawData, "base64").toString())).toEqual(NOTHING);
});

test("the 1001st record of a second is refused", async () => {
  const record = { PartitionKey: "ann", Data: Buffer.from("/cart\n") };
  for (let call = 0; call < 2; ++call) {
    const answer = await kinesis.send(new PutRecordsCommand({
      StreamName: "clicks", Records: Array(500).fill(record),
    }));
    expect(answer.FailedRecordCount).toBe(0);
  }
  const oneMore = () => kinesis.send(new PutRecordCommand({ StreamName: "clicks", ...record }));
  await expect(oneMore()).rejects.toThrow(
    expect.objectContaining({ name: "ProvisionedThroughputExceededException" }));
  await hydrant.advance(1);
  expect((await oneMore()).ShardId).toBe("shardId-000000000000");
});
