package clients;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * An application of the Kinesis Client Library: tells every record and the end of every shard, and
 * stops in good order when its standard input ends.
 */
public final class Consumer {
    // Of a stream with one worker. The library's own defaults let a test wait for a minute.
    private static final long FAILOVER_MILLIS = 2000;
    private static final long POLL_MILLIS = 200;

    private Consumer() {}

    public static void main(String[] arguments) throws Exception {
        String stream = arguments[0];
        String application = arguments[1];
        boolean fanOut = arguments[2].equals("fan-out");
        KinesisAsyncClient kinesis =
                KinesisClientUtil.createKinesisAsyncClient(KinesisAsyncClient.builder());
        ConfigsBuilder configs = new ConfigsBuilder(
                new SingleStreamTracker(stream, InitialPositionInStreamExtended.newInitialPosition(
                        InitialPositionInStream.TRIM_HORIZON)),
                application, kinesis, DynamoDbAsyncClient.create(), CloudWatchAsyncClient.create(),
                UUID.randomUUID().toString(), Processor::new);
        Scheduler scheduler = new Scheduler(
                configs.checkpointConfig(),
                configs.coordinatorConfig()
                        .parentShardPollIntervalMillis(POLL_MILLIS)
                        .shardConsumerDispatchPollIntervalMillis(POLL_MILLIS),
                configs.leaseManagementConfig().failoverTimeMillis(FAILOVER_MILLIS),
                configs.lifecycleConfig(),
                configs.metricsConfig().metricsLevel(MetricsLevel.NONE),
                configs.processorConfig(),
                configs.retrievalConfig().retrievalSpecificConfig(fanOut
                        ? new FanOutConfig(kinesis).streamName(stream).applicationName(application)
                        : new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(250)));
        Thread thread = new Thread(scheduler);
        thread.start();
        while (System.in.read() >= 0) {
            // What is written is of no interest.
        }
        boolean inOrder = scheduler.startGracefulShutdown().get();
        thread.join();
        Told.tell(Map.of("stopped", inOrder));
        System.exit(0);
    }

    /** Of one shard. Tells before it checkpoints, so that nothing told can come again. */
    private static final class Processor implements ShardRecordProcessor {
        private String shard;

        @Override
        public void initialize(InitializationInput input) {
            shard = input.shardId();
            Told.tell(Map.of("begun", shard));
        }

        @Override
        public void processRecords(ProcessRecordsInput input) {
            for (KinesisClientRecord record : input.records()) {
                byte[] data = new byte[record.data().remaining()];
                record.data().get(data);
                Map<String, Object> seen = new HashMap<>();
                seen.put("shard", shard);
                seen.put("key", record.partitionKey());
                seen.put("sequence", record.sequenceNumber());
                seen.put("sub", record.subSequenceNumber());
                seen.put("data", data);
                Told.tell(seen);
            }
            checkpoint(input.checkpointer());
        }

        @Override
        public void leaseLost(LeaseLostInput input) {
            Told.tell(Map.of("lost", shard));
        }

        @Override
        public void shardEnded(ShardEndedInput input) {
            checkpoint(input.checkpointer());
            Told.tell(Map.of("ended", shard));
        }

        @Override
        public void shutdownRequested(ShutdownRequestedInput input) {
            checkpoint(input.checkpointer());
        }

        private static void checkpoint(RecordProcessorCheckpointer checkpointer) {
            try {
                checkpointer.checkpoint();
            } catch (InvalidStateException | ShutdownException error) {
                throw new IllegalStateException(error);
            }
        }
    }
}
