package clients;

import static software.amazon.awssdk.services.kinesis.model.ShardIteratorType.TRIM_HORIZON;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * The asynchronous client with nothing configured: Netty, HTTP/2 with prior knowledge on http://,
 * CBOR for everything but event streams.
 */
public final class AsyncClient {
    private static final KinesisAsyncClient KINESIS = KinesisAsyncClient.create();

    private AsyncClient() {}

    public static void main(String[] arguments) {
        String name = arguments[1];
        switch (arguments[0]) {
            case "round-trip" -> roundTrip(name);
            case "errors" -> errors(name);
            case "subscribe" -> subscribe(name);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        KINESIS.close();
    }

    private static void roundTrip(String stream) {
        KINESIS.createStream(r -> r.streamName(stream).shardCount(2)).join();
        StreamDescription described = KINESIS.waiter()
                .waitUntilStreamExists(r -> r.streamName(stream), RoundTrip::often).join()
                .matched().response().orElseThrow().streamDescription();
        RoundTrip trip = new RoundTrip();
        PutRecordResponse one = KINESIS.putRecord(r -> r.streamName(stream)
                .partitionKey("every byte").data(RoundTrip.EVERY_BYTE)).join();
        trip.put(one, KINESIS.putRecords(
                r -> r.streamName(stream).records(RoundTrip.entries())).join());
        for (Shard shard : described.shards()) {
            String iterator = KINESIS.getShardIterator(r -> r.streamName(stream)
                    .shardId(shard.shardId()).shardIteratorType(TRIM_HORIZON)).join()
                    .shardIterator();
            long behind = 1;
            while (behind > 0) {
                String next = iterator;
                GetRecordsResponse page = KINESIS.getRecords(r -> r.shardIterator(next)).join();
                trip.read(shard.shardId(), page.records());
                iterator = page.nextShardIterator();
                behind = page.millisBehindLatest();
            }
        }
        trip.tell(described);
    }

    private static void errors(String stream) {
        tellRefusal(KINESIS.describeStreamSummary(r -> r.streamName(stream + "-missing"))
                .whenComplete((reply, error) -> {
                    if (!(error.getCause() instanceof ResourceNotFoundException)) {
                        throw new IllegalStateException("not the class of its error", error);
                    }
                }));
        tellRefusal(KINESIS.createStream(r -> r.streamName(stream).shardCount(1)));
        tellRefusal(KINESIS.getRecords(r -> r.shardIterator("x")));
        tellRefusal(KINESIS.putRecord(r -> r.streamName(stream).partitionKey("k".repeat(257))
                .data(RoundTrip.EVERY_BYTE)));
    }

    private static void tellRefusal(CompletableFuture<?> call) {
        try {
            call.join();
            Told.tell(Map.of("type", "none"));
        } catch (CompletionException completion) {
            SyncClient.tellRefusal((AwsServiceException) completion.getCause());
        }
    }

    private static String activeConsumer(String stream) {
        String streamArn = KINESIS.describeStreamSummary(r -> r.streamName(stream)).join()
                .streamDescriptionSummary().streamARN();
        String arn = KINESIS.registerStreamConsumer(
                r -> r.streamARN(streamArn).consumerName("java")).join().consumer().consumerARN();
        ConsumerStatus status = ConsumerStatus.CREATING;
        while (status != ConsumerStatus.ACTIVE) {
            status = KINESIS.describeStreamConsumer(r -> r.consumerARN(arn)).join()
                    .consumerDescription().consumerStatus();
        }
        return arn;
    }

    private static void subscribe(String stream) {
        String consumer = activeConsumer(stream);
        SubscribeToShardResponseHandler handler = SubscribeToShardResponseHandler.builder()
                .onEventStream(events -> {
                    Told.tell(Map.of("subscribed", true));
                    events.subscribe(new OneByOne());
                })
                .build();
        KINESIS.subscribeToShard(r -> r.consumerARN(consumer).shardId("shardId-000000000000")
                .startingPosition(p -> p.type(TRIM_HORIZON)), handler).join();
        Told.tell(Map.of("ended", true));
    }

    /** Asks for the next event when it is done with one. */
    private static final class OneByOne implements Subscriber<SubscribeToShardEventStream> {
        private Subscription subscription;

        @Override
        public void onSubscribe(Subscription begun) {
            subscription = begun;
            subscription.request(1);
        }

        @Override
        public void onNext(SubscribeToShardEventStream member) {
            if (member instanceof SubscribeToShardEvent event) {
                tellEvent(event);
            }
            subscription.request(1);
        }

        @Override
        public void onError(Throwable error) {
            Told.tell(Map.of("error", error.toString()));
        }

        @Override
        public void onComplete() {}
    }

    private static void tellEvent(SubscribeToShardEvent event) {
        for (Record record : event.records()) {
            Told.tell(Map.of("key", record.partitionKey(), "data", record.data().asByteArray()));
        }
        if (event.hasChildShards()) {
            List<String> children = event.childShards().stream().map(ChildShard::shardId).toList();
            Map<String, Object> seen = new HashMap<>();
            seen.put("children", children);
            seen.put("continuation", event.continuationSequenceNumber());
            Told.tell(seen);
        }
    }
}
