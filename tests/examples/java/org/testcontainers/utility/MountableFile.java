package org.testcontainers.utility;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Plays the class of this name. */
public record MountableFile(String path) {
  public static MountableFile forClasspathResource(String name) {
    try {
      var resource = MountableFile.class.getClassLoader().getResource(name);
      return new MountableFile(Path.of(resource.toURI()).toString());
    } catch (URISyntaxException failed) {
      throw new IllegalArgumentException(failed);
    }
  }
}
