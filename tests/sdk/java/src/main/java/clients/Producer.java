package clients;

import com.google.common.util.concurrent.ListenableFuture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;

/**
 * An application of the Kinesis Producer Library, which packs many small records into one. It talks
 * TLS only, and asks STS and CloudWatch besides Kinesis: all three are one server here.
 */
public final class Producer {
    private static final int KEYS = 10;

    private Producer() {}

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
                .setVerifyCertificate(false));
        List<ListenableFuture<UserRecordResult>> puts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] data = ("record " + i).getBytes(StandardCharsets.UTF_8);
            puts.add(producer.addUserRecord(stream, "key " + i % KEYS, ByteBuffer.wrap(data)));
        }
        producer.flushSync();
        for (ListenableFuture<UserRecordResult> put : puts) {
            UserRecordResult result = put.get();
            Told.tell(Map.of("put", result.isSuccessful(), "shard", result.getShardId(),
                    "sequence", result.getSequenceNumber()));
        }
        producer.destroy();
        System.exit(0);
    }
}
