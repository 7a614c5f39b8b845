package orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** What a project can assert about its streams: what was delivered, what failed and why, and when. */
@Testcontainers
class DeliveryTest {
  // The one place that names the image.
  private static final String IMAGE = System.getenv().getOrDefault("HYDRANT_IMAGE", "hydrant:0.1.0");

  @Container
  static final HydrantContainer hydrant = new HydrantContainer(IMAGE, "hydrant.json");

  private static FirehoseClient firehose;
  private static KinesisClient kinesis;

  @BeforeAll
  static void connect() {
    firehose = hydrant.client(FirehoseClient.builder());
    kinesis = hydrant.client(KinesisClient.builder());
  }

  @AfterAll
  static void disconnect() {
    firehose.close();
    kinesis.close();
  }

  @BeforeEach
  void startOver() {
    hydrant.reset();
  }

  private static void put(String stream, String... texts) {
    List<Record> records = Stream.of(texts)
        .map(text -> Record.builder().data(SdkBytes.fromUtf8String(text)).build()).toList();
    var answer = firehose.putRecordBatch(r -> r.deliveryStreamName(stream).records(records));
    assertEquals(0, answer.failedPutCount());
  }

  @Test
  void aBufferOfFiveMinutesIsWrittenAfterFiveMinutes() {
    put("events", "one\n", "two\n");
    hydrant.advance(299);
    assertEquals(List.of(), hydrant.objects());
    hydrant.advance(1);
    List<String> names = hydrant.objects();
    assertEquals(1, names.size());
    assertTrue(names.get(0).startsWith("lake/events/2026/01/31/12/"), names.get(0));
    assertEquals("one\ntwo\n", hydrant.object(names.get(0)));
  }

  @Test
  void whatIsNoJsonFailsToBePartitioned() throws Exception {
    put("events-by-country", "{\"country\":\"KR\"}", "oops");
    List<String> names = hydrant.flush();
    assertEquals(2, names.size());
    String failed = names.stream().filter(name -> name.startsWith("lake/errors/")).findAny().get();
    JsonNode failure = new ObjectMapper().readTree(hydrant.object(failed));
    assertEquals("DynamicPartitioning.MetadataExtractionFailed", failure.get("errorCode").asText());
    assertEquals("oops", new String(failure.get("rawData").binaryValue()));
  }

  private static PutRecordResponse putClick() {
    return kinesis.putRecord(
        r -> r.streamName("clicks").partitionKey("ann").data(SdkBytes.fromUtf8String("/cart\n")));
  }

  @Test
  void the1001stRecordOfASecondIsRefused() {
    var click = PutRecordsRequestEntry.builder()
        .partitionKey("ann").data(SdkBytes.fromUtf8String("/cart\n")).build();
    for (int call = 0; call < 2; ++call) {
      var answer = kinesis.putRecords(
          r -> r.streamName("clicks").records(Collections.nCopies(500, click)));
      assertEquals(0, answer.failedRecordCount());
    }
    assertThrows(ProvisionedThroughputExceededException.class, DeliveryTest::putClick);
    hydrant.advance(1);
    assertEquals("shardId-000000000000", putClick().shardId());
  }
}
