package org.testcontainers.containers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;

/**
 * Plays the class of this name where there is no Docker: its container is $HYDRANT_PROGRAM, started as
 * docker/Dockerfile starts it. Only what the example calls is here.
 */
public class GenericContainer<SELF extends GenericContainer<SELF>> {
  /** What reads a file of the container. */
  public interface Reader<T> {
    T apply(InputStream content) throws Exception;
  }

  private static final int PORT = 4566;
  private static final String DATA = "/data/";
  private static final String CONFIGURATION = "/etc/hydrant/hydrant.json";

  private final Map<String, String> variables = new HashMap<>();
  private Path data;
  private Process process;
  private int mappedPort;

  public GenericContainer(String image) {
    expect(!image.isEmpty(), "an image is named");
  }

  public GenericContainer<SELF> withExposedPorts(Integer... ports) {
    expect(ports.length == 1 && ports[0] == PORT, "the image's port is exposed");
    return this;
  }

  public GenericContainer<SELF> withCopyFileToContainer(MountableFile file, String path) {
    expect(path.equals(CONFIGURATION), "a file of the image is replaced");
    variables.put("HYDRANT_CONFIG", file.path());
    return this;
  }

  public GenericContainer<SELF> withEnv(String name, String value) {
    variables.put(name, value);
    return this;
  }

  public GenericContainer<SELF> waitingFor(Wait strategy) {
    return this;
  }

  public void start() throws IOException {
    data = Files.createTempDirectory(Path.of("").toAbsolutePath(), "data-");
    var builder = new ProcessBuilder(System.getenv("HYDRANT_PROGRAM"));
    builder.environment().keySet().removeIf(name -> name.startsWith("HYDRANT"));
    builder.environment().putAll(variables);
    builder.environment().put("HYDRANT_PORT", "0");
    builder.environment().put("HYDRANT_DATA_DIR", data.toString());
    process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var stdout = new BufferedReader(new InputStreamReader(process.getInputStream()));
    String line = stdout.readLine();
    expect(line != null, "the program listens");
    mappedPort = Integer.parseInt(line.replaceFirst(".*:", ""));
  }

  public void stop() throws InterruptedException {
    process.destroy();
    expect(process.waitFor() == 0, "the program ends well");
  }

  public String getHost() {
    return "127.0.0.1";
  }

  public Integer getMappedPort(int port) {
    expect(port == PORT, "the port is exposed");
    return mappedPort;
  }

  public <T> T copyFileFromContainer(String path, Reader<T> reader) {
    expect(path.startsWith(DATA), "the file is in the image's volume");
    try (InputStream content = Files.newInputStream(data.resolve(path.substring(DATA.length())))) {
      return reader.apply(content);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void expect(boolean fact, String what) {
    if (!fact) {
      throw new AssertionError("not so: " + what);
    }
  }
}
