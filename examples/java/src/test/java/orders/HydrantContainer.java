package orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;

/** hydrant in a container, with a clock that the test moves. */
public class HydrantContainer extends GenericContainer<HydrantContainer> {
  private static final int PORT = 4566;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();

  public HydrantContainer(String image, String configuration) {
    super(image);
    withExposedPorts(PORT);
    withCopyFileToContainer(
        MountableFile.forClasspathResource(configuration), "/etc/hydrant/hydrant.json");
    withEnv("HYDRANT_CLOCK", "virtual@2026-01-31T12:00:00Z");
    withEnv("HYDRANT_STRICT", "true");
    // Not the default: it looks for open ports by a shell, and the image has none.
    waitingFor(Wait.forHttp("/_hydrant/health").forPort(PORT));
  }

  public URI endpoint() {
    return URI.create("http://" + getHost() + ":" + getMappedPort(PORT));
  }

  /** Gives a client all that it needs. Without retries a test sees a refusal. */
  public <C, B extends AwsClientBuilder<B, C>> C client(B builder) {
    return builder
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** Moves the clock. All that is due by then is delivered when this returns. */
  public void advance(int seconds) {
    admin("POST", "clock/advance", "{\"seconds\": " + seconds + "}");
  }

  /** Delivers all that is buffered, now: the names of the objects, bucket/key. */
  public List<String> flush() {
    return stream(admin("POST", "flush", "").get("objects")).map(JsonNode::asText).toList();
  }

  /** Forgets all records and objects. The clock keeps its time. */
  public void reset() {
    admin("POST", "reset", "");
  }

  /** The names of all objects, bucket/key. */
  public List<String> objects() {
    return stream(admin("GET", "state", "").get("objects"))
        .map(object -> object.get("bucket").asText() + "/" + object.get("key").asText()).toList();
  }

  /** What stands in an object; it is a file of the container. */
  public String object(String name) {
    return copyFileFromContainer("/data/s3/" + name,
        content -> new String(content.readAllBytes(), StandardCharsets.UTF_8));
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private JsonNode admin(String method, String call, String body) {
    HttpRequest request = HttpRequest.newBuilder(endpoint().resolve("/_hydrant/" + call))
        .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(call + ": " + answer.body());
      }
      return json.readTree(answer.body());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
