package clients;

import com.google.common.util.concurrent.ListenableFuture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;

/**
 * An application of the Kinesis Producer Library, which packs many small records into one. It talks
 * TLS only, and asks STS and CloudWatch besides Kinesis: all three are one server here.
 */
public final class Producer {
    private static final int KEYS = 10;
    // Only a flush sends: how fast the machine adds records decides nothing.
    private static final long BUFFERED_MILLIS = 20_000;

    private final KinesisProducer producer;
    private final String stream;
    private int added = 0;

    private Producer(KinesisProducer producer, String stream) {
        this.producer = producer;
        this.stream = stream;
    }

    public static void main(String[] arguments) throws Exception {
        Told.alone();
        String stream = arguments[0];
        String host = arguments[1];
        long port = Long.parseLong(arguments[2]);
        int count = Integer.parseInt(arguments[3]);
        KinesisProducer producer = new KinesisProducer(new KinesisProducerConfiguration()
                .setRegion(System.getenv("AWS_REGION"))
                .setKinesisEndpoint(host).setKinesisPort(port)
                .setStsEndpoint(host).setStsPort(port)
                .setCloudwatchEndpoint(host).setCloudwatchPort(port)
                .setVerifyCertificate(false)
                .setRecordMaxBufferedTime(BUFFERED_MILLIS));
        Producer application = new Producer(producer, stream);
        // It packs nothing until it has heard which shards there are.
        int records;
        do {
            records = application.put(KEYS);
        } while (records == KEYS);
        Told.tell(Map.of("packed", application.put(count)));
        producer.destroy();
        System.exit(0);
    }

    /** Puts that many user records, tells of each, and returns how many records they became. */
    private int put(int count) throws Exception {
        List<ListenableFuture<UserRecordResult>> puts = new ArrayList<>();
        for (int i = 0; i < count; i++, added++) {
            byte[] data = ("record " + added).getBytes(StandardCharsets.UTF_8);
            puts.add(producer.addUserRecord(stream, "key " + added % KEYS, ByteBuffer.wrap(data)));
        }
        producer.flushSync();
        Set<String> records = new HashSet<>();
        for (ListenableFuture<UserRecordResult> put : puts) {
            UserRecordResult result = put.get();
            Told.tell(Map.of("put", result.isSuccessful(), "shard", result.getShardId(),
                    "sequence", result.getSequenceNumber()));
            records.add(result.getShardId() + " " + result.getSequenceNumber());
        }
        return records.size();
    }
}
