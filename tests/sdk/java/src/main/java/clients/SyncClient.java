package clients;

import static software.amazon.awssdk.services.kinesis.model.ShardIteratorType.TRIM_HORIZON;

import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;

/** The synchronous client with nothing configured: Apache's HTTP/1.1 client, CBOR. */
public final class SyncClient {
    private static final KinesisClient KINESIS = KinesisClient.create();

    private SyncClient() {}

    public static void main(String[] arguments) {
        String name = arguments[1];
        switch (arguments[0]) {
            case "round-trip" -> roundTrip(name);
            case "errors" -> errors(name);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        KINESIS.close();
    }

    private static void roundTrip(String stream) {
        KINESIS.createStream(r -> r.streamName(stream).shardCount(2));
        StreamDescription described = KINESIS.waiter()
                .waitUntilStreamExists(r -> r.streamName(stream), RoundTrip::often)
                .matched().response().orElseThrow().streamDescription();
        RoundTrip trip = new RoundTrip();
        PutRecordResponse one = KINESIS.putRecord(r -> r.streamName(stream)
                .partitionKey("every byte").data(RoundTrip.EVERY_BYTE));
        trip.put(one, KINESIS.putRecords(
                r -> r.streamName(stream).records(RoundTrip.entries())));
        for (Shard shard : described.shards()) {
            String iterator = KINESIS.getShardIterator(r -> r.streamName(stream)
                    .shardId(shard.shardId()).shardIteratorType(TRIM_HORIZON)).shardIterator();
            long behind = 1;
            while (behind > 0) {
                String next = iterator;
                GetRecordsResponse page = KINESIS.getRecords(r -> r.shardIterator(next));
                trip.read(shard.shardId(), page.records());
                iterator = page.nextShardIterator();
                behind = page.millisBehindLatest();
            }
        }
        trip.tell(described);
    }

    private static void errors(String stream) {
        refused(() -> KINESIS.describeStreamSummary(r -> r.streamName(stream + "-missing")));
        refused(() -> KINESIS.createStream(r -> r.streamName(stream).shardCount(1)));
        refused(() -> KINESIS.getRecords(r -> r.shardIterator("x")));
        refused(() -> KINESIS.putRecord(r -> r.streamName(stream).partitionKey("k".repeat(257))
                .data(RoundTrip.EVERY_BYTE)));
    }

    private static void refused(Supplier<?> call) {
        try {
            call.get();
            Told.tell(Map.of("type", "none"));
        } catch (AwsServiceException error) {
            tellRefusal(error);
        }
    }

    /** Tells the class of the error, which the SDK has for every error of its model. */
    static void tellRefusal(AwsServiceException error) {
        String type = error.getClass().getSimpleName();
        boolean modelled = !type.equals("KinesisException");
        Told.tell(Map.of(
                "type", modelled ? type : error.awsErrorDetails().errorCode(),
                "message", error.awsErrorDetails().errorMessage(),
                "status", error.statusCode(),
                "requestId", error.requestId()));
    }
}
