package clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;

/** What the two clients of the SDK put, and how they tell what came back. */
final class RoundTrip {
    static final SdkBytes EVERY_BYTE = SdkBytes.fromByteArray(Told.EVERY_BYTE);

    private final List<Map<String, ?>> put = new ArrayList<>();
    private final List<Map<String, ?>> read = new ArrayList<>();

    /** Lets a waiter ask ten times a second. Its own ten seconds are for streams of AWS. */
    static void often(WaiterOverrideConfiguration.Builder waiter) {
        waiter.backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(100)));
    }

    static List<PutRecordsRequestEntry> entries() {
        return List.of("a", "b", "c").stream()
                .map(key -> PutRecordsRequestEntry.builder()
                        .partitionKey(key)
                        .data(SdkBytes.fromUtf8String("data of " + key))
                        .build())
                .toList();
    }

    void put(PutRecordResponse one, PutRecordsResponse more) {
        put.add(Map.of("shard", one.shardId(), "sequence", one.sequenceNumber()));
        more.records().forEach(
                r -> put.add(Map.of("shard", r.shardId(), "sequence", r.sequenceNumber())));
    }

    void read(String shard, List<Record> records) {
        for (Record record : records) {
            read.add(Map.of(
                    "shard", shard,
                    "sequence", record.sequenceNumber(),
                    "key", record.partitionKey(),
                    "data", record.data().asByteArray(),
                    "arrival", record.approximateArrivalTimestamp().toEpochMilli() / 1000.0));
        }
    }

    void tell(StreamDescription stream) {
        Told.tell(Map.of("status", stream.streamStatusAsString(), "shards", stream.shards().size(),
                "put", put, "read", read));
    }
}
